"""A default that is a list, changed while the file is imported; a global and an attribute changed after `def`."""
# expect: frozen

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

LIMIT = 1


def collect(item=None, into=[], *, seen={}):
    into.append(item)
    seen[item] = LIMIT
    return into


collect("at import")
collect.__defaults__ = ("new default", collect.__defaults__[1])
LIMIT = 2

with DAG("function_defaults_mutable", schedule=None):
    PythonOperator(task_id="collect", python_callable=collect)
