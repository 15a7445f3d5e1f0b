"""One list in three places, and one dict of two functions: what one changes, the others see."""
# expect: frozen or refused: things

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

things = ["a"]
table = {"x": things, "y": things}


def add(to, **kwargs):
    things.append("b")
    to.append("c")
    return table["x"]


def read():
    return table, things


with DAG("value_shared", schedule=None):
    PythonOperator(task_id="add", python_callable=add, op_args=[things], op_kwargs={"t": table})
    PythonOperator(task_id="read", python_callable=read)
