"""Tasks and edges from a set of text: Python orders it anew in each process, unless PYTHONHASHSEED is set."""
# expect: frozen, names: order of its

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, chain

with DAG("changes_order_of_tasks", schedule=None):
    chain(
        *(BashOperator(task_id=name, bash_command=f"echo {name}") for name in {*"abcdefghijkl", "mno", "pqr"})
    )
