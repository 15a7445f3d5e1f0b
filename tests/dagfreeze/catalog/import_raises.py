"""Raises an exception after half of its DAGs: Airflow takes none of them."""
# expect: import error

from airflow.sdk import DAG

for number in (1, 2, 3):
    globals()[f"dag_{number}"] = DAG(
        f"import_raises_{number}", schedule=None, max_active_runs=3 // (3 - number)
    )
