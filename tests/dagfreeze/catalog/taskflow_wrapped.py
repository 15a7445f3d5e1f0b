"""`@task` over a decorator that wraps, and inside of one of a company's own, at the top and inside of functions."""
# expect: frozen

import functools
from contextlib import contextmanager

from airflow.sdk import DAG, dag, setup, task


@contextmanager
def span(name):
    yield name


def timed(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        return function(*args, **kwargs)

    return inner


def company_task(team, **settings):
    def decorate(function):
        @functools.wraps(function)
        def inner(*args, **kwargs):
            with span(team):
                return function(*args, **kwargs)

        return task(retries=3, owner=team, **settings)(inner)

    return decorate


def company_step(function):
    @task(retries=4)
    @functools.wraps(function)
    def inner(*args, **kwargs):
        return function(*args, **kwargs)

    return inner


def company_dag(**settings):
    def decorate(function):
        return dag(schedule=None, **settings)(function)

    return decorate


class Tasks:
    @staticmethod
    @task
    def count(rows):
        return len(rows)

    @company_task("counts")
    def double(number):
        return number * 2


@company_task("crm", pool="p")
def pull(region: str) -> dict:
    return {"region": region}


@setup
@company_task("ops", task_id="open")
def begin():
    return 1


@company_step
def end(rows):
    return rows


def make(region):
    with DAG(f"taskflow_wrapped_{region}", schedule=None):

        @task
        @timed
        def read(table):
            return region, table

        @task.branch(retries=2)
        @timed
        @timed
        def choose(rows: list) -> str:
            return "read"

        @company_step
        def write(rows):
            return region

        begin() >> choose(read("orders")) >> write([1])

    @company_dag(dag_id=f"taskflow_wrapped_by_company_{region}", tags=[region])
    def flow():
        @company_task("finance")
        def push(rows):
            print(region, rows)

        push(Tasks.count(Tasks.double(pull(region)["region"]))) >> end([1])

    flow()


for name in ("eu", "us"):
    make(name)
