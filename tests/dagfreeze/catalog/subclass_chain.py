"""Three classes deep, each adds an argument and passes the rest on; one drops an argument of its base."""
# expect: frozen

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG


class Script(BashOperator):
    def __init__(self, *, script, shell="bash", **kwargs):
        super().__init__(bash_command=f"{shell} {script}", **kwargs)
        self.script = script


class Nightly(Script):
    def __init__(self, *, script, day="{{ ds }}", **kwargs):
        kwargs.setdefault("retries", 4)
        super().__init__(script=f"{script} --day {day}", shell="sh", **kwargs)


class Load(Nightly):
    template_fields = (*BashOperator.template_fields, "table")
    ui_color = "#aabbcc"

    def __init__(self, *, table: str, **kwargs):
        kwargs.pop("colour", None)
        super().__init__(script="load.sh", **kwargs)
        self.table = table


with DAG("subclass_chain", schedule=None):
    Script(task_id="script", script="one.sh") >> Nightly(task_id="nightly", script="two.sh", retries=1)
    Load(task_id="load", table="t_{{ ds_nodash }}", colour="blue", pool="db", env={"A": "1"})
