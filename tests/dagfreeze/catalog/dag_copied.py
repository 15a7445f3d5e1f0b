"""A DAG that is a deep copy of another with another id: its operators were never called."""
# expect: refused: call of DAG

import copy

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG("dag_copied_original", schedule=None) as original:
    BashOperator(task_id="one", bash_command="echo 1") >> BashOperator(task_id="two", bash_command="echo 2")

copied = copy.deepcopy(original)
copied.dag_id = copied.dag_display_name = "dag_copied"
copied.get_task("two").bash_command = "echo 3"
