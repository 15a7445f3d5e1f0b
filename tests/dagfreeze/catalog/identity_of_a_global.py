"""A dictionary that holds an object which has a name of its own, and a function that asks for it by `is`."""
# expect: frozen

from airflow.sdk import DAG
from airflow.providers.standard.operators.python import PythonOperator

class Policy:
    def __init__(self, name):
        self.name = name

DEFAULT = Policy("default")
POLICIES = {"orders": DEFAULT, "stock": Policy("stock")}

def run(table):
    if POLICIES[table] is DEFAULT:
        return "default way"
    return "special way"

with DAG("identity_of_a_global"):
    PythonOperator(task_id="t", python_callable=run, op_args=["orders"])
