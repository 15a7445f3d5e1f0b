"""A configuration checked by pydantic: its objects are arguments, its class stands in the file."""
# expect: frozen or refused: Step

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG
from pydantic import BaseModel, Field


class Step(BaseModel):
    name: str
    size: int = Field(default=1, gt=0)
    tags: list[str] = []


def run(step: Step, **more):
    return step.model_dump_json()


with DAG("value_of_pydantic", schedule=None):
    for raw in ({"name": "one", "size": "3"}, {"name": "two", "tags": ["a"]}):
        step = Step.model_validate(raw)
        PythonOperator(task_id=step.name, python_callable=run, op_kwargs={"step": step})
