"""Wraps Airflow's own DAG and an operator's constructor, as plug-ins and tests do, before it makes its DAG."""
# expect: frozen or refused: bash_command

import functools

import airflow.sdk
from airflow.providers.standard.operators import bash

original = bash.BashOperator.__init__


@functools.wraps(original)
def with_a_prefix(self, *, bash_command, **kwargs):
    original(self, bash_command=f"set -eu; {bash_command}", **kwargs)


bash.BashOperator.__init__ = with_a_prefix
DAG = functools.partial(airflow.sdk.DAG, schedule=None, tags=["wrapped"])

with DAG("import_changes_airflow"):
    bash.BashOperator(task_id="say", bash_command="true", retries=2)
