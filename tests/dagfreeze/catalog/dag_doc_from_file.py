"""The DAG's documentation is this docstring: {{ braces }}, a \\ backslash, 'one' and "two" quotes.

| a | b |
|---|---|
| 1 | 2 |
"""
# expect: frozen

from airflow.sdk import DAG, task

with DAG("dag_doc_from_file", schedule=None, doc_md=__doc__):

    @task(doc_md=__doc__)
    def one():
        """This is the task's own."""

    @task
    def two():
        """Two: becomes `doc_md`.

        Indented
            more
        """

    one() >> two()
