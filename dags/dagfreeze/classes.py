"""Which class a written file calls for a DAG or a group whose own class has a constructor with other arguments."""

from __future__ import annotations

from importlib.metadata import packages_distributions
from typing import Any

from dagfreeze.refusal import Refused

CONSTRUCTOR = frozenset(
    {
        "__init__",
        "__module__",
        "__qualname__",
        "__doc__",
        "__dict__",
        "__weakref__",
        "__slots__",
        "__annotations__",
        "__annotate__",
        "__parameters__",
        "__abstractmethods__",
        "_abc_impl",
        "__orig_bases__",
        "__firstlineno__",
        "__static_attributes__",
    }
)
"""What a class has that does nothing but make its objects in another way."""


def written_class(node: Any) -> type:
    """The class of a DAG or a task group, or Airflow's own where that has a constructor of its own.

    Cosmos' ``DbtDag`` is such a one: it is called with a project and makes tasks of it; what is left is a DAG.
    """
    classes = _own_classes(node)
    plain = type(node).__mro__[len(classes)]
    return plain if any("__init__" in vars(one) for one in classes) else type(node)


def _own_classes(node: Any) -> list[type]:
    """The classes of a DAG or a group before Airflow's own."""
    from airflow.sdk import DAG
    from airflow.sdk.definitions.taskgroup import MappedTaskGroup, TaskGroup

    kinds = type(node).__mro__
    return [*kinds[: next(at for at, kind in enumerate(kinds) if kind in (DAG, TaskGroup, MappedTaskGroup))]]


def check_nothing_lost(node: Any) -> None:
    """See to it that Airflow's own class does all that the class of a DAG or a group does.

    What the constructor of an installed package keeps for itself, such as Cosmos' map of its tasks, may go.

    Raises:
        Refused: with what would be lost.
    """
    names = fields(node)
    if names is None:
        return
    classes = _own_classes(node)
    lost = [name for kind in classes for name in vars(kind) if name not in CONSTRUCTOR]
    if not {kind.__module__.partition(".")[0] for kind in classes} <= packages_distributions().keys():
        lost += [name for name in getattr(node, "__dict__", {}) if name not in names]
    if lost:
        raise Refused(
            f"its class {type(node).__name__} has a constructor of its own, so that the frozen file makes a "
            f"{written_class(node).__name__}, which has no {lost[0]}",
            "Make it by a function in place of the constructor; or leave the constructor as it is in Airflow.",
        )


def fields(node: Any) -> frozenset[str] | None:
    """Names of the attributes that the written class knows; None when all attributes are its own."""
    kind = written_class(node)
    return None if kind is type(node) else frozenset(one.name for one in vars(kind)["__attrs_attrs__"])
