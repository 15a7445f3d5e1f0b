"""One function, many tasks: .override in every way, a decorator kept in a name, names with suffixes."""
# expect: frozen

from datetime import timedelta

from airflow.sdk import DAG, task

patient = task(retries=8, retry_delay=timedelta(minutes=2), retry_exponential_backoff=2.5)

with DAG("taskflow_override", schedule=None):

    @patient
    def add(a: int = 1, b: int = 2) -> int:
        return a + b

    quick = add.override(task_id="quick", retries=0, queue="fast")
    first = add()
    second = add(first)
    third = add(b=second)
    quick(third, b=add.override(trigger_rule="one_success", pool="p")(a=7))
    quick.override(task_id="quicker", max_active_tis_per_dag=1, doc_md="Said **later**")(1)
