"""Edges put in and taken out by hand, and a label set without an edge's sign."""
# expect: refused: downstream_task_ids

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, chain

with DAG("edges_removed_again", schedule=None) as dag:
    a, b, c, d = (EmptyOperator(task_id=name) for name in "abcd")
    chain(a, b, c, d)
    b.downstream_task_ids.remove("c")
    c.upstream_task_ids.remove("b")
    b.downstream_task_ids.add("d")
    d.upstream_task_ids.add("b")
    dag.set_edge_info("a", "b", {"label": "by hand"})
    dag.set_edge_info("a", "d", {"label": "without an edge"})
