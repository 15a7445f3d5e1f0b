echo "{{ ds }} in {{ dag.dag_id }}" # a script beside the DAG
