"""Functions that helpers made, and that read the helpers' globals; the file has others by the same names."""
# expect: frozen

import logging

from airflow.providers.standard.operators.python import PythonOperator, ShortCircuitOperator
from airflow.sdk import DAG, task
from helpers.loading import make_loader, over, timed

log = logging.getLogger(__name__)
timed_by_helper, timed = timed, 3


def check():
    log.info("checked %s", timed)


for table in ("orders", "customers"):
    with DAG(f"function_made_by_helpers_{table}", schedule=None):

        @task(retries=2)
        @timed_by_helper
        def count(rows):
            return len(rows)

        load = PythonOperator(task_id="load", python_callable=make_loader(table))
        enough = ShortCircuitOperator(task_id="enough", python_callable=over(3), op_args=[len(table)])
        load >> enough >> PythonOperator(task_id="check", python_callable=check) >> count("rows")
        task(make_loader("again"))()
