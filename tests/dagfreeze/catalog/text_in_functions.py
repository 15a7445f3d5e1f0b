"""Text that would break out, in defaults, closures, globals, docstrings, attribute and argument names."""
# expect: frozen

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, task

X = '"); import os; os.system("touch /tmp/frozen_owned") #'
TABLE = {X: "'''" + X + '"""', "\\": "\\\\\\'", "\n": "\r\n\t\x0b\x0c\x85\u2028\u2029"}


def made(text):
    def say(other=X + "\\", **more):
        return text, other, TABLE, more

    return say


with DAG("text_in_functions", schedule=None):
    PythonOperator(task_id="say", python_callable=made(X * 2), op_kwargs={X: X, "class": 1, "a b": 2, "": 3})

    @task(task_id="doc")
    def doc():
        """Ends with a quote: \" and a backslash \\"""

    @task
    def keywords(**kwargs):
        return kwargs

    doc() >> keywords(**{X: 1, "import": 2, "ﬁ": 3, "op_args": 4})
