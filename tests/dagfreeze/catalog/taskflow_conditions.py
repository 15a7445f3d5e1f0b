"""run_if and skip_if: each wraps the task's hook with a condition that is a function of the file."""
# expect: frozen

from airflow.sdk import DAG, task


def is_even(context) -> bool:
    return context["ti"].map_index % 2 == 0


with DAG("taskflow_conditions", schedule=None):

    @task.run_if(is_even, skip_message="odd")
    @task
    def even():
        return "even"

    @task.skip_if(lambda context: is_even(context))
    @task.bash
    def odd():
        return "echo odd"

    even() >> odd()
