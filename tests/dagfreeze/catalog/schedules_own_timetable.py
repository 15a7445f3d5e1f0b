"""A timetable that is a class of the file: no plugin registers it, so Airflow cannot store the DAG."""
# expect: refused: timetable

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG
from airflow.timetables.simple import OnceTimetable


class EveryFullMoon(OnceTimetable):
    description = "Every full moon"


with DAG("schedules_own_timetable", schedule=EveryFullMoon()):
    EmptyOperator(task_id="howl")
