"""Airflow keeps the source of a function given to map(); a method of str has none, so it cannot be stored."""
# expect: refused: cannot

from airflow.sdk import DAG, task

with DAG("mapped_through_a_method", schedule=None):

    @task
    def words() -> list[str]:
        return ["one", "two"]

    @task
    def show(x):
        print(x)

    show.expand(x=words().map(str.title))
