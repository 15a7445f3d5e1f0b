"""Functions with classes of the file: inheritance, super, mangled names, properties, metaclass, slots, nested."""
# expect: frozen

from abc import ABC, abstractmethod
from typing import ClassVar

from airflow.sdk import DAG, task

RATE = 1.1


class Registry(type):
    known: ClassVar[list] = []

    def __new__(mcls, name, bases, namespace, **options):
        made = super().__new__(mcls, name, bases, namespace)
        made.options = options
        return made


class Shape(ABC):
    @abstractmethod
    def area(self): ...

    @property
    def priced(self):
        return self.area() * RATE


class Square(Shape):
    __slots__ = ("__side",)

    class Corner:
        degrees = 90

    def __init__(self, side):
        super().__init__()
        self.__side = side

    def area(self):
        return self.__side**2 * self.Corner.degrees / 90 if __class__ is Square else 0

    @classmethod
    def unit(cls):
        return cls(1)

    @staticmethod
    def sides():
        return 4


class Plug(metaclass=Registry, size=3):
    """Has a metaclass of the file."""


with DAG("function_classes", schedule=None):

    @task
    def measure():
        return Square.unit().priced, Square(3).area(), Square.sides(), Plug.options

    measure()
