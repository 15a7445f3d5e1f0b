"""Annotations in quotes, which a task asks for the classes that they name."""
# expect: frozen

import typing
from dataclasses import dataclass
from typing import Literal

from airflow.sdk import DAG, task


@dataclass
class Item:
    number: int


@dataclass
class Order:
    items: "list['Item']"
    of: "typing.Optional['Order']" = None
    kind: Literal["a kind"] = "a kind"


def price(order: Order) -> "Price":
    return Price(3)


class Price(int):
    pass


with DAG("annotations_quoted", schedule=None):

    @task
    def ask():
        return str(typing.get_type_hints(Order)), str(typing.get_type_hints(price))

    ask()
