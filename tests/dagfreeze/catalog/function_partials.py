"""Partials over functions of the file, nested, with keywords, over a lambda, and the operator module's callers."""
# expect: frozen

import operator
from functools import partial, reduce

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG


def write(path, *lines, mode="w", **options):
    print(path, lines, mode, options)


to_tmp = partial(write, "/tmp/x", mode="a")

with DAG("function_partials", schedule=None):
    PythonOperator(task_id="one", python_callable=to_tmp, op_args=["line"])
    PythonOperator(task_id="two", python_callable=partial(to_tmp, "first", encoding="utf-8"))
    PythonOperator(task_id="three", python_callable=partial(lambda a, b: a - b, 5, b=3))
    PythonOperator(task_id="four", python_callable=partial(reduce, operator.add, [1, 2, 3]))
    PythonOperator(task_id="five", python_callable=operator.methodcaller("title"), op_args=["text"])
    PythonOperator(task_id="six", python_callable=operator.itemgetter(1, "a"), op_args=[{1: 2, "a": 3}])
