"""Writes objects of a DAG that several of its functions may keep: once, so that all of them have the same one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from dagfreeze.identity import is_named
from dagfreeze.values.code import Expr
from dagfreeze.values.expressions import Values
from dagfreeze.watching.notes import CONTAINERS
from dagfreeze.writing.copies import Copies
from dagfreeze.writing.homes import needed
from dagfreeze.writing.names import Names
from dagfreeze.writing.statements import Statements

_LATER = "written_later"
"""In place of an object that has been written already when a DAG is written for the first time."""


class Shared(NamedTuple):
    """Objects of a DAG that have names.

    Attributes:
        repeated: those that are to be variables, by their identities.
        at_top: names at the top of the file that arguments of tasks may use.
    """

    repeated: Mapping[int, Any] = {}
    at_top: frozenset[str] = frozenset()


class Objects:
    """Objects by the names that they have in a DAG.

    What functions keep, and objects of classes of the DAG file, which may be called or compared, have the names of
    the DAG file. Arguments are written where they stand, but for those that a function or the same call has as well.

    Args:
        copies: what is copied from the DAG file.
        values: writes an object where it is made.
        out: the statements of the DAG.
        names: chooses the variables.
        tops: grows by the names of copied definitions that the DAG needs.
        shared: what `shared` has found out when the DAG was written a first time.
        file_variables: the variables that the DAG file has for objects, by the identities of these.
    """

    def __init__(
        self,
        copies: Copies,
        values: Values,
        out: Statements,
        names: Names,
        tops: set[str],
        shared: Shared,
        file_variables: Mapping[int, str],
    ) -> None:
        self._copies, self._values, self._out, self._names = copies, values, out, names
        self._tops, self._shared, self._file_variables = tops, shared, file_variables
        self._variables: dict[int, str] = {}
        self._open: set[int] = set()
        self._uses: Counter[int] = Counter()
        self._living: dict[int, Any] = {}  # as long as an object lives no other has its id
        self._arguments: Counter[tuple[str, int]] = Counter()  # names of the DAG file, by statements

    def shared(self) -> Shared:
        """What was written several times, and what is at the top besides."""
        repeated = {key: self._living[key] for key, count in self._uses.items() if count > 1}
        top_names = needed(self._copies.tops, self._tops)
        at_top = {name for (name, _), count in self._arguments.items() if name in top_names or count > 1}
        return Shared(repeated, frozenset(at_top))

    def expr(self, value: object, *, scoped: bool) -> Expr | None:
        """The name of an object; None if it is to be written where it is used.

        Args:
            value: any value.
            scoped: whether the next statement stands inside of a function, whose variables others do not see.
        """
        value = self._copies.notes.original(value)
        if not is_named(value):
            return None
        if self._is_kept(value) or self._is_at_top(value):
            with self._copies.collecting(self._tops):
                constant = self._copies.constant(value)
            if constant is not None:
                return constant
        elif type(value) in CONTAINERS:
            return None
        key = id(value)
        self._living[key] = value
        if key in self._open:
            return None
        self._uses[key] += 1
        if self._uses[key] > 1 and not self._shared.repeated:
            return _LATER  # what it holds is not repeated for itself
        if key not in self._variables:
            if key not in self._shared.repeated or scoped:
                return None
            self._make(key, value)
        return self._out.use(self._variables[key])

    def _is_kept(self, value: object) -> bool:
        is_own = type(value) is object or type(value).__module__ == self._copies.module.__name__
        return is_own or bool(self._values.keepers)

    def _is_at_top(self, value: object) -> bool:
        name = self._copies.name_of(value)
        if name is None:
            return False
        self._arguments[name, self._out.number] += 1
        return name in self._shared.at_top

    def _make(self, key: int, value: object) -> None:
        self._open.add(key)
        try:
            expr = self._values.expr(value)
        finally:
            self._open.discard(key)
        variable = self._variables[key] = self._names.fresh(
            self._wish(value), self._file_variables.get(key, "")
        )
        self._out.assign(variable, expr)

    def _wish(self, value: object) -> str:
        """The name that a function has for an object, or that of an asset, or that of its class."""
        from airflow.sdk import Asset, AssetAlias

        if isinstance(value, Asset | AssetAlias):
            return value.name
        kind = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", type(value).__name__).lower()
        return next((name for name in reversed(self._values.keepers) if name), kind)
