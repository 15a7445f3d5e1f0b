"""Template files of mapped tasks, and of a function that names its file when it runs."""
# expect: frozen

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, task

with DAG("template_mapped", schedule=None):
    BashOperator.partial(task_id="each").expand(bash_command=["templates/a.sh", "templates/b.sh"])

with DAG("template_mapped_kwargs", schedule=None):
    BashOperator.partial(task_id="each").expand_kwargs([{"bash_command": "templates/a.sh"}])

with DAG("template_named_by_a_task", schedule=None):

    @task.bash
    def say():
        return "templates/a.sh"

    say()

with DAG("template_named_by_another_task", schedule=None):

    @task
    def which():
        return ["templates/a.sh"]

    BashOperator.partial(task_id="each").expand(bash_command=which())
