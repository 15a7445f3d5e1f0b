"""DAGs in a loop, known to Airflow through globals()[...] only, with lambdas over the loop's variables."""
# expect: frozen

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

TEAMS = {"ants": ["carry", "build"], "bees": ["fly", "dance", "rest"]}

for team, jobs in TEAMS.items():
    dag = DAG(f"dag_by_loop_{team}", schedule=None, description=f"What {team} do")
    before = None
    for number, job in enumerate(jobs):
        operator = PythonOperator(
            task_id=job,
            dag=dag,
            python_callable=lambda job=job, number=number: print(number, job),
            retries=number,
        )
        if before:
            before >> operator
        before = operator
    globals()[f"the_dag_of_{team}"] = dag
