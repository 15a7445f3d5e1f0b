"""Reads the text of a configuration file, JSON or JSON5, and tells on which line each of its fields stands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator


class TextError(ValueError):
    """A text that is not one JSON object.

    Attributes:
        line: where the reader gave up, counted from 1; None when it cannot tell.
    """

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


def parse_object(text: str, *, json5: bool) -> dict[str, object]:
    """Read a text that holds one JSON object.

    Args:
        text: the content of a file or the body of an answer.
        json5: read JSON5 (comments, trailing commas, bare keys), with a compiled parser.

    Returns:
        The object's fields in the order of the text.

    Raises:
        TextError: when the text does not parse, is no object, or gives a field twice.
    """
    value = _parse_json5(text) if json5 else _parse_json(text)
    if not isinstance(value, dict):
        raise TextError("need an object, { … }, with the fields of one pipeline", 1)
    if json5:  # its parser keeps the last of two equal keys and does not tell
        _refuse_repeated([key for key, _ in _keys(text)])
    return value


def field_lines(text: str) -> dict[str, int]:
    """The line of each field of the outermost object, for JSON and JSON5 that parses.

    A scan of its own, because no parser at hand reports positions. It runs only when an error needs a line.
    """
    return {key: text.count("\n", 0, offset) + 1 for key, offset in _keys(text)}


def _parse_json(text: str) -> object:
    depth_first: list[list[str]] = []

    def keep(pairs: list[tuple[str, object]]) -> dict[str, object]:
        depth_first.append([key for key, _ in pairs])
        return dict(pairs)

    try:
        value = json.loads(text, object_pairs_hook=keep)
    except json.JSONDecodeError as problem:
        raise TextError(f"not JSON: {problem.msg} at column {problem.colno}", problem.lineno) from None
    except (ValueError, RecursionError) as problem:  # a number of 5,000 digits, a thousand nested lists
        raise TextError(f"not JSON that can be read: {problem}") from None
    if isinstance(value, dict):
        _refuse_repeated(depth_first[-1])
    return value


def _parse_json5(text: str) -> object:
    import pyjson5

    try:
        return pyjson5.decode(text)
    except (pyjson5.Json5Exception, ValueError, RecursionError) as problem:
        reason = str(problem.args[0]) if problem.args else type(problem).__name__
        near = re.search(r"near (\d+)", reason)
        line = text.count("\n", 0, int(near[1])) + 1 if near else None
        raise TextError(f"not JSON5: {reason}", line) from None


def _refuse_repeated(keys: list[str]) -> None:
    if len(set(keys)) < len(keys):
        key = next(key for number, key in enumerate(keys) if key in keys[:number])
        raise TextError(f'the field "{key}" is given twice')


_TOKEN = re.compile(
    r"""//[^\n]* | /\*.*?\*/ | \s+                      # comments and space
      | (?P<string> "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' )
      | (?P<mark> [{}\[\]:,] )
      | (?P<word> [^\s{}\[\]:,"'/]+ | / )""",
    re.VERBOSE | re.DOTALL,
)


def _keys(text: str) -> Iterator[tuple[str, int]]:
    depth = 0
    last: tuple[str, int] | None = None  # a string or word that a colon would make a key
    for token in _TOKEN.finditer(text):
        mark = token["mark"]
        if mark in ("{", "["):
            depth += 1
        elif mark in ("}", "]"):
            depth -= 1
        elif mark == ":" and depth == 1 and last:
            yield last
        if token["string"] or token["word"]:
            last = (_key_text(token[0]), token.start())
        elif mark:
            last = None


def _key_text(token: str) -> str:
    if token[0] == '"':
        try:
            return str(json.loads(token, strict=False))
        except ValueError:  # an escape that only JSON5 has
            return token[1:-1]
    return token[1:-1] if token[0] == "'" else token
