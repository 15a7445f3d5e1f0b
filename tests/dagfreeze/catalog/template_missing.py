"""A template file that is not there: Airflow logs an error at import, and the task fails when it runs."""
# expect: frozen

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG("template_missing", schedule=None):
    BashOperator(task_id="script", bash_command="templates/nowhere.sh")
