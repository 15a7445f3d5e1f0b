"""Objects that come from a helper whose functions have them, too; the frozen file imports them as well."""
# expect: frozen

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG
from helpers.registry import CARGO, CONF, STATE, remember


def load(**context):
    remember("cargo")
    return STATE, CONF, CARGO.uri


with DAG("identity_with_a_helper", schedule=None):
    PythonOperator(task_id="load", python_callable=load, op_kwargs=CONF, outlets=[CARGO])
