"""A mapped group: partial, expand, expand_kwargs, a mapped task within a mapped group, XComs in and out."""
# expect: frozen

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, task, task_group

with DAG("group_mapped", schedule=None):

    @task
    def files() -> list[str]:
        return ["a.csv", "b.csv"]

    @task
    def rows(path, encoding="utf-8"):
        return [path, encoding]

    @task
    def store(row, table):
        return f"{row} in {table}"

    @task_group
    def ingest(path: str, table: str):
        read = rows(path)
        BashOperator(task_id="note", bash_command="echo got it") >> read
        return store(read, table)

    ingested = ingest.partial(table="t").expand(path=files())
    ingest.override(group_id="pairs").expand_kwargs(
        [{"path": "x", "table": "y"}, {"path": "z", "table": "w"}]
    )
    store.override(task_id="all").partial(table="all").expand(row=ingested)
