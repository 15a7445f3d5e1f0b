"""Calls that make Airflow's own objects, as a person would write them, and what is no value at all."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from typing import Any

from dagfreeze.refusal import Refused
from dagfreeze.values.construction import Construction
from dagfreeze.values.literals import is_name

_NODES = frozenset(
    {
        "airflow.sdk.definitions.dag.DAG",
        "airflow.sdk.definitions._internal.node.DAGNode",
        "airflow.sdk.definitions._internal.expandinput.MappedArgument",
        "airflow.sdk.definitions.param.DagParam",
        "airflow.sdk.definitions.xcom_arg.XComArg",
        "airflow.sdk.definitions.mappedoperator.OperatorPartial",
        "airflow.sdk.bases.decorator._TaskDecorator",
    }
)
"""Classes of what belongs to a DAG: to make another one would change the DAG."""


def refuse_nodes(value: Any) -> None:
    """Refuse a task, a group, a DAG, or what a task returns; those of the written DAG do not come here.

    Raises:
        Refused: when the value is one.
    """
    if _NODES.intersection(_ancestors(value)):
        raise Refused(
            f"an object of the class {type(value).__name__} belongs to a DAG, but not to this one",
            "Refer to tasks and DAGs by their ids, or make them in this DAG.",
        )


def owner(value: Any) -> tuple[type, str] | None:
    """The class that holds an object under a name, as `DeadlineReference` does, and the name."""
    if "airflow.sdk.definitions.deadline.BaseDeadlineReference" in _ancestors(value):
        reference: type = _sdk("DeadlineReference")
        return next(((reference, name) for name, member in vars(reference).items() if member is value), None)
    return None


def constructions(value: Any) -> Iterator[Construction]:
    """Calls that may make an equal object, the best first."""
    for ancestor in _ancestors(value):
        if ancestor in _CONSTRUCTIONS:
            yield from _CONSTRUCTIONS[ancestor](value)
            return


def _ancestors(value: Any) -> list[str]:
    return [f"{kind.__module__}.{kind.__qualname__}" for kind in type(value).__mro__]


def _asset(value: Any) -> Iterator[Construction]:
    more = {
        "group": (value.group, value.asset_type),
        "extra": (value.extra, {}),
        "watchers": (value.watchers, []),
        "access_control": (value.access_control, type(value.access_control)()),
    }
    keywords = {name: setting for name, (setting, default) in more.items() if setting != default}
    yield Construction(type(value), (value.name,), keywords)
    yield Construction(type(value), (), {"name": value.name, "uri": value.uri, **keywords})


def _param(value: Any) -> Iterator[Construction]:
    """A parameter; the DAG or the task that it belongs to says so afterwards."""
    keywords = {} if value.description is None else {"description": value.description}
    args = () if type(value.value).__name__ == "ArgNotSet" else (value.value,)
    schema = value.schema
    if all(isinstance(name, str) and is_name(name) for name in schema) and not schema.keys() & _PARAM_NAMES:
        yield Construction(type(value), args, {**keywords, **schema}, _with_source(value))
    yield Construction(type(value), args, {**keywords, "schema": schema}, _with_source(value))


_PARAM_NAMES = {"self", "default", "description", "source", "schema"}


def _with_source(value: Any) -> Callable[[Any], Any]:
    def completed(param: Any) -> Any:
        if hasattr(value, "source"):  # from Airflow 3.2 on
            param.source = value.source
        return param

    return completed


def _params(value: Any) -> Iterator[Construction]:
    keywords = {"suppress_exception": True} if value.suppress_exception else {}
    yield Construction(type(value), (dict(value.items()),), keywords)


def _edge_label(value: Any) -> Iterator[Construction]:
    yield Construction(_sdk("Label"), (value.label,))


def _literal(value: Any) -> Iterator[Construction]:
    yield Construction(_sdk("literal"), (value.value,))


def _object_path(value: Any) -> Iterator[Construction]:
    yield Construction(
        type(value), (str(value),), {} if value.conn_id is None else {"conn_id": value.conn_id}
    )


def _crons(value: Any) -> Iterator[Construction]:
    """A timetable of several, which share all but their expressions."""
    parts = getattr(value, "timetables", None) or value._timetables
    first = parts[0]

    def attribute(part: Any, name: str) -> Any:
        return getattr(part, f"_{name}") if hasattr(part, f"_{name}") else getattr(part, name)

    crons = tuple(attribute(part, "expression") for part in parts)
    keywords = {name: attribute(first, name) for name in ("timezone", "interval", "run_immediately")}
    yield Construction(
        type(value),
        crons,
        {name: setting for name, setting in keywords.items() if setting or name == "timezone"},
    )


def _asset_or_time(value: Any) -> Iterator[Construction]:
    """A timetable of Airflow's core, which keeps copies of the assets that it was given."""
    keywords = {"timetable": value.timetable, "assets": _original(value.asset_condition)}
    yield Construction(type(value), (), keywords)


def _original(copy: Any) -> Any:
    """The assets that are copied like this, as a DAG file makes them; Airflow before 3.2 copies nothing."""
    kind = type(copy).__name__.removeprefix("Serialized")
    if kind == type(copy).__name__:
        return copy
    if kind in ("AssetAll", "AssetAny"):
        return _sdk(kind)(*map(_original, copy.objects))
    if kind == "AssetNameRef":
        return _sdk("Asset").ref(name=copy.name)
    if kind == "AssetUriRef":
        return _sdk("Asset").ref(uri=copy.uri)
    if kind == "AssetAlias":
        return _sdk(kind)(copy.name, group=copy.group)
    return _sdk(kind)(copy.name, copy.uri, group=copy.group, extra=copy.extra)


def _trigger(value: Any) -> Iterator[Construction]:
    path, keywords = value.serialize()
    if path == _ancestors(value)[0]:
        yield Construction(type(value), (), keywords)


def _callback(value: Any) -> Iterator[Construction]:
    """A callback of a deadline, by its function instead of the path that it keeps."""
    module, _, name = value.path.rpartition(".")
    function = getattr(sys.modules.get(module), name, None)
    keywords = {"kwargs": value.kwargs} if value.kwargs else {}
    if getattr(value, "executor", None) is not None:
        keywords["executor"] = value.executor
    if function is not None:
        yield Construction(type(value), (function,), keywords)


def _deadline_reference(value: Any) -> Iterator[Construction]:
    reference = _sdk("DeadlineReference")
    if hasattr(value, "_datetime"):
        yield Construction(reference.FIXED_DATETIME, (value._datetime,))
    if hasattr(value, "max_runs"):
        yield Construction(
            reference.AVERAGE_RUNTIME, (), {"max_runs": value.max_runs, "min_runs": value.min_runs}
        )


def _sdk(name: str) -> Any:
    return getattr(importlib.import_module("airflow.sdk"), name)


_CONSTRUCTIONS: dict[str, Callable[[Any], Iterator[Construction]]] = {
    "airflow.sdk.definitions.asset.Asset": _asset,
    "airflow.sdk.definitions.param.Param": _param,
    "airflow.sdk.definitions.param.ParamsDict": _params,
    "airflow.sdk.definitions.edges.EdgeModifier": _edge_label,
    "airflow.sdk.definitions._internal.templater.LiteralValue": _literal,
    "airflow.sdk.io.path.ObjectStoragePath": _object_path,
    "airflow.sdk.definitions.timetables.trigger.MultipleCronTriggerTimetable": _crons,
    "airflow.timetables.trigger.MultipleCronTriggerTimetable": _crons,
    "airflow.timetables.assets.AssetOrTimeSchedule": _asset_or_time,
    "airflow.triggers.base.BaseTrigger": _trigger,
    "airflow.sdk.definitions.callback.Callback": _callback,
    "airflow.sdk.definitions.deadline.BaseDeadlineReference": _deadline_reference,
}
