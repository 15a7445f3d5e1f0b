"""Plug-ins that nobody names: the base class lists them."""
# expect: refused: __subclasses__

from airflow.sdk import DAG, task


class Check:
    pass


class Rows(Check):
    def run(self):
        return 1


with DAG("class_found_by_its_base", schedule=None):

    @task
    def checks():
        return [check().run() for check in Check.__subclasses__()]

    checks()
