"""Names contents by what they hold, so that equal ones have one name, however they refer to each other."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

Form = Any
"""What stands for a value: text, a whole number, true, false, null, a content, or a reference to one."""

Content = list[Any]
"""What a value is and what it holds; its first item says which kind of content it is."""

Reference = dict[str, Any]
"""Where a content is used: its name under `NAME`."""

NAME = "@"
UNORDERED = ("set", "frozenset")


def _integer(value: int) -> Form:
    return value if -(2**63) <= value < 2**63 else ["int", hex(value)]


SCALARS: dict[type, Callable[[Any], Form]] = {
    str: lambda value: value,
    bool: lambda value: value,
    type(None): lambda value: value,
    int: _integer,
    float: lambda value: ["float", repr(value)],
    complex: lambda value: ["complex", repr(value)],
    bytes: lambda value: ["bytes", value.hex()],
    type(...): lambda value: ["name", "Ellipsis"],
    type(NotImplemented): lambda value: ["name", "NotImplemented"],
}
"""How a value that holds nothing is formed, so that 1, 1.0 and True, or 0.0 and -0.0, are different."""

EMPTY: dict[Any, str] = {list: "list", tuple: "tuple", dict: "dict", set: "set", frozenset: "frozenset"}

canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


class Nodes:
    """Contents that refer to each other, in circles as well."""

    def __init__(self) -> None:
        self._references: list[Reference] = []
        self._contents: list[Content] = []
        self._uses: list[list[int]] = []

    def new(self) -> Reference:
        """Make a reference to a content that is not known yet."""
        reference = {NAME: len(self._references)}
        self._references.append(reference)
        self._contents.append([])
        self._uses.append([])
        return reference

    def fill(self, reference: Reference, content: Content, uses: list[int]) -> None:
        """Say what a reference stands for.

        Args:
            reference: one that `new` made.
            content: what it stands for.
            uses: the numbers of the references within the content.
        """
        index = reference[NAME]
        self._contents[index] = content
        self._uses[index] = uses

    def name(self, index: int) -> str:
        """Tell the name of a content, once `contents_by_name` has named it."""
        return self._references[index][NAME]

    def contents_by_name(self) -> dict[str, Content]:
        """Name every content, in each reference to it too.

        Returns:
            The contents by their names; two that hold the same have one name.
        """
        for circle in circles(self._uses):
            if len(circle) > 1 or circle[0] in self._uses[circle[0]]:
                self._name_circle(circle)
            else:
                self._references[circle[0]][NAME] = _name(self._text(circle[0]))
        pairs = zip(self._references, self._contents, strict=True)
        return {reference[NAME]: content for reference, content in pairs}

    def _name_circle(self, members: list[int]) -> None:
        """Name contents none of which can be named before the others.

        They are told apart by what they hold, then by what those hold that they refer to, and so on, until
        that tells no more of them apart. All of these descriptions together describe the circle.
        """
        kinds = 0
        descriptions = [""] * len(members)
        while len(set(descriptions)) > kinds:
            kinds = len(set(descriptions))
            for member, description in zip(members, descriptions, strict=True):
                self._references[member][NAME] = description
            descriptions = [_name(self._text(member)) for member in members]
        circle = "".join(sorted(set(descriptions)))
        for member, description in zip(members, descriptions, strict=True):
            self._references[member][NAME] = _name(description + circle)

    def _text(self, index: int) -> str:
        content = self._contents[index]
        if content[0] in UNORDERED:
            content[1].sort(key=canonical)
        return canonical(content)


def _name(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def circles(uses: list[list[int]]) -> list[list[int]]:
    """Group contents that refer to each other, used ones before their users (Tarjan's algorithm, without recursion).

    Args:
        uses: for each number, the numbers that it refers to.

    Returns:
        Groups of numbers; most of them hold one.
    """
    groups: list[list[int]] = []
    order: dict[int, int] = {}
    lowest: dict[int, int] = {}  # the first in `order` that a number leads back to
    waiting: list[int] = []  # those whose group is not known yet
    positions: dict[int, int] = {}
    for start in range(len(uses)):
        walk = [] if start in order else [(start, iter(uses[start]))]
        while walk:
            index, rest = walk[-1]
            if index not in order:
                order[index] = lowest[index] = len(order)
                positions[index] = len(waiting)
                waiting.append(index)
            for used in rest:
                if used not in order:
                    walk.append((used, iter(uses[used])))
                    break
                if used in positions:
                    lowest[index] = min(lowest[index], order[used])
            else:
                walk.pop()
                if walk:
                    parent = walk[-1][0]
                    lowest[parent] = min(lowest[parent], lowest[index])
                if lowest[index] == order[index]:
                    groups.append(waiting[positions[index] :])
                    del waiting[positions[index] :]
                    for member in groups[-1]:
                        del positions[member]
    return groups
