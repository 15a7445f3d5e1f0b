"""Moves code to another indentation, or into one line; what stands in strings stays as it is."""

from __future__ import annotations

import ast
import io
import itertools
import tokenize


def indented(text: str, prefix: str, indent: int) -> str:
    """A text whose lines begin with a prefix, indented otherwise; lines that begin inside a string stay as they are."""
    begin = "if 1:\n" if prefix else ""
    try:
        tree = ast.parse(f"{begin}{prefix}{text}")
    except SyntaxError:  # a part of a statement, in brackets there
        return in_one_line(text)
    verbatim = {
        number - bool(prefix)
        for part in ast.walk(tree)
        if isinstance(part, ast.JoinedStr)
        or (isinstance(part, ast.Constant) and isinstance(part.value, str | bytes))
        for number in range(part.lineno + 1, (part.end_lineno or part.lineno) + 1)
    }
    first, *others = text.split("\n")
    base = len(prefix.expandtabs(4))
    return "\n".join(
        [
            first,
            *(
                line if number in verbatim else _moved(line, base, indent)
                for number, line in enumerate(others, 2)
            ),
        ]
    )


def _moved(line: str, base: int, indent: int) -> str:
    body = line.lstrip(" \t\f")
    columns = len(line[: len(line) - len(body)].expandtabs(4))
    return " " * (indent + max(0, columns - base)) + body if body else ""


def in_one_line(text: str) -> str:
    """An expression without line ends and comments, but for what stands in strings."""
    content = f"({text})"
    starts = [0, *itertools.accumulate(len(line) + 1 for line in content.split("\n"))]
    parts: list[str] = []
    end, is_broken = 0, False
    for token in tokenize.generate_tokens(io.StringIO(content).readline):
        if token.type in (tokenize.COMMENT, tokenize.NL):
            is_broken = True
            continue
        begin = starts[token.start[0] - 1] + token.start[1]
        between = content[end:begin]
        if is_broken or "\n" in between:
            between = "" if parts[-1] in ("(", "[", "{") or token.string in (")", "]", "}") else " "
        end, is_broken = starts[token.end[0] - 1] + token.end[1], False
        parts += [between, content[begin:end]]
    return "".join(parts).strip()[1:-1]
