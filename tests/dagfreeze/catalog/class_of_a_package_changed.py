"""The file changes a class of Airflow for everybody: the frozen file would have to do it as well."""
# expect: refused: BashOperator

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

BashOperator.ui_color = "#ff00ff"
BashOperator.template_fields = ("bash_command",)

with DAG("class_of_a_package_changed", schedule=None):
    BashOperator(task_id="say", bash_command="true", env={"A": "{{ ds }}"})
