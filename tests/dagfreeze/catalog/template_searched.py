"""Templates below a template_searchpath, given by the file's own place, with macros imported between them."""
# expect: frozen, names: templates

from pathlib import Path

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG(
    "template_searched",
    schedule=None,
    template_searchpath=[str(Path(__file__).parent / "templates"), "/srv/not_here"],
    user_defined_macros={"table": "orders"},
):
    BashOperator(task_id="script", bash_command="say.sh")
    BashOperator(task_id="inline", bash_command="{% include 'part.sql' %}")
