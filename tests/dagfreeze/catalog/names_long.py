"""Ids of 250 characters that differ in the last one, and file-name-like ids that differ in case only."""
# expect: frozen

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, TaskGroup

LONG = "l" + "o" * 247 + "ng"

for dag_id in (LONG[:-1] + "1", LONG[:-1] + "2", "Names_Long", "names_long", "NAMES_LONG", "names.long"):
    with DAG(dag_id, schedule=None):
        EmptyOperator(task_id=LONG[:-1] + "1") >> EmptyOperator(task_id=LONG[:-1] + "2")
        with TaskGroup("g" * 190):
            EmptyOperator(task_id="t" * 50)
