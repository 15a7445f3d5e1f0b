"""An XCom of another DAG's task in text: only the template stays, which pulls from this DAG's own run."""
# expect: frozen

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

with DAG("xcom_text_of_another_dag_source", schedule=None):
    made = BashOperator(task_id="made", bash_command="echo 1")

with DAG("xcom_text_of_another_dag", schedule=None):
    BashOperator(task_id="take", bash_command=f"echo {made.output}")
