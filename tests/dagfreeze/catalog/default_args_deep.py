"""Defaults hold what constructors ignore, callbacks, dicts, and a key that only one class of operator knows."""
# expect: frozen

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, task


def on_failure(context):
    print("failed:", context["task_instance_key_str"])


DEFAULTS = {
    "bash_command": "echo by default",
    "env": {"STAGE": "test"},
    "on_failure_callback": [on_failure, print],
    "params": {"size": 3},
    "executor_config": {"resources": {"cpu": 0.5}},
    "nobody_knows_this": object,
}

with DAG("default_args_deep", schedule=None, default_args=DEFAULTS, params={"colour": "red"}):
    BashOperator(task_id="defaulted")
    BashOperator(task_id="own", env=None, params={"size": 4})

    @task
    def taskflow(params=None):
        return params["size"]

    taskflow() >> EmptyOperator(task_id="end", on_failure_callback=None)
