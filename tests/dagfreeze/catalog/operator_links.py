"""An operator with a link of its own that a class of the file makes."""
# expect: frozen or refused: link

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, BaseOperatorLink


class Handbook(BaseOperatorLink):
    name = "Handbook"

    def get_link(self, operator, *, ti_key):
        return f"https://handbook.example/{operator.task_id}"


class Documented(EmptyOperator):
    operator_extra_links = (Handbook(),)


with DAG("operator_links", schedule=None):
    Documented(task_id="documented")
