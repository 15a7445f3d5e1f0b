"""Which class a written file calls for a DAG or a group whose own class has a constructor with other arguments."""

from __future__ import annotations

from typing import Any


def written_class(made: Any) -> type:
    """The class of a DAG or a task group, or Airflow's own where that has a constructor of its own.

    Cosmos' ``DbtDag`` is such a one: it is called with a project and makes tasks of it; what is left is a DAG.
    """
    from airflow.sdk import DAG
    from airflow.sdk.definitions.taskgroup import MappedTaskGroup, TaskGroup

    own: list[type] = []
    for kind in type(made).__mro__:
        if kind in (DAG, TaskGroup, MappedTaskGroup):
            return kind if any("__init__" in vars(one) for one in own) else type(made)
        own.append(kind)
    return type(made)


def fields(made: Any) -> frozenset[str] | None:
    """Names of the attributes that the written class knows; None when all attributes are its own."""
    kind = written_class(made)
    return None if kind is type(made) else frozenset(one.name for one in vars(kind)["__attrs_attrs__"])
