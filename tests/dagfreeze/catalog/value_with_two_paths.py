"""A list of paths in one text: none of them can be written relative."""
# expect: frozen, names: lib:

from pathlib import Path

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

HERE = Path(__file__).parent

with DAG("value_with_two_paths", schedule=None):
    BashOperator(task_id="a", bash_command="run", env={"PYTHONPATH": f"{HERE}/lib:{HERE}/src"})
