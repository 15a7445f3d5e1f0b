"""Gives an argument that Airflow 2 took and Airflow 3 does not."""
# expect: import error

from airflow.sdk import DAG

dag = DAG("old_argument", schedule_interval="@daily")
