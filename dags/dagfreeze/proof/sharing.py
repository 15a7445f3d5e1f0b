"""Finds what functions of a DAG keep in common: one object that is reached in two ways is more than two equal ones.

A frozen DAG that makes two of it would behave otherwise: `x is UNSET` is false, and what a task notes its callback
does not find. Arguments of tasks do not count, because Airflow copies them and nobody asks which object they are; nor
does what only different tasks have in common, because each task runs in a process of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import CellType
from typing import Any

from dagfreeze.identity import has_identity
from dagfreeze.proof.nodes import NAME, UNORDERED, Content, Form, canonical

FUNCTIONS = frozenset({"function", "method", "partial", "cached function", "class"})
"""Kinds of content that keep what they hold until they are called."""

OBJECTS = frozenset({"list", "dict", "set", "object", "made", "without state"})
"""Kinds of content of which there may be two that hold the same."""

Way = tuple[int, str]
"""How one comes to an object: the number of what holds it, and the step from there."""


class Sharing:
    """Which values hold which.

    Args:
        is_own: whether a module is the DAG's own file.
    """

    def __init__(self, is_own: Callable[[str | None], bool]) -> None:
        self._is_own = is_own
        self._parts: dict[int, list[int]] = {}
        self._steps: dict[int, list[str]] = {}
        self._functions: list[int] = []
        self._objects: dict[int, Any] = {}
        self._held: list[tuple[int | None, str, Any]] = []
        self._rebound: set[int] = set()

    def add(self, number: int, value: Any, content: Content, parts: list[int], steps: list[str]) -> None:
        """Note a value, and the numbers of the parts of its content with how one comes to each of them."""
        kind = content[0]
        self._parts[number] = parts
        self._steps[number] = steps if kind not in UNORDERED else [""] * len(steps)
        if kind in FUNCTIONS:
            self._functions.append(number)
        elif kind in OBJECTS and has_identity(value):
            self._objects[number] = value

    def hold(self, number: int | None, step: str, value: Any) -> None:
        """Note that a value holds an empty list, dictionary or set, which is no content of its own."""
        self._held.append((number, step, value))

    def hold_cell(self, number: int | None, step: str, cell: CellType, *, is_set: bool) -> None:
        """Note that a function keeps a variable of the function around it, and whether it sets it."""
        self._held.append((number, step, cell))
        if is_set:
            self._rebound.add(id(cell))

    def shared(self, units: Mapping[str, int], common: int, name: Callable[[int], str]) -> dict[str, Form]:
        """Tell what is one object, for each part of a DAG that runs by itself.

        Args:
            units: the numbers of the parts, by their places.
            common: the number of what belongs to each of them.
            name: tells the name of a content.
        """
        kept = self._reached([*self._functions, *filter(self._is_called, self._objects)])
        ways = self._ways(kept) if kept else {}
        if not ways:
            return {}
        found = {}
        everywhere = self._reached([common])
        for place, root in units.items():
            reached = self._reached([root])
            objects = [_named_ways(known, (reached, everywhere), name) for known in ways.values()]
            several = sorted((known for known in objects if len(known) > 1), key=canonical)
            if several:
                found[f"{place}, what is one object"] = ["shared", several]
        return found

    def _reached(self, roots: Iterable[int]) -> set[int]:
        reached = {*roots}
        waiting = [*reached]
        while waiting:
            new = {*self._parts[waiting.pop()]} - reached
            reached |= new
            waiting += new
        return reached

    def _is_called(self, number: int) -> bool:
        """Whether an object is an own one that stands for a function."""
        value = self._objects[number]
        return self._is_own(type(value).__module__) and callable(value)

    def _ways(self, kept: set[int]) -> dict[int, set[Way]]:
        """Tell the ways to each object to which functions have several."""
        ways: defaultdict[int, set[Way]] = defaultdict(set)
        for number, part, step in self._uses(kept):
            ways[part].add((number, step))
        return {part: known for part, known in ways.items() if len(known) > 1}

    def _uses(self, kept: set[int]) -> Iterator[tuple[int, int, str]]:
        """Tell what holds what, as far as it counts: all uses by functions, and those of own objects that they keep."""
        own = {number for number in kept & self._objects.keys() if self._is_own_object(number)}
        for number in self._parts if own else kept:
            counted = self._objects if number in kept else own
            for part, step in zip(self._parts[number], self._steps[number], strict=True):
                if part in counted:
                    yield number, part, step
        for holder, step, value in self._held:
            if holder in kept and (type(value) is not CellType or id(value) in self._rebound):
                yield holder, -id(value), step

    def _is_own_object(self, number: int) -> bool:
        return self._is_own(type(self._objects[number]).__module__)


def _named_ways(ways: set[Way], reached: tuple[set[int], set[int]], name: Callable[[int], str]) -> list[Form]:
    """Ways by what holds the object, not by which of equal ones does: a function may be written once or twice."""
    named = {(name(number), step) for number, step in ways if any(number in part for part in reached)}
    return [[{NAME: holder}, step] for holder, step in sorted(named)]
