"""One dict of defaults for three DAGs, changed between them: each DAG has the values of its moment."""
# expect: frozen

from datetime import datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

defaults = {
    "owner": "night",
    "retries": 3,
    "retry_delay": timedelta(seconds=20),
    "start_date": datetime(2026, 1, 1),
}

for team in ("red", "green", "blue"):
    with DAG(f"default_args_{team}", schedule="@daily", default_args=defaults) as dag:
        BashOperator(task_id="say", bash_command=f"echo {team}")
        BashOperator(task_id="never_again", bash_command="false", retries=0, owner="day")
    globals()[dag.dag_id] = dag
    defaults["owner"] = team
    defaults.setdefault("pool", "slow")
    defaults["retries"] -= 1
