"""Mentions airflow and DAG, and defines none: helpers look like this."""
# expect: no DAGs

from airflow.sdk import DAG


def build(name: str) -> DAG:
    return DAG(name, schedule=None)
