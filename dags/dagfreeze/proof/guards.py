"""Reads which DAGs of a written file stand behind guards of their own; an import without a task does not show it."""

from __future__ import annotations

import ast

GUARD = "WANTED in (None, {id!r})"


def guarded(text: bytes) -> set[str]:
    """Ids of the DAGs that are made when they are wanted, or nothing in particular is, and then only.

    Args:
        text: of a written file.
    """
    return {
        dag_id
        for statement in ast.parse(text).body
        if isinstance(statement, ast.If) and not statement.orelse
        for dag_id in _made(statement)
        if ast.unparse(statement.test) == ast.unparse(ast.parse(GUARD.format(id=dag_id), mode="eval"))
    }


def _made(statement: ast.If) -> list[str]:
    return [
        keyword.value.value
        for block in statement.body
        if isinstance(block, ast.With)
        for item in block.items
        if isinstance(item.context_expr, ast.Call)
        for keyword in item.context_expr.keywords
        if keyword.arg == "dag_id"
        and isinstance(keyword.value, ast.Constant)
        and isinstance(keyword.value.value, str)
    ]
