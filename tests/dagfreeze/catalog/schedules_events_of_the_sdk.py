"""The events timetable of airflow.sdk: Airflow 3.3.2 itself cannot store it (KeyError '_summary')."""
# expect: refused: cannot

import pendulum
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, EventsTimetable

with DAG("schedules_events_of_the_sdk", schedule=EventsTimetable([pendulum.datetime(2026, 3, 1)])):
    EmptyOperator(task_id="celebrate")
