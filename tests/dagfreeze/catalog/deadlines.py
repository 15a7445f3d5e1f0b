"""Deadlines of each kind, with a callback that is named by its path."""
# expect: frozen

from datetime import datetime, timedelta

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, AsyncCallback, DeadlineAlert, DeadlineReference, SyncCallback
from helpers.later import call_the_night_shift

with DAG(
    "deadlines",
    schedule="@daily",
    deadline=[
        DeadlineAlert(
            reference=DeadlineReference.DAGRUN_QUEUED_AT,
            interval=timedelta(minutes=10),
            callback=AsyncCallback(call_the_night_shift, kwargs={"who": "Ada"}),
            name="slow start",
        ),
        DeadlineAlert(
            reference=DeadlineReference.AVERAGE_RUNTIME(max_runs=5, min_runs=2),
            interval=timedelta(0),
            callback=AsyncCallback("helpers.later.call_the_night_shift"),
        ),
    ],
):
    EmptyOperator(task_id="nothing")

one = DAG(
    "deadlines_fixed",
    schedule=None,
    deadline=DeadlineAlert(
        reference=DeadlineReference.FIXED_DATETIME(datetime(2026, 12, 24)),
        interval=timedelta(hours=-2),
        callback=SyncCallback("helpers.later.ring", kwargs={"times": 2}),
    ),
)
