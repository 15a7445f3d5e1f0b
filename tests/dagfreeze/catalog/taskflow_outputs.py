"""TaskFlow with several outputs: declared, inferred from the annotation, and refused by hand."""
# expect: frozen

from typing import TypedDict

from airflow.sdk import DAG, task


class Sizes(TypedDict):
    small: int
    large: int


with DAG("taskflow_outputs", schedule=None):

    @task(multiple_outputs=True)
    def declared():
        return {"a": 1, "b": [2, 3]}

    @task
    def inferred() -> dict[str, int]:
        return {"x": 1}

    @task(multiple_outputs=False)
    def by_hand() -> dict:
        return {"x": 1}

    @task
    def typed(sizes: "Sizes", *more: int, **named: int) -> Sizes:
        return sizes

    outputs = declared()
    typed({"small": outputs["a"], "large": inferred()["x"]}, outputs["b"], by_hand(), last=outputs)
