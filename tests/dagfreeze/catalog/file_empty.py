"""Is empty but for this, and for the words airflow and DAG."""
# expect: no DAGs
