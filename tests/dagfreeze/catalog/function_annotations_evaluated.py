"""Annotations that are evaluated when the function is made: objects of the file, calls, and text."""
# expect: frozen

from typing import Annotated, Literal, TypeVar

from airflow.sdk import DAG, task

T = TypeVar("T", bound=int)


class Money(int):
    pass


def unit(name):
    return Annotated[int, name]


with DAG("function_annotations_evaluated", schedule=None):

    @task
    def pay(
        amount: Money = Money(3),
        how: Literal["cash", "card"] = "cash",
        at: unit("m") = 1,
        *,
        to: "Nobody" = None,
    ):
        return amount

    @task
    def same(x: T, y: "T | None" = None) -> T:
        return x

    same(pay())
