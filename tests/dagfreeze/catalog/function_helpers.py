"""Functions that call functions of the file: recursion in a pair, a generator, a cache, a logger, a decorator."""
# expect: frozen

import functools
import logging
from collections.abc import Iterator

from airflow.sdk import DAG, task

log = logging.getLogger(__name__)
named_log = logging.getLogger("the.reader's own")


def is_even(n: int) -> bool:
    return n == 0 or is_odd(n - 1)


def is_odd(n: int) -> bool:
    return n != 0 and is_even(n - 1)


def count(upto: int) -> Iterator[int]:
    yield from range(upto)


@functools.lru_cache(maxsize=16)
def fib(n: int) -> int:
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def logged(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        log.info("calling %s", function.__name__)
        return function(*args, **kwargs)

    return wrapper


with DAG("function_helpers", schedule=None):

    @task(retries=1)
    @logged
    def work(n: int = 7) -> list[int]:
        named_log.info("even" if is_even(n) else "odd")
        return [fib(m) for m in count(n)]

    work()
