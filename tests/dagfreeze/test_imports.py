"""Names of imports: each means one thing, reads as it is written, and comes from where people import it."""

from __future__ import annotations

import json
import operator
import os
import pathlib
import sys
import types
from typing import Any

import pendulum
import pytest
from airflow.sdk import Asset, TriggerRule
from airflow.sdk.definitions.timetables.simple import OnceTimetable

from dagfreeze.refusal import Refused
from dagfreeze.values.imports import Imports, origin


def local_class() -> type:
    class Local: ...

    return Local


def test_a_name_is_imported_once() -> None:
    imports = Imports()
    names = [imports.name("a.b", "C"), imports.name("a.b", "C.D"), imports.name("a.b", "C")]
    assert names == ["C", "C.D", "C"]
    assert imports.lines() == (("a.b", "C", ""),)


def test_modules_of_one_package_share_its_name() -> None:
    imports = Imports()
    assert [imports.module("a.b"), imports.module("a.c"), imports.module("a")] == ["a.b", "a.c", "a"]
    assert imports.lines() == (("a", "", ""), ("a.b", "", ""), ("a.c", "", ""))


def test_names_that_are_taken_get_an_alias() -> None:
    imports = Imports(taken={"C", "a", "e", "d_f"})
    names = [imports.name("a.b", "C.D"), imports.module("a.b"), imports.module("e"), imports.name("d", "f")]
    assert names == ["a_b_C.D", "a_b", "e_module", "f"]


def test_an_alias_that_is_taken_is_made_longer() -> None:
    assert Imports(taken={"b", "a_b", "a_b_"}).name("a", "b") == "a_b__"


@pytest.mark.parametrize("first", [0, 1])
def test_two_meanings_of_a_name_never_meet(first: int) -> None:
    imports = Imports()
    requests = [lambda: imports.name("datetime", "time"), lambda: imports.module("time")]
    names = {requests[first](), requests[1 - first]()}
    assert names in ({"time", "time_module"}, {"time", "datetime_time"})
    assert len(imports.lines()) == 2


def test_no_import_hides_a_builtin() -> None:
    imports = Imports()
    assert imports.name("a", "print") == "a_print"
    assert imports.name("builtins", "print") == "print"
    assert imports.lines() == (("a", "print", "a_print"),)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("a; import os", "b"),
        ("a", "b; c"),
        ("a", "b as c"),
        ("", "a"),
        ("a", "class"),
        ("a.", "b"),
        ("a", "\u3164"),
    ],
)
def test_no_name_can_be_code(module: str, name: str) -> None:
    with pytest.raises(Refused, match="cannot be written as a name"):
        Imports().name(module, name)
    with pytest.raises(Refused, match="cannot be written as a name"):
        Imports().module(f"{module}.{name}")


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (Asset, ("airflow.sdk", "Asset")),
        (TriggerRule, ("airflow.sdk", "TriggerRule")),
        (OnceTimetable, ("airflow.sdk.definitions.timetables.simple", "OnceTimetable")),
        (pendulum.DateTime, ("pendulum", "DateTime")),
        (pathlib.PurePosixPath, ("pathlib", "PurePosixPath")),
        (json.JSONDecodeError, ("json", "JSONDecodeError")),
        (operator.add, ("operator", "add")),
        (os.path.join, ("os.path", "join")),
        (os.getcwd, ("os", "getcwd")),
        (str.upper, ("builtins", "str.upper")),
        (local_class(), None),
        (print, ("builtins", "print")),
        (5, None),
    ],
)
def test_people_import_from_where_it_is_offered(value: Any, place: tuple[str, str] | None) -> None:
    assert origin(value) == place


def test_what_airflow_names_after_a_dag_file_is_not_importable(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("unusual_prefix_1_dags")
    module.__spec__ = sys.modules[__name__].__spec__
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec("class Own: ...", vars(module))
    assert origin(vars(module)["Own"]) is None
