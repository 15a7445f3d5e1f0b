"""Show a file of this repository in a notebook, from the file itself."""

from __future__ import annotations

import ast

from IPython.display import Markdown

from workbook.workspace import ROOT

LANGUAGES = {".py": "python", ".json": "json", ".json5": "json5"}


def show(path: str, *, name: str | None = None, lines: int | None = None) -> Markdown:
    """The text of a file, to be a cell's last expression.

    Args:
        path: from the repository's root, such as ``dags/dynamic/from_service.py``.
        name: only this class or function of it.
        lines: only so many, from the beginning.

    Raises:
        FileNotFoundError: when there is no such file.
        ValueError: when it defines nothing of this name.
    """
    file = ROOT / path
    language = LANGUAGES.get(file.suffix, "")
    text = file.read_text(encoding="utf-8").rstrip()
    title = f"`{path}`"
    if name is not None:
        text = _definition(text, name, path)
        title = f"`{name}` in {title}"
    if lines is not None:
        text = "\n".join(text.split("\n")[:lines])
        title = f"{title}, the first {lines} lines"
    return Markdown(f"{title}\n\n```{language}\n{text}\n```")


def _definition(text: str, name: str, path: str) -> str:
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == name:
            return "\n".join(text.split("\n")[node.lineno - 1 : node.end_lineno])
    raise ValueError(f"{path} defines no {name}")
