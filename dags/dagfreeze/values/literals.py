"""Texts and bytes as Python literals: nothing in them can become code, or hide."""

from __future__ import annotations

import keyword
import re
import unicodedata


def string(text: str) -> str:
    """A text as a literal: in triple quotes when it has lines that a person would write so, else on one line.

    Nothing that is in the text can end the literal or hide what it says: whatever is no letter, mark, digit,
    punctuation or symbol that one sees is written as an escape.
    """
    if not _is_block(text):
        return line(text)
    body = "\n".join(part.translate(_ESCAPES) for part in text.split("\n"))
    return f'"""{_RUN_OF_QUOTES.sub(lambda run: _escaped_quotes(run[0]), body)}"""'


def line(text: str) -> str:
    """A text as a literal on one line."""
    quote = _quote(text.count('"'), text.count("'"))
    return f"{quote}{text.translate(_ESCAPES).replace(quote, _escaped_quotes(quote))}{quote}"


def byte_string(data: bytes) -> str:
    """Bytes as a literal."""
    quote = _quote(data.count(b'"'), data.count(b"'"))
    text = "".join(chr(byte) if 0x20 <= byte < 0x7F and byte != 0x5C else _escape(byte) for byte in data)
    return f"b{quote}{text.replace(quote, _escaped_quotes(quote))}{quote}"


def is_name(text: str) -> bool:
    """Whether a text can stand in code as a name, reads as it is written, and is no keyword."""
    return (
        text.isidentifier()
        and not keyword.iskeyword(text)
        and text != "__debug__"
        and unicodedata.normalize("NFKC", text) == text
        and text.translate(_ESCAPES) == text
    )


def _is_block(text: str) -> bool:
    several = "\n" in text.strip("\n") or (text.startswith("\n") and bool(text.strip()))
    return several and " \n" not in text  # editors take spaces from the ends of lines


_RUN_OF_QUOTES = re.compile(r'"{3,}|"\Z')


def _quote(double: int, single: int) -> str:
    return "'" if double > single else '"'  # as ruff chooses


def _escaped_quotes(quotes: str) -> str:
    return "".join(f"\\{quote}" for quote in quotes)


class _Escapes(dict[int, str]):
    """How each character stands in a literal, for `str.translate`."""

    def __missing__(self, code: int) -> str:
        self[code] = chr(code) if _is_visible(code) else _escape(code)
        return self[code]


_ESCAPES = _Escapes({0x20: " ", 0x5C: "\\\\"})
_SHORT = {0x09: "\\t", 0x0A: "\\n", 0x0D: "\\r", 0x5C: "\\\\"}
_INVISIBLE = frozenset(  # letters, marks and symbols that leave no trace
    (0xAD, 0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x2800, 0x3164, 0xFFA0, 0xFFFC)
) | frozenset(range(0xFE00, 0xFE10))
_EMOJI = (range(0x2600, 0x27C0), range(0x1F300, 0x1F650), range(0x1F680, 0x1F6D8), range(0x1F900, 0x1FA00))


def _is_visible(code: int) -> bool:
    """Whether a character is written as it is.

    The Unicode of 2002, which every Python has, and blocks of symbols that are full since: what is written must not
    depend on the Python that writes.
    """
    if any(code in block for block in _EMOJI):
        return True
    return unicodedata.ucd_3_2_0.category(chr(code))[0] in "LMNPS" and code not in _INVISIBLE


def _escape(code: int) -> str:
    if code in _SHORT:
        return _SHORT[code]
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
