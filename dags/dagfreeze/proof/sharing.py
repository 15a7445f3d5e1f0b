"""Finds what functions of a DAG keep in common: one object that is reached in two ways is more than two equal ones.

A frozen DAG that makes two of it would behave otherwise: `x is UNSET` is false, and a callback does not find what its
task has noted. Arguments of tasks do not count, because Airflow copies them and nobody asks which object they are; nor
does what only different tasks have in common, because each task runs in a process of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from types import CellType
from typing import Any

from airflow.sdk import Param
from airflow.sdk.definitions._internal.expandinput import DictOfListsExpandInput, ListOfDictsExpandInput
from airflow.sdk.definitions.param import ParamsDict

from dagfreeze.identity import has_identity
from dagfreeze.proof.nodes import NAME, UNORDERED, Content, Form, canonical

FUNCTIONS = frozenset({"function", "method", "partial", "cached function", "class"})
"""Kinds of content that keep what they hold until they are called."""

CONTAINERS = frozenset({"list", "tuple", "dict", "set"})
"""Kinds of content that Airflow makes again when it renders them, as it does with params."""

RENDERED = (ParamsDict, Param, DictOfListsExpandInput, ListOfDictsExpandInput)
"""Airflow's own containers, of which a task gets the parts, rendered."""

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
        self._containers: set[int] = set()
        self._objects: dict[int, Any] = {}
        self._holdings: list[tuple[int | None, str, Any]] = []
        self._rebound: set[int] = set()
        self._repeated: set[int] = set()

    def add(self, number: int, value: Any, content: Content, parts: list[int], steps: list[str]) -> None:
        """Note a value, and the numbers of the parts of its content with how one comes to each of them."""
        kind = content[0]
        self._parts[number] = parts
        self._steps[number] = steps if kind not in UNORDERED else [""] * len(steps)
        if kind in CONTAINERS or isinstance(value, RENDERED):
            self._containers.add(number)
        if kind in FUNCTIONS:
            self._functions.append(number)
        elif kind in OBJECTS and has_identity(value):
            self._objects[number] = value

    def repeat(self, number: int) -> None:
        """Note that a value is held again."""
        self._repeated.add(number)

    def hold(self, number: int | None, step: str, value: Any) -> None:
        """Note that a value holds an empty list, dictionary or set, which is no content of its own."""
        self._holdings.append((number, step, value))

    def hold_cell(self, number: int | None, step: str, cell: CellType, *, is_set: bool) -> None:
        """Note that a function keeps a variable of the function around it, and whether it sets it."""
        self._holdings.append((number, step, cell))
        if is_set:
            self._rebound.add(id(cell))

    def shared(
        self,
        units: Mapping[str, int],
        rendered: Mapping[str, Collection[str]],
        common: int,
        name: Callable[[int], str],
    ) -> dict[str, Form]:
        """Tell what is one object, for each part of a DAG that runs by itself.

        Args:
            units: the numbers of the parts, by their places.
            rendered: the steps from each of them to what Airflow renders before it runs.
            common: the number of what belongs to each of them.
            name: tells the name of a content.
        """
        objects = self._repeated & self._objects.keys()
        if not objects and len({id(value) for _, _, value in self._holdings}) == len(self._holdings):
            return {}
        ways = self._ways(objects, {number: rendered[place] for place, number in units.items()})
        if not ways:
            return {}
        shared = {}
        everywhere = self._reached([common])
        for place, root in units.items():
            reached = self._reached([root])
            objects = [_named_ways(group, (reached, everywhere), name) for group in ways.values()]
            several = sorted((group for group in objects if len(group) > 1), key=canonical)
            if several:
                shared[f"{place}, what is one object"] = ["shared", several]
        return shared

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

    def _anew(self, units: Mapping[int, Collection[str]]) -> set[int]:
        """Tell which containers Airflow makes again before a task runs, with those in them."""
        containers: set[int] = set()
        waiting = [
            part for number, steps in units.items() for part, step in self._uses_of(number) if step in steps
        ]
        while waiting:
            part = waiting.pop()
            if part in self._containers and part not in containers:
                containers.add(part)
                waiting += self._parts[part]
        return containers

    def _uses_of(self, number: int) -> Iterator[tuple[int, str]]:
        return zip(self._parts[number], self._steps[number], strict=True)

    def _ways(self, objects: set[int], units: Mapping[int, Collection[str]]) -> dict[int, set[Way]]:
        """Tell the ways to each of some objects that is kept until a task runs, and has several."""
        anew = self._anew(units)
        arguments = {
            part
            for number in {*units, *anew}
            for part, step in self._uses_of(number)
            if part not in self._containers or not (number in anew or step in units[number])
        }
        keepers = self._reached([*self._functions, *filter(self._is_called, self._objects), *arguments])
        ways: defaultdict[int, set[Way]] = defaultdict(set)
        for number in {*units, *anew, *keepers}:
            for part, step in self._uses_of(number):
                if part not in objects:
                    continue
                is_anew = part in self._containers and (number in anew or step in units.get(number, ()))
                if number in keepers or not is_anew:
                    ways[part].add((number, step))
        for holder, step, value in self._holdings:
            if holder is None or (type(value) is CellType and id(value) not in self._rebound):
                continue
            if holder in keepers or (holder in units and step not in units[holder]):
                ways[-id(value)].add((holder, step))
        return {part: group for part, group in ways.items() if len(group) > 1}


def _named_ways(ways: set[Way], reached: tuple[set[int], set[int]], name: Callable[[int], str]) -> list[Form]:
    """Ways by what holds the object, not by which of equal ones does: a function may be written once or twice."""
    pairs = {(name(number), step) for number, step in ways if any(number in part for part in reached)}
    return [[{NAME: holder}, step] for holder, step in sorted(pairs)]
