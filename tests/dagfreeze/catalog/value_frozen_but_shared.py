"""Frozen dataclasses that hold something that changes: two names of one are not two."""
# expect: frozen

from dataclasses import dataclass, field

from airflow.sdk import DAG, task


@dataclass(frozen=True)
class State:
    rows: dict = field(default_factory=dict)


STATE = State()
BY_NAME = {"s": STATE}

with DAG("value_frozen_but_shared", schedule=None):

    @task
    def both():
        STATE.rows["a"] = 1
        return BY_NAME["s"].rows

    both()
