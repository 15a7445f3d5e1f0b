"""An operator's cached property that the factory changes: the frozen file's operator would make another one."""
# expect: refused: in its cached property hook

from functools import cached_property

from airflow.sdk import DAG, BaseOperator


class Hook:
    def __init__(self):
        self.headers = {}


class Ask(BaseOperator):
    @cached_property
    def hook(self):
        return Hook()

    def execute(self, context):
        return self.hook.headers


with DAG("operator_hook_filled_at_import", schedule=None):
    ask = Ask(task_id="ask")
    ask.hook.headers["team"] = "blue"
