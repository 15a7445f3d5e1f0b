"""Functions of helpers as tasks, of the standard library, as tasks of other names."""
# expect: frozen

from getpass import getpass

from airflow.sdk import DAG, task
from airflow.sdk.definitions.decorators import task as by_another_name
from helpers.ready_made import greet

with DAG("taskflow_other_places", schedule=None):
    said = task(greet)("Ada")
    said_again = by_another_name(task_id="again")(greet)(said)
    task(retries=2)(getpass).override(task_id="secret")(said_again)
    task.bash(task_id="shell")(greet)(name="Grace")
