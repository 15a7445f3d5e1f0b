"""Turns values into contents without addresses, files or lines: what each is, what it holds, and so on."""

from __future__ import annotations

import builtins
import copyreg
import datetime
import enum
import functools
import gc
import logging
import sys
import threading
import types
import weakref
import zoneinfo
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from airflow.sdk import DAG, Asset, TaskGroup
from airflow.sdk.definitions._internal.abstractoperator import AbstractOperator
from airflow.sdk.definitions.param import ParamsDict

from dagfreeze.importable import attribute, is_installed
from dagfreeze.proof import callables
from dagfreeze.proof.caches import refuse_computed, thread_content
from dagfreeze.proof.nodes import EMPTY, Content
from dagfreeze.proof.state import CACHED, PLAIN, plain_base, state

if TYPE_CHECKING:
    from dagfreeze.proof.forming import Forms

WITHOUT_STATE = (
    type(threading.Lock()),
    type(threading.RLock()),
)
"""Types that hold what a process is doing, not what a DAG file has said."""

STRUCTLOG = {
    "BoundLoggerLazyProxy": (
        *("_initial_values", "_logger_factory_args", "_wrapper_class"),
        *("_processors", "_context_class", "_cache_logger_on_first_use"),
    ),
    "": ("_context",),
}
"""Attributes of structlog's loggers that their authors have given them, by the class; the last is for all others."""

MEMBER = frozenset({"_name_", "_value_", "__objclass__", "_sort_order_", "_inverted_"})
"""Attributes that Python gives each member of an enum."""


def items_content(value: Iterable[Any], forms: Forms) -> Content:
    """Tell the content of a list, a tuple or a set."""
    return [EMPTY[type(value)], [forms.form(item, f"[{at}]") for at, item in enumerate(value)]]


def dict_content(value: Mapping[Any, Any], forms: Forms) -> Content:
    """Tell the content of a dictionary, whose order counts."""
    if value is vars(builtins):
        return ["name", "builtins"]
    return ["dict", [[forms.form(key), forms.form(item, _key_step(key))] for key, item in value.items()]]


def _key_step(key: Any) -> str:
    return f'["{key}"]' if type(key) is str else "[…]"


def _mapping_proxy_content(value: Mapping[Any, Any], forms: Forms) -> Content:
    shown = gc.get_referents(value)  # a change of the dictionary changes the view, too
    return ["read-only", forms.parts({"": shown[0] if type(shown[0]) is dict else dict(value)})]


def _params_content(value: ParamsDict, forms: Forms) -> Content:
    params = dict(value.items())
    parts = {_key_step(name): param for name, param in params.items()}
    return [
        "object",
        forms.parts({", its class": type(value), ", the order of its keys": tuple(params)} | parts),
    ]


def _enum_content(value: enum.Enum, forms: Forms) -> Content:
    kind = type(value)
    name = f"{kind.__qualname__}.{value._name_}"
    parts = {", its class": kind, ", its value": name, ", its content": value._value_}
    attributes = (
        [pair for pair in vars(value).items() if pair[0] not in MEMBER]
        if forms.is_own(kind.__module__)
        else []
    )
    return ["enum", forms.parts(parts) | forms.attributes(attributes)]


def _date_content(value: Any, forms: Forms) -> Content:
    return ["date", forms.parts({", its class": type(value), ", its value": datetime.date.isoformat(value)})]


def _moment_content(value: Any, forms: Forms) -> Content:
    parts = {", its class": type(value), ", its value": datetime.datetime.isoformat(value)}
    parts |= {", its zone": value.tzinfo, ", its fold": value.fold}
    return ["moment", forms.parts(parts) | forms.attributes(getattr(value, "__dict__", {}).items())]


def _duration_content(value: datetime.timedelta, forms: Forms) -> Content:
    return ["duration", value.days, value.seconds, value.microseconds]


def _zone_content(value: zoneinfo.ZoneInfo, forms: Forms) -> Content:
    if value.key is None:
        raise forms.refused("is a time zone without a name")
    return ["zone", forms.parts({", its class": type(value), ", its value": value.key})]


def _path_content(value: PurePath, forms: Forms) -> Content:
    # its slots are caches
    attributes = getattr(value, "__dict__", {}).items()
    return [
        "path",
        forms.parts({", its class": type(value), ", its value": str(value)}) | forms.attributes(attributes),
    ]


def _module_content(value: types.ModuleType, forms: Forms) -> Content:
    return ["module", "the file itself" if forms.is_own(value.__name__) else value.__name__]


def _logger_content(value: logging.Logger, forms: Forms) -> Content:
    root, dot, rest = value.name.partition(".")
    return ["logger", f"the file itself{dot}{rest}" if forms.is_own(root) else value.name]


def _weak_reference_content(value: weakref.ref[Any], forms: Forms) -> Content:
    return ["weak reference", forms.parts({", what it refers to": value()})]


def _proxy_content(value: Any, forms: Forms) -> Content:
    # A group is held by its parent and its DAG; what belongs to it knows it by a proxy.
    if isinstance(value, TaskGroup):
        return _group_reference(value, forms)
    raise forms.refused(f"is a weak proxy of a {value.__class__.__name__}, which cannot be compared")


def _weak_content(value: Any, forms: Forms) -> Content:
    """Tell the content of what holds things weakly, if it is empty."""
    if len(value):
        reason = f"holds {len(value)} things weakly since the file was imported; the frozen file would not"
        raise forms.refused(reason, "Fill it in the function that uses it.")
    return _type_only_content(value, forms)


def _type_only_content(value: Any, forms: Forms) -> Content:
    return ["without state", forms.parts({", its class": type(value)})]


def _structlog_content(value: Any, forms: Forms) -> Content:
    # what it was made with; the other attributes come from its use
    attributes = dict(state(value))
    names = STRUCTLOG.get(type(value).__name__, STRUCTLOG[""])
    settings = {f", its {name}": attributes.get(name) for name in names}
    settings[", its logger"] = type(attributes.get("_logger"))
    settings[", its file"] = attribute(attributes.get("_file"), "name")
    return ["without state", forms.parts({", its class": type(value)} | settings)]


def _dag_reference(value: DAG, forms: Forms) -> Content:
    return ["its DAG"] if value is forms.dag else ["another DAG", value.dag_id]


def _group_reference(value: TaskGroup, forms: Forms) -> Content:
    if value.dag is forms.dag:
        return ["task group", value.group_id]
    return ["task group of another DAG", value.dag.dag_id, value.group_id]


def _task_reference(value: Any, forms: Forms) -> Content:
    dag = value.get_dag()
    if dag is None:
        return object_content(value, forms)
    return ["task", value.task_id] if dag is forms.dag else ["task of another DAG", dag.dag_id, value.task_id]


def object_content(value: Any, forms: Forms) -> Content:
    """Tell the content of an object: its class, the plain value that it may be, and its attributes.

    An object that its class's module holds under a name is that name if it has no state, as a mark for "not set",
    or if the module is installed, as Airflow's configuration, which each process reads for itself.
    """
    kind: Any = type(value)
    base = plain_base(kind)
    if is_installed(kind.__module__) or (base is object and not state(value)):
        constant = None if forms.is_own(kind.__module__) else _constant_name(value, kind)
        if constant is not None:
            return constant
    if base is None:
        return _reduced_content(value, forms)
    if not is_installed(kind.__module__):
        refuse_computed(value, forms)
    parts = {", its class": Asset if kind.__qualname__ == "AssetDefinition" else kind}
    if base is not object:
        parts[", its content"] = PLAIN[base](value)
    return ["object", forms.parts(parts) | forms.attributes(state(value))]


def _constant_name(value: Any, kind: type) -> Content | None:
    for name, constant in getattr(sys.modules.get(kind.__module__), "__dict__", {}).items():
        if constant is value:
            return ["name", f"{kind.__module__}.{name}"]
    return None


def _reduced_content(value: Any, forms: Forms) -> Content:
    """Tell the content of an object by what `pickle` would make it from.

    One whose class is not installed has its attributes besides: its author may have left some of them out for
    `pickle`, which a task sees.
    """
    kind = type(value)
    reduce = copyreg.dispatch_table.get(kind)
    attributes = [] if is_installed(kind.__module__) else state(value)
    try:
        parts = reduce(value) if reduce else value.__reduce_ex__(4)
    except Exception:
        text = f"is a {kind.__module__}.{kind.__qualname__}, of which nobody can tell what it holds"
        raise forms.refused(text, "Make it in the function that uses it.") from None
    if isinstance(parts, str):
        callables.refuse_by_text(value, forms)
        return forms.name_of(value, getattr(value, "__module__", None), parts) or ["local", parts]
    names = (", what makes it", ", its arguments", ", its state", ", its items", ", its keys and values")
    lists = {name: list(part) for name, part in zip(names[3:], parts[3:5], strict=False) if part is not None}
    content = forms.parts({", its class": kind} | dict(zip(names[:3], parts, strict=False)) | lists)
    if isinstance(value, BaseException):
        content |= forms.parts({", its cause": value.__cause__, ", its context": value.__context__})
    return ["made", content | forms.attributes(attributes)]


CONTENTS: dict[type, Callable[[Any, Forms], Content]] = {
    **dict.fromkeys((list, tuple, set, frozenset), items_content),
    **dict.fromkeys(WITHOUT_STATE, _type_only_content),
    **dict.fromkeys((weakref.WeakKeyDictionary, weakref.WeakValueDictionary, weakref.WeakSet), _weak_content),
    **callables.CONTENTS,
    threading.local: thread_content,
    dict: dict_content,
    types.MappingProxyType: _mapping_proxy_content,
    ParamsDict: _params_content,
    datetime.date: _date_content,
    datetime.timedelta: _duration_content,
    weakref.ReferenceType: _weak_reference_content,
    weakref.ProxyType: _proxy_content,
    weakref.CallableProxyType: _proxy_content,
}

CONTENTS_OF_SUBCLASSES: list[tuple[type, Callable[[Any, Forms], Content]]] = [
    (type, callables.class_content),
    (enum.Enum, _enum_content),
    (DAG, _dag_reference),
    (TaskGroup, _group_reference),
    (AbstractOperator, _task_reference),
    (zoneinfo.ZoneInfo, _zone_content),
    (PurePath, _path_content),
    (types.ModuleType, _module_content),
    (logging.Logger, _logger_content),
]


@functools.lru_cache(CACHED)
def content_of(kind: Any) -> Callable[[Any, Forms], Content]:
    """Tell which function tells the content of values of a type."""
    if kind in CONTENTS:
        return CONTENTS[kind]
    if kind.__module__.startswith("structlog.") and (
        hasattr(kind, "bind") or kind.__name__.endswith("Logger")
    ):
        return _structlog_content
    if issubclass(kind, datetime.datetime) and kind.__module__ in ("datetime", "pendulum.datetime"):
        return _moment_content  # others hold more, such as nanoseconds
    for ancestor, content in CONTENTS_OF_SUBCLASSES:
        if issubclass(kind, ancestor):
            return content
    return object_content
