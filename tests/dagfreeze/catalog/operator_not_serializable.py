"""Airflow itself cannot store this operator: a template field holds what no serializer knows and raises."""
# expect: refused: cannot

from airflow.sdk import DAG, BaseOperator


class Hedgehog:
    def __str__(self):
        raise RuntimeError("do not touch")

    __repr__ = __str__


class Keeper(BaseOperator):
    template_fields = ("animal",)

    def __init__(self, animal, **kwargs):
        super().__init__(**kwargs)
        self.animal = animal


with DAG("operator_not_serializable", schedule=None):
    Keeper(task_id="keeper", animal=Hedgehog())
