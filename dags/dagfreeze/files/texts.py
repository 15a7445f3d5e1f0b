"""Splits frozen files into the code of each DAG, to tell which DAGs have changed."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def dag_texts(content: bytes) -> dict[str, str]:
    """The code of each DAG of a frozen file: its block, and what that uses from the top of the file.

    Two texts are equal when the DAGs are written alike, wherever they stand and however the file is laid out.

    Args:
        content: of the file.

    Returns:
        Ids to texts; empty for a file that is not valid Python, such as one with a conflict of two branches.
    """
    try:
        tree = ast.parse(content)
    except (SyntaxError, ValueError):
        return {}
    lines = content.decode("utf-8", "replace").replace("\r\n", "\n").split("\n")
    tops = {name: text for statement in tree.body for name, text in _bound(statement, lines)}
    used = {
        name: _names(statement) & tops.keys()
        for statement in tree.body
        for name, _ in _bound(statement, lines)
    }
    blocks = {dag_id: statement for statement in tree.body for dag_id in _guarded(statement)}
    return {
        dag_id: "\n".join([_text(block, lines), *(tops[name] for name in sorted(_needed(block, used)))])
        for dag_id, block in blocks.items()
    }


def _bound(statement: ast.stmt, lines: list[str]) -> Iterator[tuple[str, str]]:
    """Names that a statement at the top binds, each with the text that binds it."""
    if isinstance(statement, ast.Import | ast.ImportFrom):  # other names in the same statement do not matter
        module = statement.module if isinstance(statement, ast.ImportFrom) else ""
        for alias in statement.names:
            yield alias.asname or alias.name.partition(".")[0], f"{module} {alias.name}"
    elif isinstance(statement, _DEFINITIONS):
        yield statement.name, _text(statement, lines)
    elif not isinstance(statement, ast.If):
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id, _text(statement, lines)


def _text(statement: ast.stmt, lines: list[str]) -> str:
    decorators = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(decorator.lineno for decorator in decorators)])
    return "\n".join(lines[first - 1 : statement.end_lineno])


def _guarded(statement: ast.stmt) -> Iterator[str]:
    """The id of the DAG behind ``if WANTED in (None, "id"):``."""
    if isinstance(statement, ast.If) and isinstance(statement.test, ast.Compare):
        for node in ast.walk(statement.test.comparators[0]):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def _needed(block: ast.stmt, used: dict[str, set[str]]) -> set[str]:
    needed = _names(block) & used.keys()
    waiting = [*needed]
    while waiting:
        new = used[waiting.pop()] - needed
        needed |= new
        waiting += new
    return needed - {"WANTED"}


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
