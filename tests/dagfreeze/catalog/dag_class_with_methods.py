"""A DAG class with a constructor and more: a plain DAG would lose the more."""
# expect: refused: which has no get_template_env

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG


class Shouting(DAG):
    def __init__(self, name, **kwargs):
        super().__init__(f"dag_{name}", **kwargs)

    def get_template_env(self, *, force_sandboxed=False):
        env = super().get_template_env(force_sandboxed=force_sandboxed)
        env.filters["shout"] = str.upper
        return env


with Shouting("class_with_methods", schedule=None):
    BashOperator(task_id="say", bash_command="echo {{ 'a' | shout }}")
