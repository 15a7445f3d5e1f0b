"""Each trigger rule and each weight rule, by name, by enum, as strategy objects."""
# expect: frozen

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, TriggerRule, WeightRule

with DAG("rules_and_weights", schedule=None):
    first = EmptyOperator(task_id="first", priority_weight=7, weight_rule="absolute")
    for rule in TriggerRule:
        after = EmptyOperator(task_id=f"after_{rule.value}", trigger_rule=rule)
        first >> after
    for weight in (WeightRule.DOWNSTREAM, WeightRule.UPSTREAM, "absolute"):
        first >> EmptyOperator(task_id=f"weight_{weight}", weight_rule=weight, priority_weight=2)
    EmptyOperator(
        task_id="flags", depends_on_past=True, wait_for_downstream=True, ignore_first_depends_on_past=False
    )
    EmptyOperator(task_id="past", wait_for_past_depends_before_skipping=True, email="a@example.com")
