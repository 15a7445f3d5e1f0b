"""Reads an Airflow Variable and a connection while it is imported."""
# expect: frozen, names: catalog_region

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, BaseHook, Variable

region = Variable.get("catalog_region", default="eu")
try:
    host = BaseHook.get_connection("catalog_store").host
except Exception:
    host = "localhost"

with DAG("reads_variable", schedule=None):
    BashOperator(task_id="say", bash_command=f"echo {region} {host}")
