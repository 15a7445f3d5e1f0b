"""Callbacks: functions, lambdas, partials, builtins, lists, notifiers of a package and of the file."""
# expect: frozen

from functools import partial

from airflow.providers.smtp.notifications.smtp import SmtpNotifier
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, BaseNotifier


class Bell(BaseNotifier):
    template_fields = ("message",)

    def __init__(self, message, *, loud=False):
        super().__init__()
        self.message, self.loud = message, loud

    def notify(self, context):
        print(self.message.upper() if self.loud else self.message)


def tell(channel, context, *, level="info"):
    print(channel, level, context["reason"])


with DAG(
    "callbacks",
    schedule=None,
    on_failure_callback=[
        partial(tell, "#alerts", level="error"),
        Bell("dag {{ dag.dag_id }} failed", loud=True),
    ],
    on_success_callback=lambda context: print("well done"),
    default_args={"on_retry_callback": Bell("again"), "on_failure_callback": partial(tell, "#tasks")},
):
    BashOperator(
        task_id="one", bash_command="true", on_execute_callback=print, on_success_callback=[print, tell]
    )
    BashOperator(
        task_id="two",
        bash_command="true",
        on_failure_callback=SmtpNotifier(
            to=["a@example.com"], from_email="b@example.com", subject="{{ ds }}"
        ),
        on_skipped_callback=lambda context: tell("#skipped", context),
        on_retry_callback=None,
    )
