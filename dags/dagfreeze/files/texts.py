"""Takes frozen files apart: for each DAG the code that makes it, so that one can tell which DAGs have changed."""

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
        Ids to texts; none for a file that is no Python any more, such as one with a conflict of two branches.
    """
    try:
        tree = ast.parse(content)
    except (SyntaxError, ValueError):
        return {}
    tops = {name: statement for statement in tree.body for name in _binds(statement)}
    dumped = {name: ast.dump(statement) for name, statement in tops.items()}
    used = {name: _names(statement) & tops.keys() for name, statement in tops.items()}
    blocks = {dag_id: statement for statement in tree.body for dag_id in _guarded(statement)}
    return {
        dag_id: "\n".join([ast.dump(block), *(dumped[name] for name in sorted(_needed(block, used)))])
        for dag_id, block in blocks.items()
    }


def _binds(statement: ast.stmt) -> Iterator[str]:
    """Names that a statement at the top gives a value."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        yield from (alias.asname or alias.name.partition(".")[0] for alias in statement.names)
    elif isinstance(statement, _DEFINITIONS):
        yield statement.name
    elif not isinstance(statement, ast.If):
        names = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
        yield from (node.id for node in names if isinstance(node.ctx, ast.Store))


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
