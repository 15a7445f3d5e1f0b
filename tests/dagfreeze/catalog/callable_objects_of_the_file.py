"""Callables that are objects: of a dataclass (its fields say how to make it), and its bound method."""
# expect: frozen

from dataclasses import dataclass, field

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG


@dataclass
class Greeter:
    greeting: str
    names: list[str] = field(default_factory=list)
    _count: int = field(default=0, init=False, repr=False)

    def __call__(self, name="world"):
        return f"{self.greeting}, {name}"

    def all(self):
        return [self(name) for name in self.names]


hello = Greeter("Hello", ["Ada", "Grace"])

with DAG("callable_objects_of_the_file", schedule=None):
    PythonOperator(task_id="call", python_callable=hello, op_args=["Ada"])
    PythonOperator(task_id="bound", python_callable=hello.all)
    PythonOperator(task_id="unbound", python_callable=Greeter.all, op_args=[Greeter("Bye")])
