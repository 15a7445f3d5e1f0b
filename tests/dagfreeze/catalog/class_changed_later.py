"""A class of the file is changed after it was made: a method exchanged, an attribute added, one removed."""
# expect: refused: Echo

from airflow.sdk import DAG, BaseOperator


class Echo(BaseOperator):
    word = "a"
    spare = True

    def execute(self, context):
        return self.word


Echo.word = "b"
Echo.execute = lambda self, context: (self.word, self.added)
Echo.added = 3
del Echo.spare

with DAG("class_changed_later", schedule=None):
    Echo(task_id="echo")
