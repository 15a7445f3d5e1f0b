"""Notes which classes are registered with abstract base classes, because Python shows that to nobody afterwards."""

from __future__ import annotations

from abc import ABCMeta
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

_classes: defaultdict[int, dict[str, list[type]]] = defaultdict(dict)
"""Partners of each class by its id; they keep each other alive."""


@contextmanager
def noting_registrations() -> Iterator[None]:
    """Note what is registered from now on."""
    register = ABCMeta.register

    def register_and_note(base: ABCMeta, kind: Any) -> Any:
        registered = register(base, kind)
        for one, way, other in (
            (base, "what is registered with it", kind),
            (kind, "what it is registered with", base),
        ):
            _classes[id(one)].setdefault(way, []).append(other)
        return registered

    ABCMeta.register = register_and_note  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        ABCMeta.register = register  # type: ignore[method-assign]


def registrations(kind: type) -> Mapping[str, list[type]]:
    """Tell which classes are registered with a class, and with which it is, by these words."""
    return _classes.get(id(kind), {})
