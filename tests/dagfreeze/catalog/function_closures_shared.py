"""Two functions over one variable of the function that made them: what one adds, the other reads."""
# expect: frozen or refused: total

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG


def shared():
    total = 0

    def add():
        nonlocal total
        total += 1

    def read():
        return total

    return add, read


add, read = shared()
add()

with DAG("function_closures_shared", schedule=None):
    PythonOperator(task_id="add", python_callable=add) >> PythonOperator(task_id="read", python_callable=read)
