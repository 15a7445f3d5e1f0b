"""An open file in an argument."""
# expect: refused: used up by its first reader

import os

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

null = open(os.devnull)

with DAG("value_of_an_open_file", schedule=None):
    PythonOperator(task_id="read", python_callable=null.read)
