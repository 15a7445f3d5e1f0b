"""Writes objects of a DAG that several of its functions may keep: once, so that all of them have the same one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from dagfreeze.identity import is_object
from dagfreeze.values.code import Expr
from dagfreeze.values.expressions import Values
from dagfreeze.writing.copies import Copies
from dagfreeze.writing.names import Names
from dagfreeze.writing.statements import Statements

_LATER = "written_later"
"""In place of an object that has been written already when a DAG is written for the first time."""


class Objects:
    """Objects by the variables that they have in a DAG.

    Those count that functions keep, and those of classes of the DAG file, which may be called or compared.

    Args:
        copies: what is copied from the DAG file.
        values: writes an object where it is made.
        out: the statements of the DAG.
        names: chooses the variables.
        tops: grows by the names of copied definitions that the DAG needs.
        repeated: what `repeated` has found out when the DAG was written a first time.
    """

    def __init__(
        self,
        copies: Copies,
        values: Values,
        out: Statements,
        names: Names,
        tops: set[str],
        repeated: Mapping[int, Any],
    ) -> None:
        self._copies, self._values, self._out, self._names = copies, values, out, names
        self._tops, self._repeated = tops, repeated
        self._variables: dict[int, str] = {}
        self._open: set[int] = set()
        self._uses: Counter[int] = Counter()
        self._known: dict[int, Any] = {}  # as long as an object lives no other has its id

    def repeated(self) -> dict[int, Any]:
        """The objects that were written several times."""
        return {key: self._known[key] for key, count in self._uses.items() if count > 1}

    def expr(self, value: object, *, scoped: bool) -> Expr | None:
        """The name of an object; None if it is to be written where it is used.

        Args:
            value: any value.
            scoped: whether the next statement stands inside of a function, whose variables others do not see.
        """
        if not self._counts(value):
            return None
        with self._copies.collecting(self._tops):
            constant = self._copies.constant(value)
        if constant is not None:
            return constant
        key = id(value)
        self._known[key] = value
        if key in self._open:
            return None
        self._uses[key] += 1
        if self._uses[key] > 1 and not self._repeated:
            return _LATER  # what it holds is not repeated for itself
        if key not in self._variables:
            if key not in self._repeated or scoped:
                return None
            self._make(key, value)
        return self._out.use(self._variables[key])

    def _counts(self, value: object) -> bool:
        own = type(value) is object or type(value).__module__ == self._copies.module.__name__
        return (own or bool(self._values.keepers)) and is_object(value)

    def _make(self, key: int, value: object) -> None:
        self._open.add(key)
        try:
            expr = self._values.expr(value)
        finally:
            self._open.discard(key)
        variable = self._variables[key] = self._names.fresh(self._wish(value))
        self._out.assign(variable, expr)

    def _wish(self, value: object) -> str:
        """The name that a function has for an object, or that of its class."""
        kind = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", type(value).__name__).lower()
        return next((name for name in reversed(self._values.keepers) if name), kind)
