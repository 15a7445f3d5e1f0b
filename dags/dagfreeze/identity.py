"""Tells for which values it counts which one of several equal ones somebody has."""

from __future__ import annotations

import functools
import logging
import sys
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

from dagfreeze.importable import is_installed

CACHED = 2000
"""Classes of which the answer is kept; not all, because a class keeps its file's module."""

NAMED = (
    *(type, FunctionType, BuiltinFunctionType, MethodType, ModuleType, logging.Logger),
    *(type(None), type(...), type(NotImplemented)),
)
"""What there is once under its name, or follows from what it holds."""


def is_object(value: object) -> bool:
    """Whether two values that hold the same may be told apart, by `is` or because one of them changes."""
    return has_identity(value) and not isinstance(value, NAMED)


def has_identity(value: object) -> bool:
    """Whether it counts which one of several equal objects somebody has.

    It does not for what compares and hashes by what it holds, such as a date or a frozen dataclass, unless that may
    change.
    """
    kind: Any = type(value)
    if _have_identity(kind):
        return True
    return _is_made_of_attributes(kind) and (_may_be_set(kind) or any(map(is_object, _attributes(value))))


@functools.lru_cache(CACHED)
def _have_identity(kind: Any) -> bool:
    if kind is slice or kind.__module__ == "operator":
        return False
    return kind.__hash__ in (None, object.__hash__)


@functools.lru_cache(CACHED)
def _is_made_of_attributes(kind: Any) -> bool:
    """Whether a class has a hash of Python code; those of the standard library hold nothing but caches else."""
    return isinstance(kind.__hash__, FunctionType) and (
        kind.__module__.partition(".")[0] not in sys.stdlib_module_names
    )


@functools.lru_cache(CACHED)
def _may_be_set(kind: Any) -> bool:
    """Whether the objects of a class that is not installed let everybody set their attributes."""
    return kind.__setattr__ is object.__setattr__ and not is_installed(kind.__module__)


def _attributes(value: Any) -> list[Any]:
    slots = [name for kind in type(value).__mro__ for name in vars(kind).get("__slots__", ())]
    held = [getattr(value, name, None) for name in slots if not name.startswith("__")]
    return [*getattr(value, "__dict__", {}).values(), *held]
