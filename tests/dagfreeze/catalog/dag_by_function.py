"""DAGs that a function returns; one is made and not kept, so Airflow does not see it."""
# expect: frozen

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG


def build(name, *steps, **options):
    dag = DAG(f"dag_by_function_{name}", **{"schedule": None, **options})
    for step in steps:
        BashOperator(task_id=step, bash_command=f"echo {step}", dag=dag)
    return dag


short = build("short", "one")
_hidden = build("private", "one", "two", schedule="@daily", max_active_runs=7)
build("not_kept", "one")
locals()["through_locals"] = build("through_locals", "one")
