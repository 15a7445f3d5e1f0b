"""@task_group with arguments, defaults, a returned XCom, .override, and a group within."""
# expect: frozen

from airflow.sdk import DAG, task, task_group

with DAG("group_by_decorator", schedule=None):

    @task
    def add(x: int, y: int) -> int:
        return x + y

    @task_group(tooltip="adds", default_args={"retries": 4})
    def twice(x: int, step: int = 1) -> int:
        """Add twice.

        The tooltip wins over this.
        """
        return add(add(x, step), step)

    @task_group(group_id="four_times", prefix_group_id=False)
    def four(x):
        """Four times, said by the docstring."""
        return twice.override(group_id="second")(twice(x), step=2)

    add(four(1), 5)
    twice.override(group_id="again", default_args={"retries": 0})(3) >> add(0, 0)
