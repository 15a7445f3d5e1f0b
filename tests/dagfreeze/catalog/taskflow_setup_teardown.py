"""Set up and tear down: decorators, as_setup and as_teardown, contexts, and a teardown that fails the run."""
# expect: frozen

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, TaskGroup, setup, task, teardown

with DAG("taskflow_setup_teardown", schedule=None):

    @setup
    def create(name: str):
        return name

    @teardown(on_failure_fail_dagrun=True)
    def delete(name: str):
        return name

    @task
    def work(n):
        return n

    with delete(create("cluster")):
        work(1) >> work(2)

    with TaskGroup("classic"):
        begin = BashOperator(task_id="begin", bash_command="true").as_setup()
        end = BashOperator(task_id="end", bash_command="true").as_teardown(setups=begin)
        with end:
            BashOperator(task_id="inside", bash_command="true")
        begin >> BashOperator(task_id="by_arrow", bash_command="true") >> end

    one = work.override(task_id="one")(0).as_setup()
    many = [BashOperator(task_id=f"setup_{n}", bash_command="true").as_setup() for n in range(2)]
    last = BashOperator(task_id="last", bash_command="true")
    (
        many
        >> work.override(task_id="middle")(5)
        >> last.as_teardown(setups=[one, *many], on_failure_fail_dagrun=True)
    )
