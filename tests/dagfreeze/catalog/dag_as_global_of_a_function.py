"""A function that reads the DAG as a global of the file, where the DAG is made without `with`."""
# expect: refused: a function refers to a task, a group or a DAG as a global

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

dag = DAG("dag_as_global", schedule=None)


def report():
    return dag.dag_id


PythonOperator(task_id="report", python_callable=report, dag=dag)
