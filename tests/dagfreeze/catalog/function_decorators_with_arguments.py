"""Decorators of the file: with arguments, stacked, one that is a class, one that only marks, partialmethod."""
# expect: frozen or refused: Timed

import functools
import time

from airflow.sdk import DAG, task


def repeat(times, *, pause=0.0):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            for _ in range(times):
                time.sleep(pause)
                result = function(*args, **kwargs)
            return result

        return wrapper

    return decorate


def mark(function):
    function.marked = True
    return function


class Timed:
    def __init__(self, function):
        functools.update_wrapper(self, function)
        self.function = function

    def __call__(self, *args, **kwargs):
        started = time.monotonic()
        return self.function(*args, **kwargs), time.monotonic() - started


with DAG("function_decorators_with_arguments", schedule=None):

    @task
    @repeat(2)
    @repeat(times=3, pause=0.5)
    @mark
    def work():
        return work.__name__

    @task
    @Timed
    def timed():
        return 1

    work() >> timed()
