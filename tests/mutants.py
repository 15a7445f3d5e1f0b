"""Every single change of some kinds in the text of a DAG file: a constant, an argument, an edge, a statement, …"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any, NamedTuple

OTHER: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mod,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.USub: ast.UAdd,
    ast.UAdd: ast.USub,
    ast.Invert: ast.UAdd,
    ast.Not: ast.UAdd,
}
"""What an operator is turned into."""


class Change(NamedTuple):
    """A change of a tree: fields of one of its nodes get other values."""

    kind: str
    node: ast.AST
    fields: dict[str, Any]
    spot: ast.AST


@dataclass(frozen=True)
class Mutant:
    """A text with one change.

    Attributes:
        file: name of the file that was changed.
        number: of the mutant, among those of its file.
        kind: of the change.
        line: where the change begins.
        before: what stood there.
        text: the whole text, changed.
    """

    file: str
    number: int
    kind: str
    line: int
    before: str
    text: str


def mutants(file: str, text: str) -> list[Mutant]:
    """Make every mutant of a text, in the order of the kinds and of the lines."""
    tree = ast.parse(text)
    same = ast.unparse(tree)
    mutants_so_far: list[Mutant] = []
    for change in (change for kind in KINDS for change in kind(tree)):
        changed = _changed(tree, change)
        if changed != same:
            line = getattr(change.spot, "lineno", 0)
            mutants_so_far.append(
                Mutant(file, len(mutants_so_far), change.kind, line, _shown(change.spot), changed)
            )
    return mutants_so_far


def as_mutants_are_written(text: str) -> str:
    """Write a text as its mutants are written, unchanged: without comments, in Python's own layout."""
    return ast.unparse(ast.parse(text))


def _shown(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())


def _changed(tree: ast.Module, change: Change) -> str:
    before = {name: getattr(change.node, name) for name in change.fields}
    try:
        for name, value in change.fields.items():
            setattr(change.node, name, value)
        return ast.unparse(tree)
    finally:
        for name, value in before.items():
            setattr(change.node, name, value)


def _constants(tree: ast.Module) -> Iterator[Change]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.value is not ...:
            yield Change("a constant changed", node, {"value": _other_value(node.value)}, node)


def _other_value(value: Any) -> Any:
    if value is None:
        return 0
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return value + "x"
    return value + b"x" if isinstance(value, bytes) else value + 1


def _arguments(tree: ast.Module) -> Iterator[Change]:
    for call in _of(tree, ast.Call):
        yield from _without("a keyword dropped", call, "keywords")
        yield from _without("a positional argument dropped", call, "args")


def _items(tree: ast.Module) -> Iterator[Change]:
    for node in ast.walk(tree):
        if isinstance(node, ast.List | ast.Set) or (
            isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load)
        ):
            yield from _without("an item dropped", node, "elts")
        elif isinstance(node, ast.Dict):
            for at, (_, value) in enumerate(zip(node.keys, node.values, strict=True)):
                fields = {name: _less(getattr(node, name), at) for name in ("keys", "values")}
                yield Change("an item dropped", node, fields, value)


def _decorators(tree: ast.Module) -> Iterator[Change]:
    for block in _of(tree, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef):
        yield from _without("a decorator dropped", block, "decorator_list")


def _without(kind: str, node: ast.AST, field: str) -> Iterator[Change]:
    parts = getattr(node, field)
    for at, part in enumerate(parts):
        yield Change(kind, node, {field: _less(parts, at)}, part)


def _less(items: list[Any], at: int) -> list[Any]:
    return [*items[:at], *items[at + 1 :]]


def _edges(tree: ast.Module) -> Iterator[Change]:
    for owner, at, statement in _statements(tree):
        edge = _edge(statement)
        if isinstance(edge, ast.Attribute):
            other = "set_upstream" if edge.attr == "set_downstream" else "set_downstream"
            yield Change("an edge dropped", owner, _body(owner, at, []), statement)
            yield Change("an edge reversed", edge, {"attr": other}, statement)
        elif edge is not None:
            ends, links = _spine(edge)
            for number, link in enumerate(links, 1):
                parts = [part for part in (ends[:number], ends[number:]) if len(part) > 1]
                rest = [ast.Expr(_chain(part, link.op)) for part in parts]
                yield Change("an edge dropped", owner, _body(owner, at, rest), statement)
                yield Change("an edge reversed", link, {"op": OTHER[type(link.op)]()}, statement)


def _edge(statement: ast.stmt) -> ast.BinOp | ast.Attribute | None:
    """What a statement makes an edge by: arrows, or the method of a task; None of another statement."""
    value = statement.value if isinstance(statement, ast.Expr) else None
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.RShift | ast.LShift):
        return value
    called = value.func if isinstance(value, ast.Call) else None
    ways = ("set_upstream", "set_downstream")
    return called if isinstance(called, ast.Attribute) and called.attr in ways else None


def _spine(chain: ast.expr) -> tuple[list[ast.expr], list[ast.BinOp]]:
    """The ends that a chain connects, and the operators between them."""
    if not isinstance(chain, ast.BinOp):
        return [chain], []
    ends, links = _spine(chain.left)
    return [*ends, chain.right], [*links, chain]


def _chain(ends: list[ast.expr], operator: ast.operator) -> ast.expr:
    return reduce(lambda left, right: ast.BinOp(left, operator, right), ends)


def _body(owner: ast.AST, at: int, instead: list[ast.Expr]) -> dict[str, list[ast.stmt]]:
    body: list[ast.stmt] = owner.body  # type: ignore[attr-defined]
    return {"body": [*body[:at], *instead, *body[at + 1 :]] or [ast.Pass()]}


def _operators(tree: ast.Module) -> Iterator[Change]:
    edges = {id(part) for _, _, one in _statements(tree) if _edge(one) for part in ast.walk(one)}
    for node in _of(tree, ast.Compare, ast.BinOp, ast.BoolOp, ast.AugAssign, ast.UnaryOp):
        if isinstance(node, ast.Compare):
            for at, operator in enumerate(node.ops):
                ops = [*node.ops[:at], OTHER[type(operator)](), *node.ops[at + 1 :]]
                yield Change("an operator turned", node, {"ops": ops}, node)
        elif id(node) not in edges:
            yield Change("an operator turned", node, {"op": OTHER[type(node.op)]()}, node)


def _conditions(tree: ast.Module) -> Iterator[Change]:
    for node in _of(tree, ast.If, ast.IfExp, ast.While):
        yield Change("a condition negated", node, {"test": ast.UnaryOp(ast.Not(), node.test)}, node.test)


def _bodies(tree: ast.Module) -> Iterator[Change]:
    """Statements in functions and classes, and those that make a DAG."""
    for owner, at, statement in _statements(tree):
        if not (isinstance(owner, ast.Module) or _edge(statement)):
            yield Change("a statement dropped", owner, _body(owner, at, []), statement)


def _statements(tree: ast.Module) -> Iterator[tuple[ast.AST, int, ast.stmt]]:
    for owner in ast.walk(tree):
        body = getattr(owner, "body", None)
        if isinstance(body, list):
            yield from ((owner, at, statement) for at, statement in enumerate(body))


def _of(tree: ast.AST, *types: type[Any]) -> Iterator[Any]:
    return (node for node in ast.walk(tree) if isinstance(node, types))


KINDS: list[Callable[[ast.Module], Iterator[Change]]] = [
    _constants,
    _arguments,
    _items,
    _edges,
    _operators,
    _conditions,
    _bodies,
    _decorators,
]
