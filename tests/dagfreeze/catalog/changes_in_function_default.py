"""A function's default argument is the time of the import."""
# expect: frozen, names: when

from datetime import datetime, timezone

from airflow.sdk import DAG, task

with DAG("changes_in_function_default", schedule=None):

    @task
    def stamp(when=datetime.now(timezone.utc)):
        return when.isoformat()

    stamp()
