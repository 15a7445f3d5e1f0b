"""What a thread has for itself, set while the file is imported."""
# expect: refused: one thread

import threading
from airflow.sdk import DAG
from airflow.providers.standard.operators.python import PythonOperator

CTX = threading.local()
CTX.env = "prod"

def run():
    return CTX.env

with DAG("filled_thread_local"):
    PythonOperator(task_id="t", python_callable=run)
