"""Params that the factory adds, changes and takes away once the DAG is there."""
# expect: frozen

from airflow.sdk import DAG, Param, task

with DAG(
    "params_changed_later",
    schedule=None,
    params={"n": 1, "m": Param("x", type="string"), "gone": 2, "deep": {"a": [1]}, "kept": [{"b": {}}], "new": Param(1)},
    default_args={"params": {"also": "x"}},
) as dag:
    dag.params["n"] = 5
    dag.params["m"] = "y"
    dag.params["deep"] = {"a": [1, 2]}
    dag.params["new"] = Param(1, type="integer")
    dag.params["also"] = "z"
    dag.params["added"] = 3
    del dag.params["gone"]

    @task
    def show(params):
        print(params)

    show()

with DAG("params_all_removed", schedule=None, params={"a": 1}) as other:
    del other.params["a"]
