"""start_date is the time of the import."""
# expect: frozen, names: start_date

from datetime import datetime, timedelta

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

with DAG("changes_start_date", schedule="@daily", start_date=datetime.now() - timedelta(days=1)):
    EmptyOperator(task_id="nothing")
