"""Refuses what has been filled while a DAG file was imported, where nobody would fill it in the frozen file."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from dagfreeze.proof.nodes import Content
from dagfreeze.proof.state import computed

if TYPE_CHECKING:
    from dagfreeze.proof.forming import Forms

WRAPPER_ASSIGNMENTS = frozenset({*functools.WRAPPER_ASSIGNMENTS, "__wrapped__"})
"""What `functools.cache` takes over from its function, which is formed itself."""


def cached_content(value: Any, forms: Forms) -> Content:
    """Tell the content of a function behind `functools.cache`, if it keeps nothing that it would compute again."""
    name = forms.name_of(value, value.__module__, value.__qualname__)
    parts = {", its function": value.__wrapped__, ", its cache": value.cache_parameters()}
    attributes = [pair for pair in vars(value).items() if pair[0] not in WRAPPER_ASSIGNMENTS]
    if not name and value.cache_info().currsize:
        reason = "has kept results in its cache since the file was imported; the frozen file would compute them again"
        remedy = f"Write {value.__name__}.cache_clear() at the end of the file, or do without the cache."
        raise forms.refused(reason, remedy)
    return name or ["cached function", forms.parts(parts) | forms.attributes(attributes)]


def refuse_computed(value: Any, forms: Forms) -> None:
    """Refuse what a cached property has kept: the frozen file would compute it again."""
    for name in computed(value):
        reason = f"has kept a value in its cached property {name} since the file was imported"
        raise forms.refused(reason, "Make it a property, or an attribute that __init__ sets.")


def thread_content(value: Any, forms: Forms) -> Content:
    """Tell the content of what each thread has for itself, if it is empty."""
    if vars(value):
        reason = f"holds what one thread has put there while the file was imported: {', '.join(sorted(vars(value)))}"
        raise forms.refused(reason, "Put it there in the function that uses it.")
    return ["without state", forms.parts({", its class": type(value)})]
