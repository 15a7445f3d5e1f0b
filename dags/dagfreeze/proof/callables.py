"""Tells the content of functions and classes: by name where they can be imported, else down to their bytecode."""

from __future__ import annotations

import builtins
import functools
import inspect
import types
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dagfreeze.proof.bytecode import all_names, code_content, global_names, set_names, tail
from dagfreeze.proof.caches import cached_content
from dagfreeze.proof.nodes import Content, Form

if TYPE_CHECKING:
    from dagfreeze.proof.forming import Forms

UNDEFINED = ["name", "undefined"]

BY_TEXT = frozenset({"globals", "eval", "exec"})
"""Builtins by which a function reads names that its bytecode does not show."""

OWN_TO_FILE = frozenset({"__name__", "__qualname__"})
"""Names of a module that are different in each file, and say nothing else."""

MODULES = frozenset({"modules", "import_module", "__import__"})
"""Names of what finds a module by its name."""

WRAPPING_MODULE = "airflow.sdk.bases.operator"
"""Where Airflow's wrappers around methods of operators are; a wrapper follows from what it wraps."""

CLASS_MACHINERY = frozenset(
    {
        "__dict__",
        "__weakref__",
        "__module__",
        "__qualname__",  # its tail is in the content
        "__doc__",  # in the content, without its indentation
        "__annotations__",  # of them the names are in the content; what read them has left what it read
        "__firstlineno__",
        "__static_attributes__",
        "__slotnames__",  # what copyreg has found out, once somebody has asked
        "_abc_impl",  # follows from other attributes, as do the next ones
        "__pydantic_core_schema__",
        "__pydantic_validator__",
        "__pydantic_serializer__",
        "__pydantic_parent_namespace__",
        "__pydantic_setattr_handlers__",
        "_BaseOperator__serialized_fields",  # a cache that Airflow keeps in the class
    }
)


def function_content(function: types.FunctionType, forms: Forms) -> Content:
    """Tell the content of a function: its name if that can be imported, else all that its calls depend on.

    Its annotations are not among that: what reads them while the function is made or decorated, as `@task`
    does, leaves what it read elsewhere.
    """
    name = forms.name_of(function, function.__module__, function.__qualname__)
    if name is not None:
        return name
    while "__wrapped__" in vars(function) and function.__globals__.get("__name__") == WRAPPING_MODULE:
        function = vars(function)["__wrapped__"]
    code = function.__code__
    positional = code.co_varnames[: code.co_argcount]
    defaults = function.__defaults__ or ()
    named_defaults = dict(zip(positional[len(positional) - len(defaults) :], defaults, strict=True))
    named_defaults |= function.__kwdefaults__ or {}
    parts = {
        ", its name": function.__name__,
        ", its qualified name": tail(function.__qualname__),
        ", its documentation": _documentation(function),
        ", its code": code,
    }
    return [
        "function",
        forms.parts(parts)
        | forms.attributes(named_defaults.items(), ", default of ")
        | _variables(function, forms)
        | forms.attributes(vars(function).items(), ", attribute "),
    ]


def _variables(function: types.FunctionType, forms: Forms) -> dict[str, Form]:
    variables = {}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        step = f", closure variable {name}"
        forms.hold_cell(step, cell, is_set=name in set_names(function.__code__))
        try:
            variables[step] = forms.form(cell.cell_contents, step)
        except ValueError:
            variables[step] = UNDEFINED
    for name in global_names(function.__code__):
        step = f", global {name}"
        variables[step] = _global(function, name, step, forms)
    return variables


def _global(function: types.FunctionType, name: str, step: str, forms: Forms) -> Form:
    if name in OWN_TO_FILE:
        if all_names(function.__code__) & MODULES:
            raise forms.refused(f"looks its own file up by {name}", "Let it name what it reads.")
        return ["name", "the file's own"]
    if name in function.__globals__:
        return forms.form(function.__globals__[name], step)
    if name in BY_TEXT:
        reason = f"calls {name}(), so that nobody can tell which names it reads"
        raise forms.refused(reason, "Let it name what it reads.")
    return ["name", f"builtins.{name}"] if hasattr(builtins, name) else UNDEFINED


def _documentation(value: Any) -> Any:
    return inspect.cleandoc(value.__doc__) if isinstance(value.__doc__, str) else value.__doc__


def _method_content(method: types.MethodType, forms: Forms) -> Content:
    return ["method", forms.parts({", its function": method.__func__, ", its object": method.__self__})]


def _partial_content(value: functools.partial[Any], forms: Forms) -> Content:
    parts = {
        ", its class": type(value),
        ", its function": value.func,
        ", its arguments": value.args,
        ", its keywords": value.keywords,
    }
    return ["partial", forms.parts(parts) | forms.attributes(vars(value).items(), ", attribute ")]


def _property_content(value: property, forms: Forms) -> Content:
    parts = {", its getter": value.fget, ", its setter": value.fset, ", its deleter": value.fdel}
    return ["property", forms.parts(parts)]


def _wrapper_content(value: staticmethod[Any, Any] | classmethod[Any, Any, Any], forms: Forms) -> Content:
    return [type(value).__name__, forms.parts({", its function": value.__func__})]


def class_content(value: type, forms: Forms) -> Content:
    """Tell the content of a class: its name if that can be imported, else its bases and its attributes."""
    immutable, heap = 1 << 8, 1 << 9
    if value.__flags__ & immutable or not value.__flags__ & heap:
        return ["name", f"{value.__module__}.{value.__qualname__}"]
    name = forms.name_of(value, value.__module__, value.__qualname__)
    if name is not None:
        return name
    parts = {
        ", its name": value.__name__,
        ", its qualified name": tail(value.__qualname__),
        ", its documentation": _documentation(value),
        ", its metaclass": type(value),
        ", its annotated names": tuple(vars(value).get("__annotations__", ())),
        ", its bases": tuple(base.__name__ for base in value.__bases__),
    } | {f", its base {base.__name__}": base for base in value.__bases__}
    attributes = [pair for pair in vars(value).items() if pair[0] not in CLASS_MACHINERY]
    return ["class", forms.parts(parts) | forms.attributes(attributes, ", attribute ")]


CONTENTS: dict[type, Callable[[Any, Forms], Content]] = {
    types.FunctionType: function_content,
    types.CodeType: lambda code, forms: code_content(code),
    types.MethodType: _method_content,
    functools.partial: _partial_content,
    type(functools.cache(len)): cached_content,
    property: _property_content,
    staticmethod: _wrapper_content,
    classmethod: _wrapper_content,
}
