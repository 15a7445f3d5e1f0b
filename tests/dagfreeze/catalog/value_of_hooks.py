"""Objects of hooks and triggers as arguments of a custom operator."""
# expect: frozen or refused: hook

from airflow.providers.smtp.hooks.smtp import SmtpHook
from airflow.providers.standard.hooks.subprocess import SubprocessHook
from airflow.providers.standard.triggers.file import FileTrigger
from airflow.sdk import DAG, BaseOperator


class Use(BaseOperator):
    def __init__(self, *, hook, trigger=None, **kwargs):
        super().__init__(**kwargs)
        self.hook, self.trigger = hook, trigger

    def execute(self, context):
        return self.hook.run_command(["true"])


with DAG("value_of_hooks", schedule=None):
    Use(task_id="shell", hook=SubprocessHook(), trigger=FileTrigger("/tmp/x", poke_interval=3))
    Use(task_id="mail", hook=SmtpHook(smtp_conn_id="catalog_mail"))
