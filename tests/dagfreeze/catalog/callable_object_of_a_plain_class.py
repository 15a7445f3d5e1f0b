"""A bound method of an object of a class of the file; nothing tells how the object was made."""
# expect: refused: Station

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG


class Station:
    def __init__(self, name, *, lines):
        self.title = name.upper()
        self.lines = tuple(sorted(lines))
        self.next = None

    def announce(self):
        return self.title, self.lines, self.next and self.next.title


north = Station("north", lines={3, 1, 2})
south = Station("south", lines={4})
north.next, south.next = south, north

with DAG("callable_object_of_a_plain_class", schedule=None):
    PythonOperator(task_id="announce", python_callable=north.announce)
