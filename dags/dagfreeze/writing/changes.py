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
    """Arguments for all params of a DAG, when these have changed since the constructor made them of its arguments.

    Some may come from default_args, from which a DAG moves them.
    """
    params_argument, defaults = dict(arguments.get("params") or {}), dict(arguments.get("default_args") or {})
    old_params = params_argument | (defaults.pop("params", None) or {})
    params = {name: call.product.params.get_param(name) for name in call.product.params}
    changed = {
        name for name, param in params.items() if name not in old_params or _differs(old_params[name], param)
    }
    if params.keys() == old_params.keys() and not changed:
        return {}
    new_params = {name: param if name in changed else old_params[name] for name, param in params.items()}
    return {"params": new_params} | ({"default_args": defaults} if "default_args" in arguments else {})


def _differs(argument: Any, param: Any) -> bool:
    """Whether a param differs from the argument that it was made of; a text or the like becomes a param's value."""
    from airflow.sdk import Param

    if isinstance(argument, Param) or _same(argument, param.value):
        return argument is not param and isinstance(argument, Param)
    return not (isinstance(argument, dict | list | tuple | set) and argument == param.value)


def folded(call: Call, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments with the texts that were set, or read from a file, afterwards."""
    texts = {}
    for name in FOLDED:
        value = getattr(call.product, name, None)
        if isinstance(value, str) and value and value != arguments.get(name):
            texts[name] = value
    return {**arguments, **texts}


def changes(call: Call) -> dict[str, Any]:
    """Attributes that a factory set after the constructor, and what they are now."""
    changed = {}
    for name, value in state(call.product).items():
        if name in STRUCTURE or isinstance(getattr(type(call.product), name, None), cached_property):
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
