"""A custom operator and a custom sensor whose methods use names of the file."""
# expect: frozen

import json
from collections.abc import Sequence
from typing import Any, ClassVar

from airflow.sdk import DAG, BaseOperator, BaseSensorOperator, PokeReturnValue

UNITS = {"kg": 1.0, "g": 0.001}


def to_kilograms(value: float, unit: str) -> float:
    return value * UNITS[unit]


class Weigh(BaseOperator):
    template_fields: Sequence[str] = ("amount",)
    seen: ClassVar[list[float]] = []

    def __init__(self, amount: str, unit: str = "kg", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.amount = amount
        self.unit = unit

    def execute(self, context):
        self.seen.append(to_kilograms(float(self.amount), self.unit))
        return json.dumps(self.seen)


class Scale(BaseSensorOperator):
    limit = 3

    def poke(self, context):
        return PokeReturnValue(is_done=self.limit > len(UNITS), xcom_value=UNITS)


with DAG("operator_of_the_file", schedule=None, default_args={"unit": "g"}):
    Weigh(task_id="defaulted", amount="{{ var.value.amount }}") >> Weigh(task_id="own", amount="5", unit="kg")
    Scale(task_id="scale", poke_interval=7, mode="reschedule")
