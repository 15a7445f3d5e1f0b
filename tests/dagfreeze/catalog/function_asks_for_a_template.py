"""A function asks Airflow for a template that lies beside the DAG file."""
# expect: frozen

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG


def ask(task=None, **context):
    return task.get_template_env().get_template("templates/query.sql").render()


with DAG("function_asks_for_a_template", schedule=None):
    PythonOperator(task_id="ask", python_callable=ask)
