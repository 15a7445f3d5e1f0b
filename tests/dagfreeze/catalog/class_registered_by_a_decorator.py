"""A class that its decorator registers with an abstract base class, of the file and of Python itself."""
# expect: frozen

import abc
import collections.abc

from airflow.sdk import DAG, task


class Shape(abc.ABC): ...


@collections.abc.Sized.register
@Shape.register
class Circle: ...


with DAG("class_registered_by_a_decorator", schedule=None):

    @task
    def is_shape():
        return isinstance(Circle(), Shape), isinstance(Circle(), collections.abc.Sized)

    is_shape()
