"""Tasks that wait for a person."""
# expect: frozen

from datetime import timedelta

from airflow.providers.standard.operators.hitl import ApprovalOperator, HITLBranchOperator, HITLOperator
from airflow.sdk import DAG, Param

with DAG("operators_human", schedule=None):
    ask = HITLOperator(
        task_id="ask",
        subject="Which colour?",
        body="**{{ ds }}**: choose one.",
        options=["red", "green"],
        defaults=["red"],
        params={"because": Param("", type="string")},
        response_timeout=timedelta(minutes=5),
    )
    approve = ApprovalOperator(task_id="approve", subject="Really?", fail_on_reject=True)
    branch = HITLBranchOperator(
        task_id="branch",
        subject="Where to?",
        options=["north", "south"],
        options_mapping={"north": "ask_north"},
    )
    ask >> approve >> branch
