"""Values whose repr is code: text, numbers and enums of the file, and a dict that changes when it is read."""
# expect: frozen or refused: Evil

import enum

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

CODE = '__import__("os").system("touch /tmp/frozen_owned")'


class EvilText(str):
    def __repr__(self):
        return CODE


class EvilNumber(int):
    __str__ = __repr__ = lambda self: CODE


class EvilEnum(str, enum.Enum):
    A = "a"
    __str__ = __repr__ = lambda self: CODE


def use(*args, evil=EvilText("x"), number=EvilNumber(3)):
    return args, evil, number


with DAG("value_that_lies", schedule=None):
    PythonOperator(task_id="use", python_callable=use, op_args=[EvilText("a"), EvilNumber(1), EvilEnum.A])
