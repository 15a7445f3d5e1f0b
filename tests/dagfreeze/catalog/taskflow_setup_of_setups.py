"""Contexts in contexts, several teardowns in one, and a task added to a context by hand."""
# expect: frozen

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG


def pair(name):
    begin = EmptyOperator(task_id=f"{name}_up").as_setup()
    return begin, EmptyOperator(task_id=f"{name}_down").as_teardown(setups=begin)


with DAG("taskflow_setup_of_setups", schedule=None):
    network, network_end = pair("network")
    disk, disk_end = pair("disk")
    loose = EmptyOperator(task_id="loose")
    with network_end as scope:
        scope.add_task(loose)
        with disk_end:
            EmptyOperator(task_id="inner")
        EmptyOperator(task_id="outer")
    network >> disk
    disk_end >> network_end
