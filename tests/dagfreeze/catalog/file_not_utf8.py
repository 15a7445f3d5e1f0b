"""Is not UTF-8 and does not say so."""
# expect: import error

from airflow.sdk import DAG

dag = DAG("file_not_utf8", schedule=None, description="Größe")
