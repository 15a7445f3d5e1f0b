"""Writes what Python itself has: numbers, texts, collections, patterns, functions, classes, modules."""

from __future__ import annotations

import collections
import enum
import fractions
import functools
import logging
import operator
import pathlib
import re
import types
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from dagfreeze.importable import attribute
from dagfreeze.refusal import Refused
from dagfreeze.values.code import (
    Expr,
    byte_string,
    call,
    followed,
    is_name,
    items,
    line,
    pairs,
    render,
    string,
)
from dagfreeze.values.imports import module_name, origin

if TYPE_CHECKING:
    from dagfreeze.values.expressions import Values

Writer = Callable[["Values", Any], Expr]

_LONG_INTEGER = 2_000
"""Bits from which a number is written in hexadecimal, because Python does not read as many decimals."""


def _by_text(values: Values, value: Any) -> Expr:
    return call(values.reference(type(value)), line(str(value)))


def _integer(values: Values, value: int) -> Expr:
    if value.bit_length() < _LONG_INTEGER:
        return str(value)
    return f"{'-' if value < 0 else ''}0x{abs(value):X}"


def _float(values: Values, value: float) -> Expr:
    text = repr(value).replace("+", "")
    return call("float", line(text)) if text.strip("-") in ("inf", "nan") else text


def _complex(values: Values, value: complex) -> Expr:
    return call("complex", _float(values, value.real), _float(values, value.imag))


def _text(values: Values, value: str) -> Expr:
    anchored = values.anchor(value)
    return string(value) if anchored is None else call("str", anchored)


def _path(values: Values, value: pathlib.Path) -> Expr:
    anchored = values.anchor(str(value))
    return call(values.imports.name("pathlib", "Path"), line(str(value))) if anchored is None else anchored


def _set(values: Values, value: set[Any] | frozenset[Any]) -> Expr:
    name = type(value).__name__
    if not value:
        return f"{name}()"
    if all(type(item) is int for item in value):
        members = values.exprs(sorted(value))
    else:
        members = sorted(values.exprs(value), key=render)
    literal = items("{", members, "}")
    return literal if name == "set" else call(name, literal)


def _dict(values: Values, value: Mapping[Any, Any]) -> Expr:
    return pairs((_key(values, key), values.expr(item)) for key, item in value.items())


def _key(values: Values, key: Any) -> Expr:
    """A key in one line: a text over several lines is no key."""
    return line(key) if type(key) is str and values.anchor(key) is None else values.expr(key)


def _range(values: Values, value: range) -> Expr:
    arguments = [value.start, value.stop, value.step]
    if value.step == 1:
        arguments = arguments[:2] if value.start else [value.stop]
    return call("range", *values.exprs(arguments))


def _collection(values: Values, value: Any) -> Expr:
    """A collection that is made of a plain one, and of nothing else."""
    if getattr(value, "__dict__", {}).keys() - {"maps"}:
        raise Refused(f"a {type(value).__name__} has attributes of its own")
    arguments: list[Any]
    keywords: dict[str, Any] = {}
    if isinstance(value, collections.ChainMap):
        arguments = list(value.maps)
    elif isinstance(value, collections.defaultdict):
        arguments = [value.default_factory, dict(value)]
    elif isinstance(value, collections.deque):
        arguments = [list(value)] if value else []
        keywords = {} if value.maxlen is None else {"maxlen": value.maxlen}
    else:
        arguments = [dict(value)] if value else []
    return call(values.reference(type(value)), *values.exprs(arguments), **values.arguments(keywords))


def _proxy(values: Values, value: types.MappingProxyType[Any, Any]) -> Expr:
    return call(values.imports.name("types", "MappingProxyType"), values.expr(dict(value)))


def _namespace(values: Values, value: types.SimpleNamespace) -> Expr:
    return call(values.imports.name("types", "SimpleNamespace"), **values.arguments(vars(value)))


def _partial(values: Values, value: functools.partial[Any]) -> Expr:
    if vars(value):
        raise Refused("a partial has attributes of its own")
    with values.keeping():
        parts = values.exprs([value.func, *value.args])
        keywords = values.arguments(value.keywords)
    return call(values.imports.name("functools", "partial"), *parts, **keywords)


def _operator(values: Values, value: Any) -> Expr:
    maker, args = value.__reduce__()
    keywords: dict[str, Any] = {}
    if isinstance(maker, functools.partial):  # a methodcaller with keywords
        args, keywords = (*maker.args, *args), maker.keywords
    name = values.imports.name("operator", type(value).__name__)
    return call(name, *values.exprs(args), **values.arguments(keywords))


def _pattern(values: Values, value: re.Pattern[Any]) -> Expr:
    module = values.imports.module("re")
    arguments = [string(value.pattern) if isinstance(value.pattern, str) else byte_string(value.pattern)]
    if not _compiles_to(value):
        flags = re.RegexFlag(value.flags) & ~re.UNICODE
        arguments.append(
            f"{module}.{flags.name}" if is_name(flags.name or "") else f"{module}.RegexFlag({flags.value})"
        )
    return call(f"{module}.compile", *arguments)


def _compiles_to(value: re.Pattern[Any]) -> bool:
    try:
        return re.compile(value.pattern) == value
    except re.error:
        return False


def _enum(values: Values, value: enum.Enum) -> Expr:
    kind = type(value)
    name = value.name or ""
    if is_name(name) and kind.__members__.get(name) is value:
        return f"{values.reference(kind)}.{name}"
    return call(values.reference(kind), values.expr(value.value))


def _module(values: Values, value: types.ModuleType) -> Expr:
    name = module_name(value)
    if name is None:
        raise Refused(f"the module {value.__name__!a} cannot be imported by its name")
    return values.imports.module(name)


def _logger(values: Values, value: logging.Logger) -> Expr:
    if logging.getLogger(value.name) is not value:
        raise Refused(f"the logger {value.name!a} is not the one of that name")
    root, dot, rest = value.name.partition(".")
    name = string(value.name)
    if root.startswith("unusual_prefix_"):  # the DAG file's own, after its path on this machine
        name = f"__name__ + {string(dot + rest)}" if dot else "__name__"
    return call(f"{values.imports.module('logging')}.getLogger", name)


def _function(values: Values, value: Any) -> Expr:
    """A function, or the method of an object."""
    owner, name = attribute(value, "__self__"), attribute(value, "__name__", "")
    if owner is None or isinstance(owner, types.ModuleType) or origin(value):
        return values.importable(value)
    if not is_name(name) or isinstance(owner, int | float | complex) or getattr(owner, name, None) != value:
        raise Refused(
            f"the method {name!a} cannot be reached by its name", "Define a function that calls it."
        )
    return followed(values.kept_expr(owner), f".{name}")


def _iterator(values: Values, value: Any) -> Expr:
    raise Refused(f"a {type(value).__name__} is used up by its first reader", "Make a list of it.")


def _importable(values: Values, value: Any) -> Expr:
    return values.importable(value)


WRITERS: dict[type, Writer] = {
    **dict.fromkeys((type(None), bool, type(NotImplemented)), lambda values, value: str(value)),
    type(...): lambda values, value: "...",
    int: _integer,
    float: _float,
    complex: _complex,
    str: _text,
    bytes: lambda values, value: byte_string(value),
    bytearray: lambda values, value: call("bytearray", byte_string(bytes(value))),
    list: lambda values, value: items("[", values.exprs(value), "]"),
    tuple: lambda values, value: items("(", values.exprs(value), ")"),
    **dict.fromkeys((set, frozenset), _set),
    dict: _dict,
    range: _range,
    slice: lambda values, value: call("slice", *values.exprs((value.start, value.stop, value.step))),
    fractions.Fraction: lambda values, value: call(
        values.reference(type(value)), *values.exprs((value.numerator, value.denominator))
    ),
    **dict.fromkeys(
        (
            collections.OrderedDict,
            collections.Counter,
            collections.defaultdict,
            collections.ChainMap,
            collections.deque,
        ),
        _collection,
    ),
    types.MappingProxyType: _proxy,
    types.SimpleNamespace: _namespace,
    functools.partial: _partial,
    **dict.fromkeys((operator.itemgetter, operator.attrgetter, operator.methodcaller), _operator),
    re.Pattern: _pattern,
    type(pathlib.Path()): _path,
    **dict.fromkeys((pathlib.PurePosixPath, pathlib.PureWindowsPath), _by_text),
}

WRITERS_BY_NAME: dict[str, Writer] = {
    **dict.fromkeys(("uuid.UUID", "decimal.Decimal"), _by_text),
    **{
        f"ipaddress.IPv{version}{kind}": _by_text
        for version in "46"
        for kind in ("Address", "Network", "Interface")
    },
}
"""Of types whose modules do not have to be imported for them."""

FAMILIES: tuple[tuple[type | tuple[type, ...], Writer], ...] = (
    (type, _importable),
    (enum.Enum, _enum),
    (types.ModuleType, _module),
    (logging.Logger, _logger),
    ((types.FunctionType, types.MethodType, types.BuiltinMethodType, types.MethodWrapperType), _function),
    ((types.MethodDescriptorType, types.WrapperDescriptorType), _importable),
    (collections.abc.Iterator, _iterator),
)
