"""An attribute that no class knows, set after the constructor, which the operator's own method reads."""
# expect: frozen

from airflow.sdk import DAG, BaseOperator


class Reader(BaseOperator):
    def execute(self, context):
        return self.hint["colour"]


with DAG("operator_attributes_unknown", schedule=None):
    reader = Reader(task_id="reader")
    reader.hint = {"colour": ("red", 3)}
