"""No `with` anywhere: dag=dag, and a task that comes to its DAG through its neighbour."""
# expect: frozen

from datetime import datetime

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

dag = DAG("dag_by_argument", start_date=datetime(2025, 12, 31, 23, 59, 59, 999_999), schedule="5 4 * * sun")
one = BashOperator(task_id="one", bash_command="true", dag=dag)
two = EmptyOperator(task_id="two", dag=dag)
late = EmptyOperator(task_id="late")
one.set_downstream(two)
late.dag = dag
late.set_upstream([one, two])
