"""Turns values into expressions: code that makes an equal value, and nothing else, whatever a value says."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from dagfreeze.refusal import Refused
from dagfreeze.values import instances, plain, times
from dagfreeze.values.code import Expr, is_name
from dagfreeze.values.imports import Imports, origin

__all__ = ["Imports", "Values"]

_DEPTH = 50
"""Python reads at most 200 brackets within each other, and a level takes up to three."""


class Values:
    """Writes values.

    Args:
        imports: collects what the expressions need.
        special: is asked first for each value, at every depth; what it returns is taken, unless that is None.
        anchor: is asked for each text and path; what it returns is code for a `Path` below the root of the bundle, or
            None.

    Attributes:
        keepers: names under which functions keep what is being written, the innermost last.
    """

    def __init__(
        self,
        imports: Imports,
        special: Callable[[object], Expr | None],
        anchor: Callable[[str], Expr | None] | None = None,
    ) -> None:
        self.imports = imports
        self.anchor: Callable[[str], Expr | None] = anchor or (lambda text: None)
        self._special = special
        self._open: set[int] = set()
        self.keepers: list[str] = []

    def expr(self, value: object) -> Expr:
        """Code that makes a value equal to this one.

        Raises:
            Refused: when there is none that is safe; the reason names the type.
        """
        special = self._special(value)
        if special is not None:
            return special
        if id(value) in self._open:
            raise Refused(f"a {type(value).__name__} contains itself", "Take the reference to itself out.")
        if len(self._open) >= _DEPTH:
            raise Refused(f"a value is nested more than {_DEPTH} levels deep", "Make it flatter.")
        kind: Any = type(value)
        self._open.add(id(value))
        try:
            return _writer(kind)(self, value)
        finally:
            self._open.discard(id(value))

    @contextmanager
    def keeping(self, name: str = "") -> Iterator[None]:
        """Write what a function keeps, perhaps under a name: others may have the same object."""
        self.keepers.append(name)
        try:
            yield
        finally:
            self.keepers.pop()

    def kept_expr(self, value: object, name: str = "") -> Expr:
        """Code for a value that a function keeps; see `keeping`."""
        with self.keeping(name):
            return self.expr(value)

    def exprs(self, values: Iterable[object]) -> list[Expr]:
        """Code for several values."""
        return [self.expr(value) for value in values]

    def arguments(self, kwargs: Mapping[str, Any]) -> dict[str, Expr]:
        """Code for keyword arguments.

        Raises:
            Refused: also when a keyword is no name.
        """
        for name in kwargs:
            if not isinstance(name, str) or not is_name(name):
                raise Refused(f"{name!a} is no name for an argument", "Pass a dictionary instead.")
        return {name: self.expr(value) for name, value in kwargs.items()}

    def reference(self, value: object) -> str:
        """Code for a class or a function that is to be called.

        Raises:
            Refused: when it has no name.
        """
        expr = self.expr(value)
        if isinstance(expr, str) and all(map(is_name, expr.split("."))):
            return expr
        raise Refused(f"{_title(value)} has no name by which it could be called", "Define it in a module.")

    def importable(self, value: object) -> str:
        """The name of what can be imported.

        Raises:
            Refused: when it cannot.
        """
        place = origin(value)
        if place is None:
            if isinstance(value, type) and _is_nowhere(value):
                raise Refused(
                    f"the class {value.__name__} stands in no module, as one that type(…) makes",
                    "Write it with class, at the top of the file.",
                )
            remedy = "Define it in a module that can be imported, and at the top of it."
            raise Refused(f"{_title(value)} cannot be imported by its name", remedy)
        return self.imports.name(*place)


def _is_nowhere(kind: type) -> bool:
    """Whether the module that a class names does not know it: that of its metaclass, when no file defines it."""
    module = sys.modules.get(kind.__module__)
    return "." not in kind.__qualname__ and module is not None and not hasattr(module, kind.__qualname__)


def _title(value: object) -> str:
    kind = "the class" if isinstance(value, type) else f"a {type(value).__name__},"
    return f"{kind} {getattr(value, '__module__', None)}.{getattr(value, '__qualname__', '?')},"


_EXACT = plain.WRITERS | times.WRITERS
_BY_NAME = plain.WRITERS_BY_NAME | times.WRITERS_BY_NAME


@functools.cache
def _writer(kind: Any) -> plain.Writer:
    if kind in _EXACT:
        return _EXACT[kind]
    name = f"{kind.__module__}.{kind.__qualname__}"
    if name in _BY_NAME and origin(kind) is not None:
        return _BY_NAME[name]
    for family, writer in plain.FAMILIES:
        if issubclass(kind, family):
            return writer
    return instances.write
