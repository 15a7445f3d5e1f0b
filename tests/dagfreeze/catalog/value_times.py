"""Times of every kind as arguments and in functions: smallest, largest, durations, intervals, zones, addresses."""
# expect: frozen

import datetime as dt
import ipaddress
import zoneinfo

import pendulum
from airflow.sdk import DAG, task
from dateutil.relativedelta import relativedelta

TIMES = [
    dt.datetime.min,
    dt.datetime.max,
    dt.date(1, 1, 1),
    dt.time(23, 59, 59, 999_999, tzinfo=dt.timezone.utc),
    dt.timedelta.max,
    dt.timedelta(microseconds=-1),
    dt.timezone(dt.timedelta(seconds=1)),
    zoneinfo.ZoneInfo("Etc/GMT-14"),
    pendulum.UTC,
    pendulum.timezone("Africa/Monrovia"),
    pendulum.duration(years=1, months=2, days=3),
    pendulum.date(2026, 1, 2),
    pendulum.time(1, 2),
    pendulum.interval(pendulum.datetime(2026, 1, 1), pendulum.datetime(2026, 2, 3)),
    relativedelta(years=1, leapdays=1, nlyearday=60),
    ipaddress.ip_network("10.0.0.0/8"),
]

with DAG("value_times", schedule=None):

    @task
    def look(until=dt.datetime(2026, 1, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Zurich"))):
        return TIMES, until

    look()
