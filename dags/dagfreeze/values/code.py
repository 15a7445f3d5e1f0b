"""Expressions as a tree, and their layout as ``ruff format`` leaves it.

The layout is the same for every line length from 88, ruff's own, upwards: what fits in 88 columns stands on one line,
and what does not stands one item a line behind a trailing comma, which ruff keeps.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from dagfreeze.values.literals import byte_string, is_name, line, string

__all__ = [
    "Chain", "Expr", "Group", "byte_string", "call", "chained", "followed", "is_name", "items", "line", "pairs",
    "render", "string",
]  # fmt: skip

_COLUMNS = 88
_INDENT = 4


@dataclass(frozen=True)
class Group:
    """A call, a list, a dictionary: items between two brackets.

    Attributes:
        open: what stands before the first item, ``DAG(`` or ``[``.
        items: each with what stands before it: ``name=``, ``*``, a dictionary's key with its colon, or nothing.
        close: what stands after the last item, ``)`` or ``).run``.
    """

    open: str
    items: tuple[tuple[Expr, Expr], ...]
    close: str


@dataclass(frozen=True)
class Chain:
    """A call of what a call gives.

    Attributes:
        first: the call before, ``task.partial(…)``.
        then: the call after it, which opens with a dot or a bracket: ``.expand(…)``.
    """

    first: Group | Chain
    then: Group


Expr = str | Group | Chain
"""A group, a chain of groups, or code that is never broken: a name, a number, a literal."""


def call(function: str, /, *args: Expr, **kwargs: Expr) -> Group:
    """The call of a function by its name.

    Raises:
        ValueError: when a keyword is no name, so that it could be code.
    """
    for name in kwargs:
        if not is_name(name):
            raise ValueError(f"no name for an argument: {name!a}")
    positional: list[tuple[Expr, Expr]] = [("", arg) for arg in args]
    return Group(f"{function}(", (*positional, *((f"{name}=", arg) for name, arg in kwargs.items())), ")")


def items(open: str, exprs: Iterable[Expr], close: str) -> Group:
    """A list, a tuple or a set, by its brackets; a tuple of one gets its comma."""
    entries: tuple[tuple[Expr, Expr], ...] = tuple(("", expr) for expr in exprs)
    return Group(open, entries, f",{close}" if open == "(" and len(entries) == 1 else close)


def pairs(entries: Iterable[tuple[Expr, Expr]]) -> Group:
    """A dictionary of keys and values."""
    return Group("{", tuple((followed(key, ": "), expr) for key, expr in entries), "}")


def chained(first: Expr, opening: str, arguments: tuple[tuple[Expr, Expr], ...]) -> Expr:
    """A call of something: ``first(…)``, or of its method: ``first.way(…)``.

    Args:
        first: what is called, or whose method is.
        opening: ``(`` or ``.way(``.
        arguments: ``name=`` or nothing, and the value.
    """
    if isinstance(first, str):
        return Group(f"{first}{opening}", arguments, ")")
    return Chain(first, Group(opening, arguments, ")"))


def followed(expr: Expr, text: str) -> Expr:
    """An expression with something right behind it, such as an attribute."""
    if isinstance(expr, str):
        return expr + text
    if isinstance(expr, Chain):
        return replace(expr, then=replace(expr.then, close=expr.then.close + text))
    return replace(expr, close=expr.close + text)


def render(expr: Expr, indent: int = 0, before: int = 0, after: int = 0) -> str:
    """The text of an expression.

    Args:
        expr: the expression.
        indent: columns that the statement is indented by.
        before: columns that are used on the first line after the indent, such as those of ``x = ``.
        after: columns that follow on the last line.

    Returns:
        The text; the first line without the indent, the others with it.
    """
    room = _COLUMNS - indent - before - after
    if before and isinstance(expr, Chain) and _is_fluent(expr) and _flat(expr, room) is None:
        inner = indent + _INDENT
        return f"(\n{' ' * inner}{_fluent(expr, inner, 0)}\n{' ' * indent})"
    return _layout(expr, indent, before, after)


def _layout(expr: Expr, indent: int, before: int, after: int, *, bracketed: bool = False) -> str:
    """The text of an expression; between brackets a chain may begin lines with its dots."""
    if isinstance(expr, str):
        return expr
    line = _flat(expr, _COLUMNS - indent - before - after)
    if line is not None:
        return line
    if bracketed and isinstance(expr, Chain) and _is_fluent(expr):
        return _fluent(expr, indent, before)
    return _sequence(_links(expr), indent, before, after)


def _links(expr: Group | Chain) -> list[Group]:
    return [*_links(expr.first), expr.then] if isinstance(expr, Chain) else [expr]


def _is_fluent(chain: Chain) -> bool:
    """Whether ruff begins a line with each dot when the chain needs several."""
    return sum(link.open.startswith(".") for link in _links(chain)[1:]) > 1


def _fluent(chain: Chain, indent: int, before: int) -> str:
    """A chain with a line for each dot; its last arguments are broken lest ruff joins all where lines are longer."""
    links = _links(chain)
    last = max((number for number, link in enumerate(links) if link.items), default=0)
    segments: list[tuple[list[Group], int]] = []
    for number, link in enumerate(links):
        if not segments or link.open.startswith("."):
            segments.append(([], last - number))
        segments[-1][0].append(link)
    first, *others = segments
    texts = [_sequence(first[0], indent, before, 0, first[1])]
    texts += [_sequence(part, indent, 0, 0, broken) for part, broken in others]
    return f"\n{' ' * indent}".join(texts)


def _sequence(links: list[Group], indent: int, before: int, after: int, broken: int = -1) -> str:
    """Calls right behind each other, each on one line if it fits.

    Args:
        links: the calls.
        indent: columns before all but the first line.
        before: columns that are used on the first line after the indent.
        after: columns that follow.
        broken: which call is broken in any case.
    """
    text = ""
    for number, link in enumerate(links):
        following = _width(links[number + 1].open) if number + 1 < len(links) else after
        line = _flat(link, _COLUMNS - indent - before - following)
        if line is None or number == broken:
            text += _broken(link, indent)
            before = _width(link.close)
        else:
            text += line
            before += _width(line)
    return text


def _broken(group: Group, indent: int) -> str:
    """A group on several lines, one for each item."""
    if not group.items:
        return group.open + group.close
    inner = indent + _INDENT
    if group.close.startswith(","):
        lines = [_lines_of_single(group.items[0][1], inner)]
    else:
        lines = [_item(prefix, expr, inner) for prefix, expr in group.items]
    text = "".join(f"{' ' * inner}{line},\n" for line in lines)
    return f"{group.open}\n{text}{' ' * indent}{group.close.removeprefix(',')}"


def _lines_of_single(expr: Expr, indent: int) -> str:
    """What stands in a tuple of one, whose comma does not keep ruff from joining lines: something else must."""
    if isinstance(expr, Group) and expr.items:
        return _broken(expr, indent)
    if isinstance(expr, str) and "\n" in expr:
        return expr
    return f"*{_broken(items('[', [expr], ']'), indent)}"


def _item(prefix: Expr, expr: Expr, indent: int) -> str:
    if isinstance(prefix, str):
        return prefix + _layout(expr, indent, _width(prefix), after=1, bracketed=True)
    key = _flat(prefix, _COLUMNS - indent)
    if key is not None:
        text = _layout(expr, indent, _width(key), after=1, bracketed=True)
        first, more, _ = text.partition("\n")
        if indent + _width(key) + _width(first) + (not more) <= _COLUMNS:
            return key + text
    broken = _layout(prefix, indent, 0, after=_COLUMNS, bracketed=True)  # no room, so it is broken
    last = broken.rpartition("\n")[2]
    return broken + _layout(expr, indent, _width(last) - indent, after=1, bracketed=True)


def _flat(expr: Expr, room: int) -> str | None:
    """The expression on one line; None when it needs more columns or has a text of several lines."""
    if isinstance(expr, str):
        return None if "\n" in expr or _width(expr) > room else expr
    parts: list[str] = []
    for link in _links(expr):
        text = _flat_group(link, room)
        if text is None:
            return None
        parts.append(text)
        room -= _width(text)
    return "".join(parts)


def _flat_group(group: Group, room: int) -> str | None:
    parts = [group.open]
    room -= _width(group.open) + _width(group.close)
    for number, (prefix, item) in enumerate(group.items):
        for part in (", " if number else "", prefix, item):
            text = _flat(part, room)
            if text is None:
                return None
            parts.append(text)
            room -= _width(text)
    return None if room < 0 else "".join([*parts, group.close])


def _width(text: str) -> int:
    """Columns of a text on a line, never fewer than ruff counts: to break a line early does no harm."""
    return len(text) if text.isascii() else sum(1 if ord(character) < 0x300 else 2 for character in text)
