"""Refuses what has been filled while a DAG file was imported, where nobody would fill it in the frozen file."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dagfreeze.identity import is_object
from dagfreeze.proof.nodes import Content
from dagfreeze.proof.state import computed

if TYPE_CHECKING:
    from dagfreeze.proof.forming import Forms


def cached_content(value: Any, forms: Forms) -> Content:
    """Tell the content of a function behind `functools.cache`, if it keeps nothing that may have changed."""
    name = forms.name_of(value, value.__module__, value.__qualname__)
    parts = {", its function": value.__wrapped__, ", its cache": value.cache_parameters()}
    kept = [] if name else [type(result).__name__ for result in _results(value) if is_object(result)]
    if kept:
        reason = f"has kept a {kept[0]} in its cache since the file was imported; the frozen file would make another"
        raise forms.refused(reason, "Keep it in a variable of the file in place of the cache.")
    return name or ["cached function", forms.parts(parts)]


def _results(value: Any) -> Iterator[Any]:
    """Tell what a cached function has kept: Python shows it to its garbage collector alone."""
    if not value.cache_info().currsize:
        return
    held = gc.get_referents(value)
    cache = held.index(value.__wrapped__) - 1
    yield from held[:cache]  # of a cache of limited size
    yield from held[cache].values()


def refuse_computed(value: Any, forms: Forms) -> None:
    """Refuse what a cached property has made, if it may have been changed since: it would be made again."""
    for name, held in computed(value):
        if is_object(held):
            reason = (
                f"has kept a {type(held).__name__} in its cached property {name} since the file was imported"
            )
            raise forms.refused(reason, "Make it in __init__, or ask for it in a task only.")


def thread_content(value: Any, forms: Forms) -> Content:
    """Tell the content of what each thread has for itself, if it is empty."""
    if vars(value):
        reason = f"holds what one thread has put there while the file was imported: {', '.join(sorted(vars(value)))}"
        raise forms.refused(reason, "Put it there in the function that uses it.")
    return ["without state", forms.parts({", its class": type(value)})]
