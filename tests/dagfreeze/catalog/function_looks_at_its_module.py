"""A function looks itself up: through its module's name, and through sys.modules."""
# expect: refused: __name__

import sys

from airflow.sdk import DAG, task

SETTING = 3

with DAG("function_looks_at_its_module", schedule=None):

    @task
    def look():
        return sys.modules[__name__].SETTING, vars(sys.modules[__name__])["SETTING"]

    look()
