"""Templates in files beside the DAG: a script, SQL with an include, and a text that only looks like a file."""
# expect: frozen or refused: template

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, BaseOperator


class Query(BaseOperator):
    template_fields = ("sql", "parameters")
    template_ext = (".sql",)
    template_fields_renderers = {"sql": "sql"}

    def __init__(self, *, sql, parameters=None, **kwargs):
        super().__init__(**kwargs)
        self.sql, self.parameters = sql, parameters

    def execute(self, context):
        return self.sql


with DAG("template_file_beside_it", schedule=None):
    BashOperator(task_id="script", bash_command="templates/say.sh")
    Query(task_id="query", sql="templates/query.sql", parameters={"table": "{{ ds }}"})
    Query(task_id="queries", sql=["templates/query.sql", "select 1"])
    BashOperator(task_id="no_file", bash_command="templates/say.sh ")
