"""A function of a module asks Airflow for a template that lies beside the DAG file."""
# expect: frozen

from airflow.sdk import DAG, task
from helpers import asking

with DAG("function_asks_for_a_template_in_a_helper", schedule=None):

    @task
    def ask(dag=None):
        return asking.query(dag)

    ask()
