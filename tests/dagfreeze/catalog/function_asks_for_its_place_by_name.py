"""A function asks the DAG for its file by the name of the attribute."""
# expect: refused: fileloc

from operator import attrgetter

from airflow.sdk import DAG, task

with DAG("function_asks_for_its_place_by_name", schedule=None):

    @task
    def read(dag=None):
        return attrgetter("fileloc")(dag)

    read()
