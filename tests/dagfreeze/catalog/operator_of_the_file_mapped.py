"""A class of the file, mapped: the class is called at run time only, with what is given here."""
# expect: frozen

from airflow.sdk import DAG, BaseOperator, task

FACTOR = 3


class Multiply(BaseOperator):
    template_fields = ("number",)

    def __init__(self, *, number, unit="m", **kwargs):
        super().__init__(**kwargs)
        self.number, self.unit = number, unit

    def execute(self, context):
        return f"{int(self.number) * FACTOR} {self.unit}"


with DAG("operator_of_the_file_mapped", schedule=None):

    @task
    def lengths():
        return [{"number": 1}, {"number": 2, "unit": "km"}]

    Multiply.partial(task_id="some", retries=2).expand(number=[1, "{{ 2 }}"])
    Multiply.partial(task_id="pairs", unit="mm").expand_kwargs(lengths())
