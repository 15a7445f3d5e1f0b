"""Dynamic mapping of TaskFlow: partial and expand, two factors, dicts, expand_kwargs, map_index_template."""
# expect: frozen

from airflow.sdk import DAG, task

with DAG("taskflow_mapped", schedule=None):

    @task
    def numbers() -> list[int]:
        return [1, 2, 3]

    @task
    def add(x: int, y: int = 0, **more) -> int:
        return x + y

    @task(map_index_template="{{ ti.map_index }} of {{ x }}", max_active_tis_per_dagrun=2)
    def show(x):
        return x

    plain = add.expand(x=[1, 2, 3])
    product = add.partial(more=5).expand(x=numbers(), y=[10, 20])
    over_a_dict = show.expand(x={"a": 1, "b": 2})
    show.override(task_id="again", retries=4).expand(x=product)
    add.override(task_id="kwargs").expand_kwargs([{"x": 1}, {"x": 2, "y": plain}])
    add.override(task_id="kwargs_partial").partial(y=numbers()).expand_kwargs(
        numbers.override(task_id="dicts")().map(lambda n: {"x": n})
    )
    add.override(task_id="empty").expand(x=[])
    over_a_dict >> show.override(task_id="last")(plain)
