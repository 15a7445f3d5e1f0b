"""Tasks and DAGs named after keywords, builtins, modules and what a written file itself may use."""
# expect: frozen

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, TaskGroup, chain

NAMES = [
    "import",
    "class",
    "dag",
    "DAG",
    "print",
    "task",
    "chain",
    "airflow",
    "__init__",
    "self",
    "None",
    "lambda",
]

for dag_id in ("datetime", "1st", "import", "names.that-collide", "_", "BashOperator", "007"):
    with DAG(dag_id, schedule=None) as dag:
        chain(*(BashOperator(task_id=name, bash_command=f"echo {name}") for name in NAMES))
        with TaskGroup("DAG_"):
            BashOperator(task_id="a.b" if dag_id == "_" else "a-b", bash_command="true")
            BashOperator(task_id="a_b", bash_command="true")
