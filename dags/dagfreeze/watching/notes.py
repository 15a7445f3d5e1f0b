"""What is noted of the making of DAGs: each call of a constructor, each `>>`, in their order.

What a finished operator keeps of its arguments is not enough to write it down again: Airflow merges default_args in,
and a subclass passes on other arguments than it was called with. So the calls themselves are noted, but only the
outermost ones: whatever a constructor makes by itself it will make again.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import CodeType
from typing import Any, NamedTuple

CONTAINERS = (dict, list, tuple, set)
"""Types whose values are noted as copies."""


class Place(NamedTuple):
    """What led to a call in the DAG file.

    Attributes:
        line: 0 when nothing there did.
        end: line and column where the expression ends that was being evaluated; zeros when it is not known.
    """

    line: int
    end: tuple[int, int]


@dataclass
class Call:
    """One call that made something.

    Attributes:
        kind: "dag", "group", "operator", "taskflow" or "mapped".
        product: the DAG, the group or the operator.
        maker: what was called: a class, a decorated function, or the partial operator that was expanded.
        args: positional arguments.
        kwargs: keyword arguments, their dicts and lists copied as they were then.
        place: what led to the call in the DAG file.
        state: attributes right after the call, to tell those that were set later.
        strict: of `expand_kwargs`.
        then: methods of the product that were called right behind: ``as_setup``, ``as_teardown``; with arguments.
    """

    kind: str
    product: Any
    maker: Any
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    place: Place
    state: dict[str, Any] = field(default_factory=dict)
    strict: bool | None = None
    then: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


@dataclass
class Edge:
    """One call of ``set_downstream`` or ``set_upstream``, which is what ``>>`` and ``<<`` are."""

    node: Any
    other: Any
    upstream: bool
    modifier: Any = None


@dataclass
class Closed:
    """The end of the ``with`` block of a task group."""

    group: Any


Event = Call | Edge | Closed


class Notes:
    """What was noted.

    Attributes:
        events: in their order.
        calls: by the identities of their products.
        derived: of a decorated function that ``override`` or ``partial`` made: from which one, how, with what.
        decorators: arguments of each decorated function, as they were when it was decorated.
        partials: arguments of ``Operator.partial``, by the identity of what it returned.
        implied: identities of operators and groups that another constructor made.
        edges: pairs of identities of operators: all edges that repeating the events makes.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.events: list[Event] = []
        self.calls: dict[int, Call] = {}
        self.derived: dict[int, tuple[Any, str, dict[str, Any]]] = {}
        self.decorators: dict[int, dict[str, Any]] = {}
        self.partials: dict[int, dict[str, Any]] = {}
        self.implied: dict[int, Any] = {}
        self.edges: set[tuple[int, int]] = set()
        self._originals: dict[int, tuple[Any, Any]] = {}
        self._thread = threading.local()
        self._ends: dict[int, tuple[CodeType, list[tuple[int, int]]]] = {}

    def add(self, call: Call) -> None:
        """Note a call, and the state of its product."""
        call.state = state(call.product)
        self.events.append(call)
        self.calls[id(call.product)] = call

    def place(self) -> Place:
        """Where the DAG file is being executed."""
        frame = sys._getframe(1)
        while frame is not None and frame.f_code.co_filename != self.file:
            frame = frame.f_back
        if frame is None:
            return Place(0, (0, 0))
        code = frame.f_code
        if id(code) not in self._ends:  # to hash a long one takes as long as to read it
            ends = [(line or 0, column or 0) for _, line, _, column in code.co_positions()]
            self._ends[id(code)] = (code, ends)
        return Place(frame.f_lineno or 0, self._ends[id(code)][1][frame.f_lasti // 2])

    def copied(self, value: Any) -> Any:
        """New plain containers with the same contents; a factory may change its own afterwards."""
        if type(value) not in CONTAINERS:
            return value
        if type(value) is dict:
            copy = {key: self.copied(item) for key, item in value.items()}
        else:
            copy = type(value)(self.copied(item) for item in value)
        self._originals[id(copy)] = (copy, value)
        return copy

    def original(self, value: Any) -> Any:
        """The container that was copied, unless it has been changed since; any other value itself."""
        copy, original = self._originals.get(id(value), (value, value))
        return original if copy is value and _is_unchanged(copy, original) else value

    @contextlib.contextmanager
    def inside(self) -> Iterator[bool]:
        """Yield whether no other noted call is under way; calls inside of this one are not noted."""
        depth = getattr(self._thread, "depth", 0)
        self._thread.depth = depth + 1
        try:
            yield depth == 0
        finally:
            self._thread.depth = depth


def _is_unchanged(copy: Any, value: Any) -> bool:
    """Whether a plain container still holds what it held when it was copied."""
    if type(copy) not in CONTAINERS or type(copy) is not type(value) or len(copy) != len(value):
        return copy is value
    if type(copy) is dict:
        pairs = zip(copy.items(), value.items(), strict=True)
        return all(key is other and _is_unchanged(item, now) for (key, item), (other, now) in pairs)
    return all(_is_unchanged(item, now) for item, now in zip(copy, value, strict=True))


def state(instance: Any) -> dict[str, Any]:
    """Attributes of an object: those of its ``__dict__`` and of its slots; plain containers as shallow copies."""
    values = dict(getattr(instance, "__dict__", {}))
    for kind in type(instance).__mro__:
        for name in vars(kind).get("__slots__", ()):
            if name not in ("__weakref__", "__dict__") and hasattr(instance, name):
                values[name] = getattr(instance, name)
    return {
        name: value.copy() if type(value) in (dict, list, set) else value for name, value in values.items()
    }
