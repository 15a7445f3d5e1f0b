"""Tells what a factory changed after the constructors of its DAGs, groups and tasks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from dagfreeze.watching.notes import Call, state

FOLDED = ("description", "doc_md", "tooltip")
"""Texts that a factory often sets afterwards, and that mean the same as arguments."""

STRUCTURE = frozenset(
    {
        "children", "dag", "downstream_group_ids", "downstream_task_ids", "edge_info", "fileloc", "last_loaded",
        "parent_group", "partial", "relative_fileloc", "task_dict", "task_group", "upstream_group_ids",
        "upstream_task_ids", "used_group_ids",
    }
)  # fmt: skip
"""What follows from the tasks, the groups and the edges."""


def changed_params(call: Call, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that say all params of a DAG, when they are others now than the constructor made of its arguments.

    Some may come from default_args, from which a DAG moves them.
    """
    own, defaults = dict(arguments.get("params") or {}), dict(arguments.get("default_args") or {})
    known = own | (defaults.pop("params", None) or {})
    params = {name: call.made.params.get_param(name) for name in call.made.params}
    changed = {name for name, param in params.items() if name not in known or _differs(known[name], param)}
    if params.keys() == known.keys() and not changed:
        return {}
    written = {name: param if name in changed else known[name] for name, param in params.items()}
    return {"params": written} | ({"default_args": defaults} if "default_args" in arguments else {})


def _differs(given: Any, param: Any) -> bool:
    """Whether a param is not what was given; a text or the like becomes the value of a param."""
    from airflow.sdk import Param

    if isinstance(given, Param) or _same(given, param.value):
        return given is not param and isinstance(given, Param)
    return not (isinstance(given, dict | list | tuple | set) and given == param.value)


def folded(call: Call, given: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments with the texts that were set, or read from a file, afterwards."""
    arguments = dict(given)
    for name in FOLDED:
        value = getattr(call.made, name, None)
        if isinstance(value, str) and value and value != arguments.get(name):
            arguments[name] = value
    return arguments


def changes(call: Call) -> dict[str, Any]:
    """Attributes that a factory set after the constructor, and what they are now."""
    changed = {}
    for name, value in state(call.made).items():
        if name in STRUCTURE or isinstance(getattr(type(call.made), name, None), cached_property):
            continue
        if name.startswith("_") and name != "_on_failure_fail_dagrun":
            continue
        if name not in call.state or not _same(call.state[name], value):
            changed[name] = value
    return changed


def _same(before: Any, now: Any) -> bool:
    if before is now:
        return True
    if type(before) is not type(now):
        return False
    if isinstance(now, dict | list | set):
        return len(before) == len(now) and (
            all(key in before and before[key] is now[key] for key in now)
            if isinstance(now, dict)
            else all(one is other for one, other in zip(before, now, strict=True))
            if isinstance(now, list)
            else before == now
        )
    return isinstance(now, str | int | float | bytes) and before == now
