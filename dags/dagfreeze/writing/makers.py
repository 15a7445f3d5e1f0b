"""Finds the function that made another one, where calling it again does nothing but make an equal one."""

from __future__ import annotations

import ast
import functools
from collections.abc import Collection
from types import FunctionType
from typing import Any

from dagfreeze.writing import source, syntax
from dagfreeze.writing.defaults import changed_defaults

_HARMLESS = (
    ast.Name, ast.Constant, ast.Attribute, ast.Subscript, ast.Tuple, ast.List, ast.BinOp, ast.BitOr, ast.Load,
)  # fmt: skip
"""What annotations mostly consist of, and what runs no code of the reader."""


def maker(function: FunctionType, variables: Collection[str]) -> FunctionType | None:
    """The function of a module, or of the DAG file, that has made another one.

    A written file calls it while Airflow parses that file. So its text may hold the definition of the other one and a
    ``return`` only, and what it was called with must be what the other one keeps.

    Args:
        function: the other one.
        variables: the variables that it keeps.

    Returns:
        None when there is none, or when there is more to it.
    """
    outer = function.__globals__.get(function.__code__.co_qualname.rpartition(".<locals>.")[0])
    if not isinstance(outer, FunctionType) or not any(
        function.__code__ is constant for constant in outer.__code__.co_consts
    ):
        return None
    text = source.source_of(outer.__code__.co_filename)
    node, inner = text.function(outer.__code__), text.function(function.__code__)
    if not isinstance(node, ast.FunctionDef) or not _returns_only(node, inner):
        return None
    fits = _fits(node.args, variables) and _is_plain(inner, function, node.args, variables)
    return outer if fits else None


def _returns_only(node: ast.FunctionDef, inner: syntax.Function) -> bool:
    """Whether a body is the definition of a function and its ``return``, perhaps behind a documentation."""
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    match body:
        case [ast.Return(value=ast.Lambda() as value)]:
            return value is inner
        case [ast.FunctionDef() | ast.AsyncFunctionDef() as defined, ast.Return(value=ast.Name(id=name))]:
            return defined is inner and name == defined.name
    return False


def _fits(arguments: ast.arguments, variables: Collection[str]) -> bool:
    """Whether the kept variables are arguments, and all arguments that have no default."""
    if arguments.posonlyargs or arguments.vararg or arguments.kwarg:
        return False
    required = arguments.args[: len(arguments.args) - len(arguments.defaults)]
    required += [
        one
        for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default is None
    ]
    return {one.arg for one in required} <= {*variables} <= _names(arguments)


def _is_plain(
    inner: syntax.Function, function: FunctionType, arguments: ast.arguments, variables: Collection[str]
) -> bool:
    """Whether the line with ``def`` runs no code of the reader, and says nothing about the outer arguments."""
    parts: list[ast.expr | None] = [one.annotation for one in _all(inner.args)]
    if not isinstance(inner, ast.Lambda):
        if getattr(inner, "type_params", ()):
            return False
        if not all(_wraps(one, function, variables) for one in inner.decorator_list):
            return False
        parts.append(inner.returns)
    walked = [one for part in parts if part is not None for one in ast.walk(part)]
    return (
        all(isinstance(one, _HARMLESS) for one in walked)
        and not any(isinstance(one, ast.Name) and one.id in _names(arguments) for one in walked)
        and all(
            isinstance(part, ast.Name)
            and part.id not in _names(arguments)
            and function.__globals__.get(part.id) is value
            for part, value in changed_defaults(inner, function)
        )
    )


def _wraps(decorator: ast.expr, function: FunctionType, variables: Collection[str]) -> bool:
    """Whether a decorator is ``functools.wraps`` of an argument."""
    match decorator:
        case ast.Call(func=called, args=[ast.Name(id=name)], keywords=[]) if name in variables:
            return _value_of(called, function) is functools.wraps
    return False


def _value_of(node: ast.expr, function: FunctionType) -> Any:
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return getattr(function.__globals__.get(node.value.id), node.attr, None)
    return function.__globals__.get(node.id) if isinstance(node, ast.Name) else None


def _all(arguments: ast.arguments) -> list[ast.arg]:
    others = [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *others]


def _names(arguments: ast.arguments) -> set[str]:
    return {one.arg for one in _all(arguments)}
