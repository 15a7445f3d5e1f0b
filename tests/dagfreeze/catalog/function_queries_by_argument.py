"""A query of pandas, given as an argument, names a variable of the file."""
# expect: refused: @LIM

import pandas as pd
from airflow.sdk import DAG, task
from airflow.providers.standard.operators.python import PythonOperator
LIM = 3
def h(q): return len(pd.DataFrame({"a": [1, 5]}).query(q))
with DAG("function_queries_by_argument", schedule=None):
    PythonOperator(task_id="x", python_callable=h, op_args=["a > @LIM"])
