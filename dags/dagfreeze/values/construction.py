"""A call that makes an object."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Construction:
    """A call that makes an object.

    Attributes:
        maker: class or function.
        args: its arguments.
        keywords: its keyword arguments.
        completed: does to the object what Airflow does to it afterwards, and returns it.
    """

    maker: Any
    args: tuple[Any, ...] = ()
    keywords: Mapping[str, Any] = field(default_factory=dict)
    completed: Callable[[Any], Any] = lambda instance: instance
