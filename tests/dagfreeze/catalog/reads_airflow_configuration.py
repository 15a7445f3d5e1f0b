"""Reads Airflow's own configuration at import."""
# expect: frozen

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, conf

with DAG("reads_airflow_configuration", schedule=None):
    BashOperator(
        task_id="say", bash_command="true", queue=conf.get("operators", "default_queue") + "_of_mine"
    )
