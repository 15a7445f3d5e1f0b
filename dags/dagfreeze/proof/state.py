"""Tells what an object holds: its attributes, and the plain value that it may be."""

from __future__ import annotations

import contextlib
import functools
import logging
import types
from collections.abc import Callable
from typing import Any

PLAIN: dict[type, Callable[[Any], Any]] = {
    str: str.__str__,
    int: int.__int__,
    float: float.__float__,
    bytes: lambda value: bytes.__getitem__(value, slice(None)),
    list: lambda value: list(list.__iter__(value)),
    tuple: lambda value: tuple(tuple.__iter__(value)),
    set: lambda value: set(set.__iter__(value)),
    frozenset: lambda value: frozenset(frozenset.__iter__(value)),
    dict: lambda value: dict(dict.items(value)),
}
"""The plain value in an object whose class builds on a plain type, whatever that class makes of it."""

CACHED = 2000
"""Classes whose answers are cached; not all, because a class keeps its file's module alive."""

LOGS = ("_log", "_cached_logger")
"""Where Airflow's objects keep the logger that they make when it is first used."""

SKIPPED_OF = {
    "pydantic._internal._decorators.Decorator": ("cls_ref",),  # an address
    # what @task has taken over from its function, which is formed itself
    "airflow.sdk.bases.decorator._TaskDecorator": ("__module__", "__qualname__", "__wrapped__"),
    # what @asset makes a DAG of; to other DAGs it is an asset
    "airflow.sdk.definitions.asset.decorators.AssetDefinition": ("_function", "_source"),
}
"""Attributes that say nothing."""


def state(value: Any, skipped: frozenset[str] = frozenset()) -> list[tuple[str, Any]]:
    """List the attributes that an object has of its own, without what it makes when it is first asked for."""
    kind: Any = type(value)
    left_out = _computed(kind) | skipped
    pairs = list(getattr(value, "__dict__", {}).items())
    for name, slot in _slots(kind):
        with contextlib.suppress(AttributeError):  # never set
            pairs.append((name, slot.__get__(value)))
    return [
        pair for pair in pairs if pair[0] not in left_out and not (pair[0] in LOGS and is_logger(pair[1]))
    ]


def computed(value: Any) -> list[str]:
    """List the cached properties of an object that have kept a value."""
    kind: Any = type(value)
    names = _computed(kind)
    return [name for name in getattr(value, "__dict__", {}) if name in names] if names else []


def is_logger(value: Any) -> bool:
    """Whether a value writes logs, whichever library it is from."""
    return isinstance(value, logging.Logger) or type(value).__module__.startswith("structlog.")


@functools.lru_cache(CACHED)
def _computed(kind: Any) -> frozenset[str]:
    parts = (vars(ancestor) for ancestor in kind.__mro__)
    cached = (
        name for part in parts for name, value in part.items() if isinstance(value, functools.cached_property)
    )
    return frozenset(cached).union(SKIPPED_OF.get(f"{kind.__module__}.{kind.__qualname__}", ()))


@functools.lru_cache(CACHED)
def _slots(kind: Any) -> list[tuple[str, Any]]:
    return [
        (name, value)
        for ancestor in kind.__mro__
        for name, value in vars(ancestor).items()
        if isinstance(value, types.MemberDescriptorType)
    ]


def is_written_in_python(kind: type) -> bool:
    """Whether a class is one of Python code, so that its attributes are all that its objects hold."""
    heap, immutable = 1 << 9, 1 << 8
    if not kind.__flags__ & heap or kind.__flags__ & immutable:
        return False
    return "__slots__" in vars(kind) or kind.__dictoffset__ != 0


@functools.lru_cache(CACHED)
def plain_base(kind: Any) -> type | None:
    """Tell what an object of Python code builds on: `object`, a plain type, or None if more is hidden."""
    if kind.__reduce__ is not object.__reduce__ or kind.__reduce_ex__ is not object.__reduce_ex__:
        return None  # the class itself says what makes its objects
    for ancestor in kind.__mro__:
        if ancestor is object or ancestor in PLAIN:
            return ancestor
        if not is_written_in_python(ancestor):
            return None
    return None
