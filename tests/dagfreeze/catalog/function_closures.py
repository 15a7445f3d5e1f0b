"""Functions made by functions: closures over a loop's variable late and early, three deep, with nonlocal."""
# expect: frozen

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

late = [lambda: number for number in range(3)]
early = [lambda number=number: number for number in range(3)]


def multiply(factor):
    def by(unit):
        def show(value, *, digits=2):
            return f"{round(value * factor, digits)} {unit}"

        return show

    return by


def counter(start):
    count = start

    def step():
        nonlocal count
        count += 1
        return count

    return step


with DAG("function_closures", schedule=None):
    for number, function in enumerate([*late, *early, multiply(2)("m"), multiply(3)("km"), counter(5)]):
        PythonOperator(
            task_id=f"call_{number}", python_callable=function, op_args=[1.5] if number in (6, 7) else []
        )
