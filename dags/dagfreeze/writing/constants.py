"""Finds the objects that a DAG file binds to a name once and for all, by one statement at its top."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from types import ModuleType

from dagfreeze.identity import is_named
from dagfreeze.writing import source


class Constants:
    """The objects of a DAG file by their names.

    Args:
        module: the file.
    """

    def __init__(self, module: ModuleType) -> None:
        self._module = module

    def name(self, value: object) -> str | None:
        """The name of an object; None if it has none, or one that was bound to something else before."""
        if not is_named(value) or isinstance(value, Iterator):  # iterators are refused elsewhere
            return None
        return self._names.get(id(value))

    @functools.cached_property
    def _names(self) -> dict[int, str]:
        file = vars(self._module).get("__file__")
        if not file:
            return {}
        text = source.source_of(file)
        names: dict[int, str] = {}
        for name, value in vars(self._module).items():
            if is_named(value) and (text.assignment(name) is not None or text.imported(name)):
                names.setdefault(id(value), name)
        return names
