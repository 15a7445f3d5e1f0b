"""Sensors in each mode: poke, reschedule, deferrable, soft failure, exponential backoff."""
# expect: frozen

from datetime import datetime, time, timedelta, timezone

from airflow.providers.standard.sensors.bash import BashSensor
from airflow.providers.standard.sensors.date_time import DateTimeSensor, DateTimeSensorAsync
from airflow.providers.standard.sensors.filesystem import FileSensor
from airflow.providers.standard.sensors.python import PythonSensor
from airflow.providers.standard.sensors.time import TimeSensor
from airflow.providers.standard.sensors.time_delta import TimeDeltaSensor
from airflow.providers.standard.sensors.weekday import DayOfWeekSensor
from airflow.sdk import DAG, chain

with DAG("operators_sensors", schedule=None, default_args={"mode": "reschedule", "poke_interval": 45}):
    chain(
        FileSensor(task_id="file", filepath="in/*.csv", recursive=True, fs_conn_id="fs_inbox"),
        FileSensor(task_id="file_deferred", filepath="in/one.csv", deferrable=True, mode="poke"),
        BashSensor(task_id="shell", bash_command="test -e /tmp/go", retry_exit_code=3),
        PythonSensor(task_id="python", python_callable=lambda limit: limit > 3, op_args=[5], soft_fail=True),
        DateTimeSensor(
            task_id="moment", target_time=datetime(2026, 5, 1, 4, tzinfo=timezone(timedelta(hours=2)))
        ),
        DateTimeSensor(task_id="moment_of_text", target_time="{{ data_interval_end.tomorrow() }}"),
        DateTimeSensorAsync(task_id="moment_async", target_time=datetime(2026, 5, 2)),
        TimeSensor(task_id="clock", target_time=time(13, 45, 10)),
        TimeDeltaSensor(task_id="later", delta=timedelta(minutes=90), exponential_backoff=True, max_wait=300),
        TimeDeltaSensor(task_id="later_deferred", delta=timedelta(seconds=5), deferrable=True),
        DayOfWeekSensor(task_id="monday", week_day="monday", timeout=3_600.5),
    )
