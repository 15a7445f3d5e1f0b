"""The file gives names of its own to what functions of a module change."""
# expect: frozen

from airflow.sdk import dag, task
from helpers import limits

state = limits.STATE
seen = limits.STATE["seen"]


@dag(schedule=None)
def identity_of_what_a_module_has():
    @task
    def raise_limit():
        limits.raise_limit()
        return state["limit"], seen

    raise_limit()


identity_of_what_a_module_has()
