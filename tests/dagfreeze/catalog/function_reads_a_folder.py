"""A constant of the file says where its folder is: the path of the machine that imports it."""
# expect: frozen

from pathlib import Path

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, task

HERE = Path(__file__).resolve().parent
DATA = HERE / "data"

with DAG("function_reads_a_folder", schedule=None, template_searchpath=str(HERE / "sql")):

    @task
    def read():
        return sorted(DATA.iterdir())

    read() >> BashOperator(task_id="list", bash_command=f"ls {HERE}", cwd=str(DATA), env={"DATA": str(DATA)})
