"""Tasks that are made first and put into a DAG later, in two ways."""
# expect: frozen

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG


def steps():
    return [EmptyOperator(task_id="begin"), BashOperator(task_id="end", bash_command="true", retries=1)]


def assemble(dag_id, operators):
    dag = DAG(dag_id, schedule=None)
    for operator in operators:
        operator.dag = dag
    operators[0] >> operators[1]
    return dag


for name in ("x", "y"):
    globals()[name] = assemble(f"operators_older_than_their_dag_{name}", steps())

first, second = EmptyOperator(task_id="first"), EmptyOperator(task_id="second")
last = DAG("operators_older_than_their_dag", schedule=None, tags=["a"])
last.add_task(first)
last.add_task(second)
with last:
    second >> EmptyOperator(task_id="third")
first >> second
