"""Says in sentences where two forms differ: the place, the value there, and the value that was written."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from dagfreeze.proof.nodes import EMPTY, NAME, SCALARS, Content, Form, canonical
from dagfreeze.proof.shown import Shown, shortened, shortened_place


def differences(
    original: dict[str, Any], other: dict[str, Any], limit: int = 5, then: str = "written as"
) -> list[str]:
    """Say where two forms differ.

    Args:
        original: the form of the DAG that was made first.
        other: the form of the DAG that was written.
        limit: how many sentences to make at most.
        then: says where the second form is from.

    Returns:
        Sentences without a full stop; none if the forms are equal.
    """
    comparison = _Comparison(Shown(original["nodes"]), Shown(other["nodes"]), limit, then)
    comparison.compare("", original["root"], other["root"])
    if not comparison.sentences:
        before, after = (
            dict(_stored_parts("DAG, as stored: ", form.get("stored"))) for form in (original, other)
        )
        comparison.compare("", ["stored", before], ["stored", after])
    return comparison.sentences


MISSING = ["missing"]


class _Comparison:
    def __init__(self, originals: Shown, others: Shown, limit: int, then: str) -> None:
        self.sentences: list[str] = []
        self._originals = originals
        self._others = others
        self._limit = limit
        self._then = then
        self._missing = "missing in the written DAG" if then == "written as" else f"not there {then}"
        self._compared: set[tuple[str, str]] = set()

    def compare(self, place: str, original: Form, other: Form) -> None:
        """Add sentences about what is held at a place."""
        pending = [(place, original, other)]
        while pending and len(self.sentences) < self._limit:
            place, original, other = pending.pop()
            if _is_shared(original) or _is_shared(other):
                self._compare_shared(place, original, other)
            elif original is MISSING:
                self._add(f"{place} is not there, {self._then} {self._others.text(other)}")
            elif other is MISSING:
                self._add(f"{place} is {self._originals.text(original)}, {self._missing}")
            elif canonical(original) != canonical(other) and not self._is_known(original, other):
                pending += reversed(self._compare_contents(place, original, other))

    def _compare_contents(self, place: str, original: Form, other: Form) -> list[tuple[str, Form, Form]]:
        """Add sentences about a difference, or tell the parts in which it is."""
        before, after = self._originals.content(original), self._others.content(other)
        if not self._originals.has_parts(before, after, self._others):
            self._say(place, before, after)
            return []
        if before[0] == "code":
            self._compare_code(place, before, after)
            return []
        parts, others = self._originals.parts(before), self._others.parts(after)
        if before[0] == "dict" and list(parts) != list(others) and parts.keys() == others.keys():
            self._say(f"{place}, the order of its keys", ["order", [*parts]], ["order", [*others]])
        steps = [*parts, *(step for step in others if step not in parts)]
        classes = [part.get(", its class", MISSING) for part in (parts, others)]
        if classes[0] != classes[1] and {self._originals.kind(classes[0]), self._others.kind(classes[1])} == {
            "name"
        }:
            steps = [", its class"]  # the rest follows from it
        place = shortened_place(place)
        return [(place + step, parts.get(step, MISSING), others.get(step, MISSING)) for step in steps]

    def _is_known(self, original: Form, other: Form) -> bool:
        if not (isinstance(original, dict) and isinstance(other, dict)):
            return False
        pair = (original[NAME], other[NAME])
        is_repeated = pair in self._compared
        self._compared.add(pair)
        return is_repeated

    def _compare_shared(self, place: str, original: Form, other: Form) -> None:
        """Say which objects have become two, or one."""
        place = place.removesuffix(", what is one object")
        counts = [
            Counter(map(canonical, form[1])) if _is_shared(form) else Counter() for form in (original, other)
        ]
        for ways in dict.fromkeys([*counts[0], *counts[1]]):
            before, after = (count[ways] for count in counts)
            if before == after:
                continue
            nodes = self._originals if before else self._others
            what = shortened_place(" and ".join(sorted(nodes.way(*way) for way in json.loads(ways))))
            self._add(f"{place}: {what} are {_number(before, after)}")

    def _compare_code(self, place: str, before: Content, after: Content) -> None:
        place = place.removesuffix(", its code")
        if before[1:4] != after[1:4]:
            self._say(f"{place}, its signature", ["signature", *before[2:4]], ["signature", *after[2:4]])
            return
        for one, other in zip_longest(before[4], after[4]):
            if canonical(one) != canonical(other):
                self._compare_instruction(place, one, other)
                return
        self._add(f"{place} is written with a `try` around other instructions")

    def _compare_instruction(self, place: str, original: Form, other: Form) -> None:
        if not (_is_constant(original) and _is_constant(other)):
            self._say(f"{place}, an instruction", ["instruction", original], ["instruction", other])
        elif isinstance(original[1], list) and original[1][0] == "code":
            self.compare(f"{place}, its inner {original[1][1]}", original[1], other[1])
        else:
            self.compare(f"{place}, a constant", original[1], other[1])

    def _say(self, place: str, original: Form, other: Form) -> None:
        before, after = self._originals.text(original), self._others.text(other)
        if before == after:
            before = f"{before} ({self._originals.kind(original)})"
            after = f"{after} ({self._others.kind(other)})"
        before, after = shortened(before, after)
        self._add(f"{place} is {before}, {self._then} {after}")

    def _add(self, sentence: str) -> None:
        if len(self.sentences) < self._limit and sentence not in self.sentences:
            self.sentences.append(sentence)


def _is_shared(form: Form) -> bool:
    return isinstance(form, list) and form[0] == "shared"


def _number(before: int, after: int) -> str:
    if not (before and after):
        return "one object, written as several" if before else "several objects, written as one"
    return f"{before} objects, written as {after}"


def _is_constant(instruction: Form) -> bool:
    return isinstance(instruction, list) and not isinstance(instruction[1], dict)


def _stored_parts(place: str, stored: Any) -> Iterator[tuple[str, Form]]:
    """Tell what Airflow stores as single values by their places."""
    if isinstance(stored, dict) and stored.get("__type") == "operator":
        task = stored["__var"]
        yield from _stored_parts(f'task "{task["task_id"]}" ({task["task_type"]}), as stored: ', task)
    elif isinstance(stored, dict) and stored:
        for name, value in stored.items():
            yield from _stored_parts(f"{place}{name}" if place.endswith(": ") else f"{place}.{name}", value)
    elif isinstance(stored, list) and stored:
        for at, value in enumerate(stored):
            yield from _stored_parts(f"{place}[{at}]", value)
    else:
        yield place, SCALARS.get(type(stored), lambda empty: [EMPTY[type(empty)], []])(stored)
