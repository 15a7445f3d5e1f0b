"""Timetables by their old addresses, in airflow.timetables."""
# expect: frozen

from datetime import timedelta

import pendulum
from airflow.sdk import DAG
from airflow.timetables.interval import CronDataIntervalTimetable, DeltaDataIntervalTimetable
from airflow.timetables.trigger import CronTriggerTimetable

start = pendulum.datetime(2026, 1, 1)
cron = DAG(
    "schedules_of_core_cron",
    schedule=CronDataIntervalTimetable("0 3 * * 1", "Europe/Zurich"),
    start_date=start,
)
delta = DAG(
    "schedules_of_core_delta", schedule=DeltaDataIntervalTimetable(timedelta(hours=5)), start_date=start
)
trigger = DAG(
    "schedules_of_core_trigger",
    schedule=CronTriggerTimetable("@daily", timezone="UTC", interval=timedelta(days=1)),
    start_date=start,
)
