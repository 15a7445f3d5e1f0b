"""Classes that a call, not a decorator, registers with an abstract base class."""
# expect: refused: registered with it

import abc

from airflow.sdk import DAG, task


class Countable(abc.ABC): ...


Countable.register(int)

with DAG("class_registered_by_a_call", schedule=None):

    @task
    def counts(value=1):
        return isinstance(value, Countable)

    counts()
