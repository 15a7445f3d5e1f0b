"""A view of a dictionary that a task changes."""
# expect: refused: are one object, written as several

import types

from airflow.sdk import DAG, task

SETTINGS = {"a": 1}
SEEN = types.MappingProxyType(SETTINGS)

with DAG("value_seen_through_a_view", schedule=None):

    @task
    def both():
        SETTINGS["b"] = 2
        return dict(SEEN)

    both()
