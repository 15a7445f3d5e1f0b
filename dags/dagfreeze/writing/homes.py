"""Tells where values are at home: in a module that can be imported, in the DAG file alone, or in the DAG itself."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import CellType, FunctionType, ModuleType
from typing import Any

from dagfreeze.importable import attribute, is_importable, is_installed
from dagfreeze.refusal import Refused
from dagfreeze.values import imports
from dagfreeze.writing import source, syntax

Import = tuple[str, str, str]
"""Module, name or "", alias or ""."""


@dataclass(frozen=True)
class Top:
    """Something that stands at the top of a written file, because copied functions look it up there.

    Attributes:
        code: its definition; empty when an import is enough.
        needs: names that must be defined before.
        imports: modules and names that the definition needs: (module, name or "", alias or "").
        line: where its definition stands in the DAG file; definitions keep their order.
    """

    code: str
    needs: tuple[str, ...]
    imports: tuple[Import, ...]
    line: float


def needed(tops: Mapping[str, Top], names: Iterable[str]) -> set[str]:
    """Names of definitions, with those that these need."""
    needs: set[str] = set()
    waiting = [*names]
    while waiting:
        name = waiting.pop()
        if name not in needs:
            needs.add(name)
            waiting += tops[name].needs
    return needs


def own_decorators(node: syntax.Definition, namespace: Mapping[str, Any]) -> list[ast.expr]:
    """Decorators of a definition but for those of Airflow, which are written by what they were given."""
    return [one for one in node.decorator_list if not _is_airflows(one, namespace)]


def is_behind_task(node: syntax.Definition, namespace: Mapping[str, Any]) -> bool:
    """Whether a task is made by a decorator of Airflow, and not inside of one of the reader's own."""
    return any(
        _is_airflows(one, namespace) and _last_name(one) not in ("setup", "teardown")
        for one in node.decorator_list
    )


def _is_airflows(decorator: ast.expr, namespace: Mapping[str, Any]) -> bool:
    root = next(syntax.names(decorator), "")
    value = namespace.get(root)
    return (attribute(value, "__module__") or type(value).__module__).startswith("airflow.")


def _last_name(decorator: ast.expr) -> str:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return ast.unparse(called).rpartition(".")[2]


def is_bare(value: object) -> bool:
    """Whether a value is what a ``def`` alone makes, without a decorator that has put something around it."""
    return isinstance(value, FunctionType) and not (hasattr(value, "__wrapped__") or value.__closure__)


def is_decorated(value: object) -> bool:
    """Whether a value is a function behind ``@task`` or one of its kin."""
    return getattr(type(value), "_airflow_is_task_decorator", False) is True


def is_made_again(one: Any, other: Any, decorators: Mapping[int, Mapping[str, Any]]) -> bool:
    """Whether a loop has made two functions of one definition, and nothing tells them apart.

    Args:
        one: a function, or one behind ``@task``.
        other: another one.
        decorators: arguments of the decorators, by the identity of the decorated function.
    """
    if type(one) is not type(other):
        return False
    if is_decorated(one):
        arguments, other_arguments = ({**decorators.get(id(each), {}), "": None} for each in (one, other))
        return not _differ(arguments, other_arguments) and is_made_again(one.function, other.function, {})
    return (
        isinstance(one, FunctionType)
        and one.__code__ is other.__code__
        and not one.__closure__
        and not _differ(dict(enumerate(one.__defaults__ or ())), dict(enumerate(other.__defaults__ or ())))
        and not _differ(one.__kwdefaults__ or {}, other.__kwdefaults__ or {})
        and not _differ(vars(one), vars(other))
    )


def _differ(one: Mapping[Any, Any], other: Mapping[Any, Any]) -> bool:
    return one.keys() != other.keys() or any(one[key] is not other[key] for key in one)


def is_local(function: FunctionType) -> bool:
    """Whether a function cannot be imported by its name, so that its text must be copied."""
    return not is_at(function, function.__module__, function.__qualname__)


def is_node(value: object) -> bool:
    """Whether a value is a task, a group, a DAG, or what a task returns."""
    from airflow.sdk import DAG
    from airflow.sdk.definitions._internal.expandinput import MappedArgument
    from airflow.sdk.definitions._internal.mixins import DependencyMixin
    from airflow.sdk.definitions.decorators.task_group import _TaskGroupFactory
    from airflow.sdk.definitions.param import DagParam

    return isinstance(value, DAG | DependencyMixin | DagParam | MappedArgument | _TaskGroupFactory)


def closure(function: FunctionType) -> dict[str, Any]:
    """What a function keeps of the functions around it.

    Raises:
        Refused: when one of these variables has no value.
    """
    cells: tuple[CellType, ...] = function.__closure__ or ()
    try:
        return {
            name: cell.cell_contents for name, cell in zip(function.__code__.co_freevars, cells, strict=True)
        }
    except ValueError:
        raise Refused(f"{function.__qualname__} uses a variable that has no value") from None


def is_at(value: object, module: str, qualname: str) -> bool:
    """Whether a module that can be imported has the value under a name."""
    if not module or module == "__main__" or module.startswith("unusual_prefix_"):
        return False
    if not is_importable(module):
        return False
    place: Any = sys.modules.get(module)
    for part in qualname.split("."):
        place = attribute(place, part)
    return place is value


def is_natural(name: str, value: Any) -> bool:
    """Whether a name of the DAG file is what an import would call the value anyway."""
    if isinstance(value, ModuleType):
        return value.__name__ == name
    if is_at(value, "airflow.sdk", name):
        return True
    return attribute(value, "__name__") == name and is_at(value, attribute(value, "__module__") or "", name)


def import_of(name: str, value: Any, namespace: Mapping[str, Any], module: ModuleType) -> Import | None:
    """The import that gives a name its value, if there is one.

    Args:
        name: the name.
        value: what it means.
        namespace: where it does so.
        module: the DAG file.
    """
    home = namespace.get("__name__", "")
    if isinstance(value, ModuleType):
        return module_import(value, name)
    if home != module.__name__ and is_at(value, home, name):
        return (home, name, "")
    if isinstance(value, type | FunctionType) or callable(value):
        entry = source.source_of(module.__file__ or "").imported(name)
        if entry and is_at(value, *entry[:2]):
            return _as_in_dags(entry, value)
        origin, value_name = attribute(value, "__module__") or "", attribute(value, "__name__", "")
        if is_at(value, origin, value_name):
            return (origin, value_name, "" if value_name == name else name)
    return None


def _as_in_dags(entry: Import, value: Any) -> Import:
    """An import of Airflow's or of the reader's own as the code of DAGs has it, so that a name has one origin."""
    home = imports.origin(value)
    is_other = entry[0].partition(".")[0] != "airflow" and is_installed(entry[0])
    if home is None or is_other or "." in home[1]:
        return entry
    name = entry[2] or entry[1]
    return (*home, "" if name == home[1] else name)


def module_import(module: ModuleType, name: str) -> Import:
    if module.__name__.startswith("unusual_prefix_"):  # Airflow's name for the DAG file
        raise Refused(
            f"a function looks names up in the module of its own file, {name!r}", "Let it name what it reads."
        )
    if sys.modules.get(module.__name__) is not module or not is_importable(module.__name__):
        raise Refused(f"the module {module.__name__} cannot be imported by its name")
    if module.__name__ == name:
        return (name, "", "")
    package, _, last = module.__name__.rpartition(".")
    if package and last == name:
        return (package, name, "")
    return (module.__name__, "", name)
