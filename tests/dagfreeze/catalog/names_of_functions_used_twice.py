"""Functions of one name but with other bodies, in one DAG and across two."""
# expect: frozen

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

LIMIT = 10

with DAG("names_of_functions_used_twice_a", schedule=None):

    def load():
        return LIMIT

    PythonOperator(task_id="first", python_callable=load)

    def load():
        return LIMIT + 1

    PythonOperator(task_id="second", python_callable=load)

with DAG("names_of_functions_used_twice_b", schedule=None):

    def load():
        return -LIMIT

    PythonOperator(task_id="load", python_callable=load)
