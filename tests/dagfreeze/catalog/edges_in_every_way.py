"""chain, chain_linear, cross_downstream, arrows of lists and groups, edges said twice and by upstream, labels."""
# expect: frozen

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, Label, TaskGroup, chain, chain_linear, cross_downstream

with DAG("edges_in_every_way", schedule=None):
    t = [EmptyOperator(task_id=f"t{number:02}") for number in range(20)]
    with TaskGroup("g") as g:
        EmptyOperator(task_id="x") << EmptyOperator(task_id="y")
    chain(t[0], [t[1], t[2]], [t[3], t[4]], t[5])
    chain_linear(t[5], [t[6], t[7]], [t[8], t[9]])
    cross_downstream([t[8], t[9]], [t[10], t[11]])
    [t[10], t[11]] >> g >> Label("after g") >> [t[12], t[13]]
    t[14] << Label("backwards") << [t[12], t[13]]
    t[15].set_upstream(t[14], edge_modifier=Label("set"))
    t[14] >> t[15]
    t[15] >> [t[16], g] if False else t[15] >> t[16]
    chain(t[16], Label("one"), t[17], Label("two"), t[18])
    t[19].set_downstream([])
    t[0] >> Label('quote " and \\ and {{ braces }}') >> t[19]
