"""Templates that print where the DAG's file is: in a frozen file they would print something else."""
# expect: refused: a template asks where

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG("template_knows_its_file", schedule=None):
    BashOperator(task_id="folder", bash_command="ls {{ dag.folder }}")
    BashOperator(task_id="file", bash_command="cat {{ dag.fileloc }} {{ dag.filepath }}")
