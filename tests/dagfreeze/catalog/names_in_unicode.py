"""Identifiers that Python normalizes: two tasks whose names become one variable, digits of other scripts."""
# expect: frozen

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, task

with DAG("größe_日本語", schedule=None, dag_display_name="Größe 日本語"):
    EmptyOperator(task_id="ﬁle") >> EmptyOperator(task_id="file")
    EmptyOperator(task_id="ñ") >> EmptyOperator(task_id="n\u0303a"[0] + "_tilde")
    EmptyOperator(task_id="١٢٣") >> EmptyOperator(task_id="x٣")
    EmptyOperator(task_id="ªº") >> EmptyOperator(task_id="ao")

    @task
    def überprüfe(größe: int = 3) -> int:
        return größe

    überprüfe()
