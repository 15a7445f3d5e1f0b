"""The value of a task as the DAG's result, a literal that is no template, and arguments by keyword only."""
# expect: frozen

from airflow.sdk import DAG, literal, task

with DAG("taskflow_result", schedule=None):

    @task
    def only(*, a, b: str = "{{ ds }}", c=literal("{{ ds }}")):
        return a, b, c

    only(a=literal("{{ raw }}")) >> only(a=[literal("{{ x }}"), "{{ ds }}"], b=literal("{% y %}"))
