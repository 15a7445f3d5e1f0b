"""A task takes an XCom of a task of another DAG of the file."""
# expect: import error

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

with DAG("xcom_of_another_dag_source", schedule=None):
    made = BashOperator(task_id="made", bash_command="echo 1")

with DAG("xcom_of_another_dag", schedule=None):
    PythonOperator(task_id="take", python_callable=print, op_args=[made.output])
