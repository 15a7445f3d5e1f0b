"""Default values of functions: those that the text says, and those that a function has now."""

from __future__ import annotations

import ast
from collections.abc import Mapping
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


def in_one_line(node: ast.Lambda, replaced: Mapping[ast.expr, str]) -> str:
    """The text of a lambda in one line, some of its default values replaced."""
    copy = _parsed(ast.unparse(node))
    for old, new in zip(syntax.defaults(node), syntax.defaults(copy), strict=True):
        if old is not None and old in replaced:
            _put(copy, new, _parsed(replaced[old]))
    return ast.unparse(copy)


def _parsed(text: str) -> Any:
    return ast.parse(text, mode="eval").body


def _put(function: ast.Lambda, old: ast.expr | None, new: ast.expr) -> None:
    for parts in (function.args.defaults, function.args.kw_defaults):
        for number, part in enumerate(parts):
            if part is old:
                parts[number] = new
