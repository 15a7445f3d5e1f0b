"""Attributes set after the constructor, some of them twice, one through setattr."""
# expect: frozen

from datetime import timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, TriggerRule

with DAG("operator_attributes_later", schedule=None) as dag:
    first = BashOperator(task_id="first", bash_command="true")
    second = EmptyOperator(task_id="second", retries=9)
    first >> second

first.doc_md = "# Set later\n\nwith *two* lines"
first.pool = "late"
first.bash_command = "echo replaced"
first.ui_color = "#123456"
second.retries = 1
second.retries += 1
second.retry_delay = timedelta(minutes=3)
second.trigger_rule = TriggerRule.ALL_DONE
setattr(second, "queue", "q" + "1")
dag.doc_md = "The DAG's own, later"
dag.tags.add("later")
dag.max_active_runs = 2
