"""Forms values: each becomes a content that says what it is and what it holds, circular references included."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from types import CellType
from typing import Any

from airflow.sdk import DAG

from dagfreeze.importable import attribute, is_importable
from dagfreeze.proof.nodes import EMPTY, NAME, SCALARS, Content, Form, Nodes, Reference
from dagfreeze.proof.objects import content_of
from dagfreeze.proof.sharing import Sharing
from dagfreeze.proof.shown import shortened_place
from dagfreeze.refusal import Refused

CHANGEABLE = frozenset({list, dict, set})
"""Types of `EMPTY` whose values may change later."""


class NotComparable(Refused):
    """A value of which nobody can say whether another one is the same."""


class Forms:
    """The forms of values that belong together: each content once, whatever uses it."""

    def __init__(self, dag: DAG | None = None, module: str | None = None) -> None:
        self.dag = dag
        self._module = module
        self._nodes = Nodes()
        self._references: dict[int, Reference] = {}
        self._pending: list[tuple[Any, Callable[[Any, Forms], Content], Reference]] = []
        self._uses: list[int] = []
        self._ways: list[str] = []
        self._steps: list[tuple[int | None, str]] = []  # where each node is held, and the step from there
        self._formed: int | None = None
        self._living: list[Any] = []
        self._sharing = Sharing(self.is_own)

    def form(self, value: Any, step: str = "") -> Form:
        """Form a value.

        Args:
            value: what to form.
            step: the way to it from what holds it, such as `.name` or `[0]`, for a refusal.
        """
        kind: Any = type(value)
        if value is None or kind is str or kind is bool:
            return value
        if kind in SCALARS:
            return SCALARS[kind](value)
        if kind in EMPTY and not value:
            if kind in CHANGEABLE:
                self._sharing.hold(self._formed, step, value)
            return [EMPTY[kind], []]
        reference = self._references.get(id(value))
        if reference is None:
            reference = self._references[id(value)] = self.node(value, content_of(kind), step)
        else:
            self._uses.append(reference[NAME])
            self._ways.append(step)
            self._sharing.repeat(reference[NAME])
        return reference

    def node(self, value: Any, describe: Callable[[Any, Forms], Content], step: str) -> Reference:
        """Refer to a value whose content `describe` will tell."""
        reference = self._nodes.new()
        self._pending.append((value, describe, reference))
        self._uses.append(reference[NAME])
        self._ways.append(step)
        self._steps.append((self._formed, step))
        self._living.append(value)  # while it lives no other object has its id
        return reference

    def hold_cell(self, step: str, cell: CellType, *, is_set: bool) -> None:
        """Note that the function that is being formed keeps a variable, and whether it sets it."""
        self._sharing.hold_cell(self._formed, step, cell, is_set=is_set)

    def contents(self) -> dict[str, Content]:
        """Form all that the formed values hold; then every reference has its name."""
        while self._pending:
            value, describe, reference = self._pending.pop()
            self._uses, self._ways = [], []
            self._formed = reference[NAME]
            content = describe(value, self)
            self._sharing.add(self._formed, value, content, self._uses, self._ways)
            self._nodes.fill(reference, content, self._uses)
        return self._nodes.contents_by_name()

    def shared(
        self, units: Mapping[str, int], rendered: Mapping[str, Collection[str]], common: int
    ) -> dict[str, Form]:
        """Tell what functions keep in common, once all is formed; see `Sharing.shared`."""
        return self._sharing.shared(units, rendered, common, self._nodes.name)

    def is_own(self, module: str | None) -> bool:
        """Whether a module is the DAG's own file, which nobody can import by its name."""
        return module is None or module in (self._module, "__main__") or module.startswith("unusual_prefix_")

    def name_of(self, value: Any, module: str | None, qualname: str) -> Content | None:
        """Name a value by where it can be imported from; None if it cannot, or is another one there."""
        if self.is_own(module) or not is_importable(module or ""):
            return None
        place: Any = sys.modules.get(module or "")
        for part in qualname.split("."):
            place = attribute(place, part)
        return ["name", f"{module}.{qualname}"] if place is value else None

    def parts(self, values: Mapping[str, Any]) -> dict[str, Form]:
        """Form values that are held together, by the step to each of them."""
        return {step: self.form(value, step) for step, value in values.items()}

    def attributes(self, pairs: Iterable[tuple[str, Any]], separator: str = ".") -> dict[str, Form]:
        """Form attributes by their names."""
        return self.parts({f"{separator}{name}": self._placeless(name, value) for name, value in pairs})

    def _placeless(self, name: str, value: Any) -> Any:
        """What `functools.update_wrapper` notes of the place of a function, without the file and what is around it."""
        if name == "__module__" and isinstance(value, str) and self.is_own(value):
            return "the file's own"
        return value.rpartition(".")[2] if name == "__qualname__" and isinstance(value, str) else value

    def refused(self, reason: str, remedy: str = "") -> NotComparable:
        """Make the refusal of the value that is being formed."""
        steps: list[str] = []
        index = self._formed
        while index is not None:
            index, step = self._steps[index]
            steps.append(step)
        place = shortened_place("".join(reversed(steps)))
        return NotComparable(f"{place} {reason}", remedy)
