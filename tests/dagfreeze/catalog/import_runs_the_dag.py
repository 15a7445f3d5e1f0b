"""Has a main part, as files have that people start by hand; it does not run when the file is imported."""
# expect: frozen

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

with DAG("import_runs_the_dag", schedule=None) as dag:
    EmptyOperator(task_id="nothing")

if __name__ == "__main__":
    dag.test()
