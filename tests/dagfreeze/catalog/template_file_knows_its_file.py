"""A template file asks for the DAG's folder."""
# expect: refused: where the DAG's file is

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG("template_file_knows_its_file", schedule=None):
    BashOperator(task_id="show", bash_command="templates/knows_its_file.sh")
