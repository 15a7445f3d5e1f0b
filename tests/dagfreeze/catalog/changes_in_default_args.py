"""A pendulum now and a random number in the default arguments of two DAGs; a third DAG has none of it."""
# expect: frozen, names: retry_delay

import random
from datetime import timedelta

import pendulum
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

defaults = {
    "start_date": pendulum.now("UTC").subtract(days=2),
    "retry_delay": timedelta(seconds=random.random()),
}

for name in ("a", "b"):
    with DAG(f"changes_in_default_args_{name}", schedule="@daily", default_args=defaults):
        EmptyOperator(task_id="nothing")

with DAG("changes_in_default_args_not", schedule=None):
    EmptyOperator(task_id="nothing")
