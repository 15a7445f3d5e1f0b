"""One list that an operator has twice, and that has no name of the file."""
# expect: refused: are one object

from airflow.sdk import DAG, BaseOperator


class Collect(BaseOperator):
    def __init__(self, source, target, **kwargs):
        super().__init__(**kwargs)
        self.source, self.target = source, target

    def execute(self, context):
        self.source.append(1)
        return self.target


def make(dag_id):
    rows = [1]
    with DAG(dag_id, schedule=None):
        Collect(task_id="collect", source=rows, target=rows)


make("identity_of_local_arguments")
