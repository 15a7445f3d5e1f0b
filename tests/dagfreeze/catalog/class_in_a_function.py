"""An operator class that stands in a function and uses the function's argument."""
# expect: frozen or refused: Echo

from airflow.sdk import DAG, BaseOperator


def operator_for(word):
    class Echo(BaseOperator):
        said = word

        def execute(self, context):
            return word, self.said

    return Echo


with DAG("class_in_a_function", schedule=None):
    operator_for("one")(task_id="one") >> operator_for("two")(task_id="two")
