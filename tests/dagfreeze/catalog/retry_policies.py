"""Retry policies: by exceptions and by their names, one shared by two tasks, one in default_args."""
# expect: frozen

from datetime import timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, ExceptionRetryPolicy, RetryAction, RetryRule, task

patient = ExceptionRetryPolicy(
    rules=[
        RetryRule(exception=[ConnectionError, "json.JSONDecodeError"], retry_delay=timedelta(seconds=30)),
        RetryRule(exception=PermissionError, action=RetryAction.FAIL, reason="no use"),
    ]
)

with DAG("retry_policies", schedule=None, default_args={"retry_policy": patient, "retries": 3}):

    @task(
        retry_policy=ExceptionRetryPolicy(
            rules=[RetryRule(exception="builtins.OSError")], default=RetryAction.FAIL
        )
    )
    def own():
        raise OSError

    own() >> BashOperator(task_id="by_default", bash_command="exit 1", max_retry_delay=timedelta(hours=1))
    BashOperator(
        task_id="exponential", bash_command="exit 1", retry_exponential_backoff=True, retry_delay=7.5
    )
