"""One of each of the operators that ship with Airflow, in the plain way, with their arguments in an odd order."""
# expect: frozen

import datetime

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.branch import BaseBranchOperator
from airflow.providers.standard.operators.datetime import BranchDateTimeOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.latest_only import LatestOnlyOperator
from airflow.providers.standard.operators.python import (
    BranchPythonOperator,
    PythonOperator,
    ShortCircuitOperator,
)
from airflow.providers.standard.operators.weekday import BranchDayOfWeekOperator
from airflow.providers.standard.utils.weekday import WeekDay
from airflow.sdk import DAG


def is_busy(day: str) -> bool:
    return day.endswith("1")


class Coin(BaseBranchOperator):
    def choose_branch(self, context):
        return "heads"


with DAG("operators_classic", schedule="@hourly", start_date=datetime.datetime(2026, 2, 3)):
    start = LatestOnlyOperator(task_id="start")
    shell = BashOperator(
        env={"B": "2", "A": "1"}, append_env=True, bash_command="echo $A $B", task_id="shell"
    )
    busy = ShortCircuitOperator(
        task_id="busy", ignore_downstream_trigger_rules=False, python_callable=is_busy, op_args=["{{ ds }}"]
    )
    pick = BranchPythonOperator(task_id="pick", python_callable=lambda: ["coin", "clock"])
    coin = Coin(task_id="coin")
    clock = BranchDateTimeOperator(
        task_id="clock",
        follow_task_ids_if_true=["heads"],
        follow_task_ids_if_false=["tails"],
        target_lower=datetime.time(8, 30),
        target_upper=datetime.time(17),
        use_task_logical_date=True,
    )
    weekend = BranchDayOfWeekOperator(
        task_id="weekend",
        week_day={WeekDay.SATURDAY, WeekDay.SUNDAY},
        follow_task_ids_if_true="heads",
        follow_task_ids_if_false="tails",
    )
    heads, tails = (EmptyOperator(task_id=name, trigger_rule="none_failed") for name in ("heads", "tails"))
    start >> shell >> busy >> pick >> [coin, clock] >> heads
    clock >> weekend >> [heads, tails]
