"""Each simple schedule: presets, cron with names, timedelta, relativedelta, once, continuous, None, nothing."""
# expect: frozen

from datetime import timedelta

import pendulum
from airflow.sdk import DAG
from dateutil.relativedelta import MO, relativedelta

SCHEDULES = {
    "none": None,
    "once": "@once",
    "hourly": "@hourly",
    "quarterly": "@quarterly",
    "cron": "*/7 0-6,22 * JAN-MAR mon#2",
    "delta": timedelta(days=2, hours=-3, microseconds=7),
    "relative": relativedelta(months=+1, day=31, weekday=MO(-1), hours=3),
    "duration": pendulum.duration(weeks=1, days=2),
}

for name, schedule in SCHEDULES.items():
    globals()[name] = DAG(
        f"schedules_simple_{name}", schedule=schedule, start_date=pendulum.datetime(2026, 1, 1)
    )

continuous = DAG(
    "schedules_simple_continuous",
    schedule="@continuous",
    max_active_runs=1,
    start_date=pendulum.datetime(2026, 1, 1),
)
default = DAG("schedules_simple_default")
