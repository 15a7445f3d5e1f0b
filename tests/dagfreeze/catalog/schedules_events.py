"""Events in any order, by the timetable of airflow.timetables."""
# expect: frozen

import pendulum
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG
from airflow.timetables.events import EventsTimetable

days = [
    pendulum.datetime(2026, 3, 1, tz="Europe/Paris"),
    pendulum.datetime(2026, 1, 5),
    pendulum.datetime(2026, 2, 1),
]

with DAG(
    "schedules_events", schedule=EventsTimetable(days, restrict_to_events=True, description="Three days")
):
    EmptyOperator(task_id="celebrate")
