"""Default values of functions: those that the text says, and those that a function has now."""

from __future__ import annotations

import ast
from types import FunctionType
from typing import Any

from dagfreeze.writing import syntax


def changed_defaults(node: syntax.Function, function: FunctionType) -> list[tuple[ast.expr, Any]]:
    """Default values that are not written as a literal, with what they are."""
    values = list(function.__defaults__ or ())
    values += [(function.__kwdefaults__ or {}).get(argument.arg) for argument in node.args.kwonlyargs]
    pairs = zip(syntax.defaults(node), values, strict=True)
    return [(part, value) for part, value in pairs if part is not None and not _says(part, value)]


def _says(node: ast.expr, value: Any) -> bool:
    """Whether a literal in the source is the value as it is now."""
    return isinstance(node, ast.Constant) and type(node.value) is type(value) and node.value == value


def is_default(default: Any, value: Any) -> bool:
    """Whether an argument can be left out, because it is the default value in any process."""
    return value is default or (
        type(value) in (str, int, bool) and type(value) is type(default) and value == default
    )  # a subclass may compare, or be, anything
