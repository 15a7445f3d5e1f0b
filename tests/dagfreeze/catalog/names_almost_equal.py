"""Task names that differ only in what a variable's name cannot hold."""
# expect: frozen

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, chain

with DAG("names_almost_equal", schedule=None):
    chain(
        *(
            EmptyOperator(task_id=name)
            for name in ("a-b", "a.b", "a_b", "A_B", "a__b", "_a_b", "1a_b", "a_b_1")
        )
    )
    chain(*(EmptyOperator(task_id=name) for name in ("a_b_2", "a-b-2", "_", "__", "-", ".", "--")))
