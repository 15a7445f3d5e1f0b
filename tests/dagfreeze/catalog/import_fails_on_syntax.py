"""Is not Python."""
# expect: import error

from airflow.sdk import DAG

with DAG("import_fails_on_syntax", schedule=None)
    pass
