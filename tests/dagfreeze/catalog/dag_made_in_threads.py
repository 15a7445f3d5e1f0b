"""DAGs made by threads at the same time, in an order that is by chance."""
# expect: frozen

import time
from concurrent.futures import ThreadPoolExecutor

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG


def build(number):
    dag = DAG(f"dag_made_in_threads_{number}", schedule=None)
    for step in range(5):
        time.sleep(0.001 * (number % 3))
        BashOperator(task_id=f"step_{step}", bash_command=f"echo {number} {step}", dag=dag)
    return dag


with ThreadPoolExecutor(4) as pool:
    for dag in pool.map(build, range(8)):
        globals()[dag.dag_id] = dag
