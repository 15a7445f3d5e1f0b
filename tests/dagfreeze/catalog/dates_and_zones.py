"""Dates with zones from pendulum, zoneinfo, datetime and none; folds and gaps; dates in default_args."""
# expect: frozen

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pendulum
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

ZURICH = pendulum.timezone("Europe/Zurich")

DATES = {
    "naive": datetime(2026, 1, 1),
    "utc": datetime(2026, 1, 1, tzinfo=timezone.utc),
    "offset": datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=5, minutes=45), "NPT")),
    "zoneinfo": datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("America/New_York")),
    "pendulum": pendulum.datetime(2026, 7, 1, tz="Australia/Lord_Howe"),
    "fold": datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZURICH),
    "gap": pendulum.datetime(2026, 3, 29, 2, 30, tz=ZURICH),
    "parsed": pendulum.parse("2026-02-03T04:05:06.000007+01:00"),
}

for name, moment in DATES.items():
    with DAG(
        f"dates_{name}", schedule="@daily", start_date=moment, end_date=moment + timedelta(days=400)
    ) as dag:
        EmptyOperator(task_id="by_dag")
        EmptyOperator(task_id="own", start_date=moment + timedelta(days=1), end_date=None)
    globals()[name] = dag

with DAG("dates_defaults", schedule="@daily", default_args={"start_date": "2026-01-01"}):
    PythonOperator(
        task_id="values", python_callable=print, op_args=[date(2026, 1, 1), ZURICH, *DATES.values()]
    )
