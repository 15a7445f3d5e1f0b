"""Code for slides, taken from the real files by symbol or by region, so that it cannot be out of date."""

from __future__ import annotations

import ast
import re
import textwrap
from html import escape
from pathlib import Path

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_for_filename

from deck.source import Slide

GAP = "…"
LINES, COLUMNS = 14, 76
"""What fits on a slide, at a size that can be read at the back of a room."""


def listing(root: Path, attributes: dict[str, str], slide: Slide) -> str:
    """HTML of a piece of a file.

    Args:
        root: the folder that ``file`` is relative to.
        attributes: ``file`` (the first of several if it has a ``*``), and perhaps ``symbol`` (``name``, ``Class`` or
            ``Class.method``) or ``region`` (a name that stands in ``# region NAME`` before and ``# endregion``
            after), else it is the whole file;
            ``only``, texts separated by ``|``: of each the next line that has it is kept, the rest becomes ``…``;
            ``mark``, texts whose lines are emphasised, separated by ``|``;
            ``without``, what to leave out, ``docstrings`` or ``comments`` or both.

    Raises:
        DeckError: when the file, symbol, region or a marked text is not there, or when it is too long for a slide.
    """
    path = min(root.glob(attributes["file"]), default=root / attributes["file"])
    if not path.is_file():
        raise slide.error(f"shows code from {attributes['file']}, which does not exist")
    text = path.read_text("utf-8")
    where = file = path.relative_to(root).as_posix()
    if "docstrings" in attributes.get("without", ""):
        text = _without_docstrings(text)
    if "comments" in attributes.get("without", ""):
        text = re.sub(r"^[ \t]*#(?! (?:end)?region).*\n", "", text, flags=re.MULTILINE)
    if "symbol" in attributes:
        where += f", {attributes['symbol']}"
        text = _symbol(text, attributes["symbol"], slide, file)
    elif "region" in attributes:
        where += f", region {attributes['region']}"
        text = _region(text, attributes["region"], slide, file)
    lines = textwrap.dedent(text).strip("\n").splitlines()
    if "only" in attributes:
        lines = _only(lines, attributes["only"].split("|"), slide, where)
    longest = max(map(len, lines))
    if len(lines) > LINES or longest > COLUMNS:
        raise slide.error(
            f"shows {len(lines)} lines of up to {longest} columns of {where}; {LINES} lines of {COLUMNS} can be read. "
            "Choose a smaller symbol or region"
        )
    return _html(lines, file, attributes, slide, where)


def _only(lines: list[str], texts: list[str], slide: Slide, where: str) -> list[str]:
    """The lines with these texts, in their order, with a ``…`` for what lies between."""
    excerpt: list[str] = []
    position = 0
    for text in texts:
        number = next((at for at in range(position, len(lines)) if text in lines[at]), None)
        if number is None:
            raise slide.error(
                f'shows the line with "{text}" of {where}, which has none, or not in this order'
            )
        if any(line.strip() for line in lines[position:number]) and excerpt:
            indentation = max(len(line) - len(line.lstrip()) for line in (excerpt[-1], lines[number]))
            excerpt.append(" " * indentation + GAP)
        excerpt.append(lines[number])
        position = number + 1
    return excerpt


def _html(lines: list[str], file: str, attributes: dict[str, str], slide: Slide, where: str) -> str:
    marks = [mark for mark in attributes.get("mark", "").split("|") if mark]
    for mark in marks:
        if not any(mark in line for line in lines):
            raise slide.error(f'emphasises "{mark}", which is not in {where}')
    coloured = highlight("\n".join(lines), get_lexer_for_filename(file), HtmlFormatter(nowrap=True))
    rows = []
    for plain, row in zip(lines, coloured.rstrip("\n").split("\n"), strict=True):
        if plain.strip() == GAP:
            row = f'<span class="gap">{plain}</span>'
        marked = " marked" if any(mark in plain for mark in marks) else ""
        rows.append(f'<span class="line{marked}">{row}</span>')
    emphasis = " has-marks" if marks else ""
    size = _pixels(len(lines), max(map(len, lines)))
    return (
        f'<figure class="listing{emphasis}" style="--code-size: {size}px"><pre><code>{"".join(rows)}</code></pre>'
        f"<figcaption>{escape(file)}</figcaption></figure>"
    )


def _pixels(lines: int, columns: int) -> int:
    """The largest size of text, between 24 and 32 pixels, at which a listing fills a slide and no more."""
    by_width, by_height = 1100 / (columns * 0.602), 412 / (lines * 1.4)
    return max(24, min(32, int(by_width), int(by_height)))


def _symbol(text: str, symbol: str, slide: Slide, file: str) -> str:
    nodes: list[ast.stmt] = ast.parse(text).body
    definition: ast.stmt | None = None
    for part in symbol.split("."):
        definition = next((node for node in nodes if part in _names(node)), None)
        if definition is None:
            raise slide.error(f'shows the symbol "{symbol}" of {file}, which has no such symbol')
        nodes = getattr(definition, "body", [])
    assert definition is not None
    decorators = getattr(definition, "decorator_list", [])
    first = min([definition.lineno, *(decorator.lineno for decorator in decorators)])
    return "\n".join(text.splitlines()[first - 1 : definition.end_lineno])


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []


def _region(text: str, region: str, slide: Slide, file: str) -> str:
    match = re.search(
        rf"^[ \t]*# region {re.escape(region)}[ \t]*\n(.*?)^[ \t]*# endregion", text, re.MULTILINE | re.DOTALL
    )
    if not match:
        raise slide.error(f'shows the region "{region}" of {file}, which has no such region')
    return match[1]


def _without_docstrings(text: str) -> str:
    """The text without its docstrings, and without the blank lines that they leave."""
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            value = body[0].value
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and len(body) > 1:
                for number in range(body[0].lineno - 1, body[0].end_lineno or body[0].lineno):
                    lines[number] = "\0"
                after = body[0].end_lineno or body[0].lineno
                if after < len(lines) and not lines[after].strip():
                    lines[after] = "\0"
    return "\n".join(line for line in lines if line != "\0")
