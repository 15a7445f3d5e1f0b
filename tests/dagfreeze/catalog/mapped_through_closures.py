"""Functions given to map() that use a global, a default and a closure; Airflow stores their source only."""
# expect: frozen

from airflow.sdk import DAG, task

OFFSET = 5


def plus(amount):
    def add(value, times=2):
        return value * times + amount

    return add


with DAG("mapped_through_closures", schedule=None):

    @task
    def numbers():
        return [1, 2]

    @task
    def show(x):
        return x

    show.expand(x=numbers().map(lambda v: v + OFFSET).map(plus(3)).map(plus(4)))
