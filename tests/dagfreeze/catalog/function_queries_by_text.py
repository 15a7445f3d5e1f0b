"""A query of pandas names a variable of the file in a text."""
# expect: refused: @LIMIT

import pandas as pd
from airflow.sdk import DAG, task

LIMIT = 3

with DAG("function_queries_by_text", schedule=None):

    @task
    def large():
        return len(pd.DataFrame({"a": [1, 5]}).query("a > @LIMIT"))

    large()
