"""A template asks for the DAG's file by the name of the attribute."""
# expect: refused: where the DAG's file is

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG("template_knows_its_file_by_name", schedule=None):
    BashOperator(task_id="show", bash_command="cat {{ dag['fileloc'] }}")
