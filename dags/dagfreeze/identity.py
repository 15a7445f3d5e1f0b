"""Tells for which values it counts which one of several equal ones somebody has."""

from __future__ import annotations

import functools
import logging
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

CACHED = 2000
"""Classes of which the answer is kept; not all, because a class keeps its file's module."""

NAMED = (type, FunctionType, BuiltinFunctionType, MethodType, ModuleType, logging.Logger)
"""What there is once under its name, or follows from what it holds."""


def is_object(value: object) -> bool:
    """Whether two values that hold the same may be told apart, by `is` or because one of them changes."""
    return has_identity(value) and not isinstance(value, NAMED)


def has_identity(value: object) -> bool:
    """Whether it counts which one of several equal objects of the value's class somebody has.

    It does not for what compares and hashes by what it holds, such as a date or a frozen dataclass.
    """
    kind: Any = type(value)
    return _have_identity(kind)


@functools.lru_cache(CACHED)
def _have_identity(kind: Any) -> bool:
    if kind is slice or kind.__module__ == "operator":
        return False
    return kind.__hash__ in (None, object.__hash__)
