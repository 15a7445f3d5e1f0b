"""A DAG and a builder in an importable module."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

GREETING = "good morning"


def greet(name: str = "nobody") -> str:
    return f"{GREETING}, {name}"


def build(dag_id: str, names: list[str]) -> DAG:
    with DAG(dag_id, schedule=None) as dag:
        for name in names:
            PythonOperator(task_id=name, python_callable=greet, op_args=[name])
    return dag


ready_dag = DAG("dag_imported_from_a_helper", schedule=None)
BashOperator(task_id="only", bash_command="true", dag=ready_dag)
