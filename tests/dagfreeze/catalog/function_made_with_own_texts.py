"""Arguments that are texts of a class of the file: one cannot be compared, the other has more than its letters."""
# expect: frozen

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG


class Secretive(str):
    __hash__ = str.__hash__

    def __eq__(self, other):
        raise RuntimeError("nobody compares me")


class Labelled(str):
    def __new__(cls, text, label):
        made = str.__new__(cls, text)
        made.label = label
        return made

    def __getnewargs__(self):
        return str(self), self.label


TABLE = Secretive("orders")
COLUMN = Labelled("price", "in EUR")


def loads(day, table=TABLE, column=COLUMN):
    def load():
        return day, str.__str__(table), column, column.label

    return load


with DAG("function_made_with_own_texts", schedule=None):
    PythonOperator(task_id="first", python_callable=loads("Monday"))
    PythonOperator(task_id="second", python_callable=loads("Monday", Secretive("orders")))
    PythonOperator(task_id="third", python_callable=loads("Monday", column=Labelled("price", "in USD")))
