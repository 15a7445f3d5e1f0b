"""Dependencies are shuffled at each import."""
# expect: frozen, names: upstream_task_ids

import random

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, chain

with DAG("changes_dependencies", schedule=None):
    tasks = [EmptyOperator(task_id=f"t{number}") for number in range(30)]
    random.shuffle(tasks)
    chain(*tasks)
