"""@dag in three ways: bare, with arguments and a docstring, and called twice with other arguments."""
# expect: frozen

import pendulum
from airflow.sdk import dag, task


@task
def size(of: str) -> int:
    return len(of)


@dag
def dag_by_decorator_bare():
    size("bare")


@dag(
    "dag_by_decorator_named", schedule="@weekly", start_date=pendulum.datetime(2026, 1, 1, tz="Europe/Berlin")
)
def any_name(day: str = "monday", limit: int = 3):
    """Write the *length* of a day's name.

    The arguments become params.
    """
    size(day) >> size.override(task_id="limit")(f"{limit}")


def make(team: str):
    @dag(dag_id=f"dag_by_decorator_{team}", tags=[team], schedule=None)
    def team_dag():
        size(team)

    return team_dag()


dag_by_decorator_bare()
any_name(day="friday")
red, blue = make("red"), make("blue")
