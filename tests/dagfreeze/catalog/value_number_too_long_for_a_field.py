"""An int of 5000 digits where Airflow stores it: Python writes no more than 4300 digits."""
# expect: refused: digits

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

with DAG("value_number_too_long_for_a_field", schedule=None):
    PythonOperator(task_id="use", python_callable=print, op_args=[10**5000])
