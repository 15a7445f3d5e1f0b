"""Classes and functions that the file defines twice, of which the import has made the first ones."""
# expect: frozen

import functools

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG


def counted(function):
    @functools.wraps(function)
    def count(*args):
        return [function(*args)]

    return count


try:
    from json import loads

    class Reader:
        """The first of two."""

        def read(self, text):
            return loads(text)

    class Store:
        @staticmethod
        def place():
            return "s3://orders"

    @counted
    @counted
    def rows(text):
        return loads(text)

    def reader():
        return Reader()

except ImportError:

    class Reader:
        """Reads slowly."""

        def read(self, text):
            return text.split(",")

    class Store:
        @staticmethod
        def place():
            return "/tmp/orders"

    @counted
    def rows(text):
        return text.split(",")

    def reader():
        return None


if "posix" == "posix":

    class Table:
        name = "orders"

        @property
        def path(self):
            return f"sql/{self.name}"

else:

    class Table:
        name = "customers"

        @property
        def path(self):
            return self.name


def load():
    return reader().read("[1]"), rows("[1]"), Table().path, Store.place()


with DAG("definitions_of_which_one_ran", schedule=None):
    PythonOperator(task_id="load", python_callable=load)
