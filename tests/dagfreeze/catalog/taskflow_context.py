"""Task functions that ask for the context: by name, by get_current_context, through typed arguments."""
# expect: frozen

from airflow.sdk import DAG, Context, get_current_context, task
from airflow.sdk.types import RuntimeTaskInstanceProtocol as TaskInstance

with DAG("taskflow_context", schedule=None):

    @task
    def by_name(ds, ti: TaskInstance | None = None, dag_run=None, *, logical_date=None, **rest: object):
        ti.xcom_push(key="day", value=ds)

    @task
    def by_call() -> str:
        context: Context = get_current_context()
        return context["ti"].task_id

    by_name(ds="{{ ds }}") >> by_call()
