"""Shows what stands in a form as a person would write it, short enough for a sentence."""

from __future__ import annotations

import datetime
import inspect
import json
from typing import Any

from dagfreeze.proof.nodes import NAME, UNORDERED, Content, Form

LONGEST = 70
"""Characters of a value in a sentence; of a longer one, what is around the first difference."""

LONGEST_PLACE = 300
MOST_ITEMS = 6
DEEPEST = 4

WHOLE = frozenset({"date", "enum", "instruction", "moment", "order", "path", "signature", "zone", *UNORDERED})
"""Kinds of content that are shown whole, although they hold something."""

BRACKETS = {"list": ("[", "]"), "tuple": ("(", ")")}


class Shown:
    """The contents of a form, for reading."""

    def __init__(self, nodes: dict[str, Content]) -> None:
        self._nodes = nodes

    def content(self, form: Form) -> Form:
        """Tell what a reference stands for; anything else stands for itself."""
        return self._nodes[form[NAME]] if isinstance(form, dict) else form

    def has_parts(self, content: Form, other: Form, others: Shown) -> bool:
        """Whether the difference of two contents is rather one in their parts, because these have the same steps."""
        if not (isinstance(content, list) and isinstance(other, list) and content[0] == other[0]):
            return False
        if content[0] in WHOLE:
            return isinstance(content[1], dict) and self.text(content) == others.text(other)
        return content[0] == "code" or isinstance(content[1], (dict, list))

    def parts(self, content: Content) -> dict[str, Form]:
        """Tell the parts of a content by how one comes to each of them."""
        body = content[1]
        if isinstance(body, dict):
            return body
        if content[0] == "dict":
            return {f"[{self.text(key)}]": value for key, value in body}
        return {f"[{at}]": item for at, item in enumerate(body)}

    def kind(self, form: Form) -> str:
        """Tell the type of what a form stands for."""
        content = self.content(form)
        if not isinstance(content, list):
            return type(content).__name__
        if isinstance(content[1], dict) and ", its class" in content[1]:
            return self.text(content[1][", its class"])
        return str(content[0])

    def way(self, holder: Form, step: str) -> str:
        """Show how one comes to an object from what holds it."""
        step = step.removeprefix(", ").removeprefix("its ")
        return f"{step} of {self.text(holder)}" if step else f"what {self.text(holder)} holds"

    def text(self, form: Form, depth: int = 0) -> str:
        """Show what a form stands for."""
        content = self.content(form)
        if isinstance(content, str):
            return _quoted(content)
        if not isinstance(content, list):
            return str(content)
        kind: str = content[0]
        body: Any = content[1] if len(content) > 1 else ""
        if kind == "duration":
            return str(datetime.timedelta(*content[1:]))
        if kind in ("list", "tuple", "set", "frozenset", "dict"):
            return self._items(kind, body, depth)
        if isinstance(body, dict):
            return self._described(kind, body)
        if kind == "order":
            return ", ".join(name[2:-2] if name.startswith('["') else name for name in body)
        if kind == "instruction":
            return _instruction(body)
        if kind == "signature":
            return _signature(*content[1:])
        if kind == "bytes":
            return repr(bytes.fromhex(body))
        if kind == "its DAG":
            return kind
        if kind.startswith(("task", "another DAG", "module", "logger")):
            return f'{kind} "{content[-1]}"'
        return str(body or kind)

    def _items(self, kind: str, items: list[Any], depth: int) -> str:
        if depth > DEEPEST:
            return "…"
        if kind == "dict":
            texts = [
                f"{self.text(key, depth + 1)}: {self.text(value, depth + 1)}"
                for key, value in items[:MOST_ITEMS]
            ]
        else:
            texts = [self.text(item, depth + 1) for item in items[:MOST_ITEMS]]
        if not items and kind in UNORDERED:
            return f"{kind}()"
        left, right = BRACKETS.get(kind, ("{", "}"))
        more = ["…"] if len(items) > MOST_ITEMS else []
        comma = "," if kind == "tuple" and len(items) == 1 else ""
        return f"{left}{', '.join(texts + more)}{comma}{right}"

    def _described(self, kind: str, parts: dict[str, Form]) -> str:
        if ", its value" in parts:  # a date, a path, a zone, a member of an enumeration
            return str(parts[", its value"])
        if kind == "method":
            return self.text(parts[", its function"]).replace("function", "method", 1)
        if ", its name" in parts:
            return f"{kind} {parts[', its name']}"
        if ", its class" in parts:
            name = self.text(parts[", its class"]).removeprefix("class ").rpartition(".")[2]
            return f"{'an' if name[:1] in 'AEIOU' else 'a'} {name}"
        return f"a {kind}"


def _instruction(instruction: Any) -> str:
    if instruction is None:
        return "none"
    if isinstance(instruction, str):
        return instruction
    return f"{instruction[0]} {json.dumps(instruction[1])}"


def _signature(counts: list[int], names: list[str]) -> str:
    positional, positional_only, by_name, flags = counts
    shown = names[:positional]
    if positional_only:
        shown.insert(positional_only, "/")
    more = names[positional + by_name :]
    if flags & inspect.CO_VARARGS:
        shown.append("*" + more.pop(0))
    elif by_name:
        shown.append("*")
    shown += names[positional : positional + by_name] + [f"**{name}" for name in more]
    kind = "async " if flags & (inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR) else ""
    generates = flags & (inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR)
    return f"{kind}({', '.join(shown)}){' with yield' if generates else ''}"


def _quoted(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in quoted)


def shortened(before: str, after: str) -> tuple[str, str]:
    """Cut two texts so that each shows where they begin to differ."""
    start = 0
    if max(len(before), len(after)) > LONGEST:
        start = max(0, _shared(before, after) - LONGEST // 3)
    return _cut(before, start), _cut(after, start)


def shortened_place(place: str) -> str:
    """Cut the middle out of a way to a value that is too long for a sentence."""
    half = LONGEST_PLACE // 2
    return place if len(place) <= LONGEST_PLACE else f"{place[:half]}…{place[-half:]}"


def _shared(before: str, after: str) -> int:
    pairs = zip(before, after, strict=False)
    return next((at for at, pair in enumerate(pairs) if pair[0] != pair[1]), min(len(before), len(after)))


def _cut(text: str, start: int) -> str:
    end = start + LONGEST
    return f"{'…' if start else ''}{text[start:end]}{'…' if len(text) > end else ''}"
