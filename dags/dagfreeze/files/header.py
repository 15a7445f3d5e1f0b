"""The comment at the top of a frozen file: where its DAGs come from, which shard it is, which DAGs are in it.

A file is recognized by the first line of this comment and by nothing else. Without that line it is a person's own
file, which is never overwritten and never removed.
"""

from __future__ import annotations

import codecs
import io
import re
from dataclasses import dataclass

EACH = 0
"""Instead of a count of shards: each DAG has a file of its own."""

_FIRST = re.compile("# Frozen by dagfreeze from ([^:]+): ")
_SHARD = re.compile("# Shard ([0-9]{1,9}) of ([0-9]{1,9}), ")
_EACH = "# A file of its own for the DAG"
_DAG = re.compile("#   (.+)")
_CONFLICT = re.compile("<{7}|[|]{7}|={7}|>{7}")  # a conflict of two branches does not change whose file it is

# What a comment shows as it is: letters in ranges that do not grow with the version of Unicode, unlike ``\w``.
_SHOWN = r"\w .,/+@()À-ɏͰ-Ͽ-ԯぁ-ヿ一-鿿가-힣-"
# "coding:" in one of the first two lines of a file would declare its encoding; the colon is the header's own.
_ODD = re.compile(rf"(?a:[^{_SHOWN}]|(?<=codin)g\Z)")
_ESCAPED = re.compile(r"\\u([0-9a-f]{4})|\\U(00(?:0[0-9a-f]|10)[0-9a-f]{4})")


@dataclass(frozen=True)
class Header:
    """What the top of a frozen file says.

    Attributes:
        source: path of the DAG factory below the root of its bundle, with ``/``.
        count: how many shards the source has, `EACH`, or None when it cannot be read any more.
        number: which of them this file is, from 0.
        dags: ids of the DAGs in it.
    """

    source: str
    count: int | None
    number: int
    dags: tuple[str, ...]

    def text(self) -> str:
        """The comment, as whole lines."""
        shard = _EACH if self.count == EACH else f"# Shard {self.number} of {self.count}, with the DAGs"
        return "\n".join(
            [
                f"# Frozen by dagfreeze from {_escaped(self.source)}: "
                "change that file and freeze again; changes made here are lost.",
                shard,
                *(f"#   {_escaped(dag)}" for dag in self.dags),
                "",
            ]
        )


def read_header(content: bytes) -> Header | None:
    """Read the top of a file.

    Args:
        content: of the file, or as much of it as holds the header.

    Returns:
        What it says; None for a file that was not frozen.
    """
    lines = (line.decode("utf-8", "replace").rstrip("\r\n") for line in _lines(content))
    first = _FIRST.match(next(lines, ""))
    if not first:
        return None
    count, number, dags = None, 0, []
    for line in lines:
        if shard := _SHARD.match(line):
            number, count = int(shard[1]), int(shard[2])
        elif line == _EACH:
            count = EACH
        elif dag := _DAG.match(line):
            dags.append(_unescaped(dag[1]))
        elif not _CONFLICT.match(line):
            break
    return Header(_unescaped(first[1]), count, number, tuple(dags))


def _lines(content: bytes) -> io.BytesIO:
    return io.BytesIO(content.removeprefix(codecs.BOM_UTF8))


def _escaped(text: str) -> str:
    def escape(match: re.Match[str]) -> str:
        code = ord(match[0])
        return f"\\U{code:08x}" if code > 0xFFFF else f"\\u{code:04x}"

    return _ODD.sub(escape, text)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1] or match[2], 16)), text)
