"""Finds the objects that a name of a DAG file means for ever: what one statement at its top has made."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from types import ModuleType

from dagfreeze.identity import is_object
from dagfreeze.writing import source


class Constants:
    """The objects of a DAG file by their names.

    Args:
        module: the file.
    """

    def __init__(self, module: ModuleType) -> None:
        self._module = module

    def name(self, value: object) -> str | None:
        """The name of an object; None if it has none, or one that has meant something else before."""
        if not is_object(value) or isinstance(value, Iterator):  # to use up one is another refusal
            return None
        return self._names.get(id(value))

    @functools.cached_property
    def _names(self) -> dict[int, str]:
        file = vars(self._module).get("__file__")
        if not file:
            return {}
        text = source.source_of(file)
        found: dict[int, str] = {}
        for name, value in vars(self._module).items():
            if is_object(value) and (text.assignment(name) is not None or text.imported(name)):
                found.setdefault(id(value), name)
        return found
