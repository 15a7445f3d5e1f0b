"""Imports from the addresses that Airflow 2 had and that Airflow 3 redirects with a warning."""
# expect: frozen

from airflow import DAG, Dataset
from airflow.decorators import task
from airflow.models import BaseOperator, Param, Variable
from airflow.models.baseoperator import chain
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator
from airflow.utils.edgemodifier import Label
from airflow.utils.task_group import TaskGroup
from airflow.utils.trigger_rule import TriggerRule


class Nothing(BaseOperator):
    def execute(self, context):
        return Variable.get("catalog_nothing", default_var=None)


with DAG("old_addresses", schedule=[Dataset("x://old")], params={"a": Param(1)}):

    @task
    def one():
        return 1

    with TaskGroup("group"):
        nothing = Nothing(task_id="nothing", trigger_rule=TriggerRule.ALL_DONE)
    chain(one(), BashOperator(task_id="two", bash_command="true"), nothing)
    nothing >> Label("x") >> PythonOperator(task_id="three", python_callable=print)
