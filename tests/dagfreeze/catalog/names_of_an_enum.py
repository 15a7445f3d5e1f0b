"""Ids that are members of an enum of the file."""
# expect: frozen

import enum
from airflow.sdk import DAG, task
from airflow.providers.standard.operators.bash import BashOperator
class SE(enum.StrEnum):
    D = "names_of_an_enum"
    T = "task_se"
with DAG(SE.D, schedule=None):
    BashOperator(task_id=SE.T, bash_command="x")
