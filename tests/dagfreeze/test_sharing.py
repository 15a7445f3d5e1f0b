"""What the functions of a task have in common is part of a DAG's form, and what nobody can tell apart is not."""

from __future__ import annotations

import datetime
import functools
import re
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pydantic
import pytest
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, Asset

from dagfreeze.identity import is_object
from dagfreeze.proof.forms import dag_form, differences, digest


class Mark:
    pass


@dataclass(frozen=True)
class Frozen:
    x: int


class Job:
    def __init__(self) -> None:
        self.rows: list[int] = []

    def run(self) -> None:
        self.rows.append(1)

    def report(self, context: Any) -> None:
        print(self.rows)


Job.__module__ = Mark.__module__ = "unusual_prefix_1_file"  # of a DAG file


def keeper(value: Any) -> Any:
    def keep(context: Any = None) -> Any:
        return value

    return keep


def counter(total: int = 0) -> tuple[Any, Any]:
    def add() -> None:
        nonlocal total
        total += 1

    def read(context: Any) -> int:
        return total

    return add, read


def form(callable_: Any, callback: Any, *, one_task: bool = True, **kwargs: Any) -> dict[str, Any]:
    """Form a DAG whose functions are of a DAG file."""
    for function in (callable_, callback):
        plain = getattr(function, "__func__", function)
        if hasattr(plain, "__qualname__"):
            plain.__module__ = "unusual_prefix_1_file"
    with DAG("d", schedule=None) as dag:
        PythonOperator(
            task_id="a",
            python_callable=callable_,
            on_success_callback=callback if one_task else None,
            **kwargs,
        )
        if not one_task:
            PythonOperator(task_id="b", python_callable=callback)
    return dag_form(dag)


@dataclass(frozen=True)
class Holder:
    rows: Any


class Model(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(frozen=True)
    rows: dict[str, int]


@pytest.mark.parametrize(
    "make",
    [
        list,
        dict,
        set,
        Mark,
        object,
        lambda: [1],
        lambda: {"a": Mark()},
        lambda: Holder({}),  # compares by what it holds, and that may change
        lambda: Model(rows={}),
        lambda: Asset("a"),
    ],
)
def test_functions_of_a_task_keep_one_object_or_two(make: Any) -> None:
    one, other = make(), make()

    def pair(first: Any, second: Any, **kwargs: Any) -> dict[str, Any]:
        return form(keeper(first), functools.partial(keeper(1), second), **kwargs)

    assert digest(pair(one, one)) == digest(pair(other, other))
    assert digest(pair(one, one)) != digest(pair(one, other))
    (sentence,) = differences(pair(one, one), pair(one, other))
    assert sentence.startswith('task "a": ') and sentence.endswith(" are one object, written as several")
    (sentence,) = differences(pair(one, other), pair(one, one))
    assert sentence.endswith(" are several objects, written as one")
    assert digest(pair(one, one, one_task=False)) == digest(pair(one, other, one_task=False))


@pytest.mark.parametrize(
    "value",
    [
        1,
        "a",
        (1, 2),
        datetime.timedelta(1),
        Path("/a"),
        re.compile("a"),
        uuid.UUID(int=1),
        Frozen(1),
        Holder((1,)),
    ],
)
def test_nobody_asks_which_one_of_equal_values_it_is(value: Any) -> None:
    assert not is_object(value)


def test_methods_of_one_object_are_not_those_of_two() -> None:
    job = Job()
    one = form(job.run, job.report)
    assert digest(one) == digest(form(job.run, job.report))
    (sentence,) = differences(one, form(Job().run, Job().report))
    assert sentence == (
        'task "a": object of method report and object of method run are one object, written as several'
    )


def test_functions_share_a_variable_that_one_of_them_sets() -> None:
    one, two = form(*counter()), form(counter()[0], counter()[1])
    (sentence,) = differences(one, two)
    assert "closure variable total of function add" in sentence


def test_an_argument_that_airflow_does_not_render_is_one_list_or_two() -> None:
    rows = [1]
    shared = form(keeper(1), keeper(2), executor_config={"a": rows, "b": rows})
    (sentence,) = differences(shared, form(keeper(1), keeper(2), executor_config={"a": [1], "b": [1]}))
    assert sentence.endswith(" are one object, written as several")
    shared = form(keeper(rows), keeper(2), executor_config={"a": rows})
    (sentence,) = differences(shared, form(keeper(rows), keeper(2), executor_config={"a": [1]}))
    assert "closure variable value" in sentence


def test_an_object_in_a_list_that_airflow_renders_is_one_or_two() -> None:
    mark = Mark()
    shared = form(keeper(mark), keeper(2), op_args=[mark])
    assert digest(shared) == digest(form(keeper(mark), keeper(2), op_args=[mark]))
    assert digest(shared) != digest(form(keeper(mark), keeper(2), op_args=[Mark()]))
    assert digest(form(keeper(1), keeper(2), op_args=[mark, mark])) != digest(
        form(keeper(1), keeper(2), op_args=[mark, Mark()])
    )


def test_arguments_that_airflow_renders_may_be_one_list_or_two() -> None:
    rows = [1]
    shared = form(keeper(1), keeper(2), op_args=[rows, rows], params={"a": rows})
    assert digest(shared) == digest(form(keeper(1), keeper(2), op_args=[[1], [1]], params={"a": [1]}))
    assert digest(form(keeper(rows), keeper(2), op_args=rows)) == digest(
        form(keeper(rows), keeper(2), op_args=[1])
    )


def test_one_function_may_be_written_twice() -> None:
    rows: list[int] = []
    keep = keeper(rows)
    assert digest(form(keep, keep)) == digest(form(keep, keeper(rows)))
