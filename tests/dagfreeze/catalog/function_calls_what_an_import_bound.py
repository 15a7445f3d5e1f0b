"""Python compiles a call otherwise when an import binds its name; here imports become assignments, and the reverse."""
# expect: frozen

import datetime

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG
from helpers.loading import make_counted

try:
    import no_such_package as fast
except ImportError:
    fast = None

moment = datetime.datetime


def dump():
    return fast.dumps({}) if fast else "{}"


def now(dump=None):
    return [fast.loads(moment.now()) for _ in range(3) if fast and moment.today()]


with DAG("function_calls_what_an_import_bound", schedule=None):
    PythonOperator(task_id="dump", python_callable=dump)
    PythonOperator(task_id="now", python_callable=now)
    PythonOperator(task_id="load", python_callable=make_counted("orders"))
