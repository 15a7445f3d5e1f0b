"""Templates ask for the DAG's folder by a filter, and by a name that is short for the DAG."""
# expect: refused: where the DAG's file is

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG("template_knows_its_file_by_a_filter", schedule=None):
    BashOperator(task_id="show", bash_command="ls {{ dag | attr('folder') }}")

with DAG("template_knows_its_file_by_another_name", schedule=None):
    BashOperator(task_id="show", bash_command="{% with d = dag %}ls {{ d.folder }}{% endwith %}")
