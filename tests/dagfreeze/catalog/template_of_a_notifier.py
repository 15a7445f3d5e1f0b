"""A callback has its text from a template file that lies beside the DAG file."""
# expect: frozen

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG
from helpers.notifying import Letter

with DAG("template_of_a_notifier", schedule=None, on_failure_callback=Letter("templates/query.sql")):
    EmptyOperator(task_id="empty")

with DAG("template_of_a_notifier_of_a_task", schedule=None):
    EmptyOperator(task_id="empty", on_success_callback=[Letter("{%+ include 'templates/query.sql' %}")])
