"""Tells for which values it matters whether two uses share one object or have two equal ones."""

from __future__ import annotations

import functools
import logging
import sys
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

from dagfreeze.importable import is_installed

CACHED = 2000
"""Classes whose answers are cached; not all, because a class keeps its file's module alive."""

NAMED_TYPES = (
    *(type, FunctionType, BuiltinFunctionType, MethodType, ModuleType, logging.Logger),
    *(type(None), type(...), type(NotImplemented)),
)
"""Types whose values exist once under a name, or follow from what they hold."""


def is_object(value: object) -> bool:
    """Whether two values that hold the same may be told apart, by `is` or because one of them changes."""
    return has_identity(value) and not isinstance(value, NAMED_TYPES)


def is_named(value: object) -> bool:
    """Whether an object is to be written by the name that it has: one of an identity, or an alias of assets."""
    return is_object(value) or type(value).__name__ == "AssetAlias"


def has_identity(value: object) -> bool:
    """Whether it matters which one of several equal objects is used.

    It does not for values that compare and hash by their content, such as a date or a frozen dataclass, unless that
    content may change.
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
    """Whether a class hashes in Python code; those of the standard library hold only caches besides."""
    return isinstance(kind.__hash__, FunctionType) and (
        kind.__module__.partition(".")[0] not in sys.stdlib_module_names
    )


@functools.lru_cache(CACHED)
def _may_be_set(kind: Any) -> bool:
    """Whether the objects of a class that is not installed let everybody set their attributes."""
    return kind.__setattr__ is object.__setattr__ and not is_installed(kind.__module__)


def _attributes(value: Any) -> list[Any]:
    slots = [name for kind in type(value).__mro__ for name in vars(kind).get("__slots__", ())]
    slot_values = [getattr(value, name, None) for name in slots if not name.startswith("__")]
    return [*getattr(value, "__dict__", {}).values(), *slot_values]
