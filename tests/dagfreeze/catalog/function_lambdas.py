"""Lambdas two on a line, in a dict, in a default argument, in a comprehension, in lambdas, across lines."""
# expect: frozen

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

two = (lambda: 1, lambda: 2)
same = (lambda x=1: x, lambda x=1: x, lambda x=2: x)
by_name = {"double": lambda x: x * 2, "half": lambda x: x / 2}
nested = lambda x: (lambda y: x + y)(1)


def apply(function=lambda x: x + 1, *, other=lambda x: (x, "a, b"), **more):
    return function(1), other(2)


with DAG("function_lambdas", schedule=None):
    for n, function in enumerate([*two, *same, nested, apply, *[lambda x, n=n: x * n for n in (3, 4)]]):
        PythonOperator(task_id=f"f{n}", python_callable=function)
    PythonOperator(
        task_id="across_lines",
        python_callable=(
            lambda *args, **kwargs: {
                "args": args,  # a comment, ) and a "quote
                "kwargs": kwargs,
            }
        ),
        op_kwargs={"function": by_name["half"], "more": [by_name["double"], two[1]]},
    )
