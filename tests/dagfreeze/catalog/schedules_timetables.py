"""Each timetable that Airflow ships, with zones by name and by offset."""
# expect: frozen

from datetime import timedelta

import pendulum
from airflow.sdk import (
    DAG,
    CronDataIntervalTimetable,
    CronPartitionTimetable,
    CronTriggerTimetable,
    DeltaDataIntervalTimetable,
    DeltaTriggerTimetable,
    MultipleCronTriggerTimetable,
)
from dateutil.relativedelta import relativedelta

TIMETABLES = [
    CronTriggerTimetable(
        "0 1 * * *", timezone="Europe/Zurich", interval=timedelta(hours=3), run_immediately=True
    ),
    CronTriggerTimetable(
        "@daily", timezone=pendulum.timezone("Asia/Kathmandu"), run_immediately=timedelta(minutes=5)
    ),
    CronTriggerTimetable("5 5 * * *", timezone="UTC", interval=relativedelta(months=1)),
    CronDataIntervalTimetable("0 3 * * 1", timezone=pendulum.FixedTimezone(19_800)),
    DeltaDataIntervalTimetable(timedelta(minutes=20)),
    DeltaTriggerTimetable(timedelta(days=1), interval=timedelta(hours=1)),
    MultipleCronTriggerTimetable("0 1 * * *", "30 2 * * 6", timezone="America/St_Johns"),
    CronPartitionTimetable("0 0 * * *", timezone="UTC", run_offset=-1, key_format="%Y/%m/%d"),
]

for number, timetable in enumerate(TIMETABLES):
    globals()[f"dag_{number}"] = DAG(
        f"schedules_timetables_{number}",
        schedule=timetable,
        start_date=pendulum.datetime(2026, 1, 1, tz="Asia/Tokyo"),
    )
