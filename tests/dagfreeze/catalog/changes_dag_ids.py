"""The number of DAGs and one DAG's id come from the time of the import."""
# expect: frozen, names: it is not made at each import

import time

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

for name in ("fixed", f"at_{time.time_ns()}"):
    with DAG(f"changes_dag_ids_{name}", schedule=None):
        EmptyOperator(task_id="nothing")
