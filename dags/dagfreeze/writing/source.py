"""Finds the text of a function, a lambda or a class in its file, and copies it."""

from __future__ import annotations

import ast
import contextlib
import functools
import inspect
import io
import itertools
import tokenize
from collections import Counter
from collections.abc import Iterator, Mapping
from types import CodeType
from typing import Any

from dagfreeze.importable import attribute
from dagfreeze.refusal import Refused
from dagfreeze.writing.indentation import indented
from dagfreeze.writing.syntax import (
    Definition,
    Function,
    evaluated_names,
    own_definitions,
    run_at_import,
    set_in,
    set_in_loops,
)


class Source:
    """The text of a file and its syntax tree."""

    def __init__(self, path: str) -> None:
        self.path = path
        if path.startswith("<"):
            raise Refused(
                "a function has no source, because exec or the like made it",
                "Define it with def, in the DAG file or in a module that can be imported.",
            )
        try:
            with tokenize.open(path) as file:
                text = file.read()
            self.tree = ast.parse(text)
        except (OSError, SyntaxError, UnicodeDecodeError) as error:
            raise Refused(f"the source of {path} cannot be read: {error}") from None
        self.lines = [line.encode() for line in text.split("\n")]
        self.starts = [0, *itertools.accumulate(len(line) + 1 for line in self.lines)]
        self.content = text.encode()
        self.functions: dict[tuple[int, str], Function] = {}
        self.lambdas: dict[int, list[ast.Lambda]] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                self.functions[_first_line(node), node.name] = node
            elif isinstance(node, ast.Lambda):
                self.lambdas.setdefault(node.lineno, []).append(node)
        self.definitions: dict[str, list[Definition]] = {}
        for definition in own_definitions(self.tree):
            self.definitions.setdefault(definition.name, []).append(definition)

    def imported(self, name: str) -> tuple[str, str, str] | None:
        """The import of a ``from`` statement that binds a name: (module, name, alias or "")."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    if (alias.asname or alias.name) == name:
                        return (node.module, alias.name, alias.asname or "")
        return None

    @functools.cached_property
    def modules(self) -> list[str]:
        """The modules that the file may import while it is imported itself, and what may be one, in each form."""
        modules: dict[str, None] = {}
        for node in run_at_import(self.tree):
            if isinstance(node, ast.Import):
                modules |= dict.fromkeys(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules |= dict.fromkeys(
                    [node.module, *(f"{node.module}.{name.name}" for name in node.names)]
                )
        return [*modules]

    @property
    def future_annotations(self) -> bool:
        """Whether annotations are texts in this file."""
        return any(
            isinstance(node, ast.ImportFrom)
            and node.module == "__future__"
            and any(name.name == "annotations" for name in node.names)
            for node in self.tree.body
        )

    def definition(self, name: str, value: Any) -> Definition | None:
        """The definition at the top that has made a function or a class.

        Of several by its name, as in ``try``, it is the one that holds its lines, which are those of a class's methods;
        where there are none, the last one.
        """
        nodes = self.definitions.get(name, [])
        lines = [code.co_firstlineno for code in _codes(value) if code.co_filename == self.path]
        ran = [node for node in nodes if any(_first_line(node) <= line <= _end(node)[0] for line in lines)]
        return next(reversed(ran or nodes), None)

    def function(self, code: CodeType) -> Function:
        """The definition of a function.

        Raises:
            Refused: when the file does not hold it, because it was made by ``exec``, or the file has changed since.
        """
        node = (
            self._lambda(code)
            if code.co_name == "<lambda>"
            else self.functions.get((code.co_firstlineno, code.co_name))
        )
        if node is None:
            raise Refused(
                f"the source of {code.co_name}() is not in {self.path}",
                "Define it with def, in the DAG file or in a module that can be imported.",
            )
        return node

    def _lambda(self, code: CodeType) -> ast.Lambda | None:
        """The innermost lambda that holds all positions of the code; two may be in one line."""
        spots = [
            (line, column)
            for line, _, column, _ in code.co_positions()
            if line is not None and column is not None and (line, column) != (code.co_firstlineno, 0)
        ]
        holding = [
            node
            for nodes in self.lambdas.values()
            for node in nodes
            if node.lineno <= code.co_firstlineno <= (node.end_lineno or node.lineno)
            and all(_start(node.body) <= spot < _end(node.body) for spot in spots)
            and len(node.args.args) == code.co_argcount - len(node.args.posonlyargs)
        ]
        return max(holding, key=_start) if holding else None

    def assignment(self, name: str) -> ast.Assign | ast.AnnAssign | None:
        """The statement of the module that gives a name its value, when there is one only."""
        return self._assignments.get(name) if self._set[name] == 1 else None

    @functools.cached_property
    def _set(self) -> Counter[str]:
        """How often each name is set anywhere in the file."""
        names = (node for node in ast.walk(self.tree) if isinstance(node, ast.Name))
        return Counter(node.id for node in names if isinstance(node.ctx, ast.Store))

    @functools.cached_property
    def _assignments(self) -> dict[str, ast.Assign | ast.AnnAssign]:
        assignments: dict[str, ast.Assign | ast.AnnAssign] = {}
        for node in self.tree.body:
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                target: ast.expr = node.targets[0]
            elif isinstance(node, ast.AnnAssign) and node.value is not None:
                target = node.target
            else:
                continue
            if isinstance(target, ast.Name):
                assignments[target.id] = node
        return assignments

    @functools.cached_property
    def variables(self) -> dict[tuple[int, int], str]:
        """The variables that are set to what a call returns, by where the call ends."""
        variables = {}
        for node in ast.walk(self.tree):
            match node:
                case (
                    ast.Assign(targets=[ast.Name(name), *_], value=ast.Call() as value)
                    | ast.AnnAssign(target=ast.Name(name), value=ast.Call() as value)
                    | ast.withitem(context_expr=ast.Call() as value, optional_vars=ast.Name(name))
                ):
                    variables[_end(_making_call(value))] = name
        return variables

    @functools.cached_property
    def calls(self) -> dict[tuple[int, int], ast.Call]:
        """The calls by where they end."""
        return {_end(node): node for node in ast.walk(self.tree) if isinstance(node, ast.Call)}

    @functools.cached_property
    def loop_variables(self) -> frozenset[str]:
        """Variables of the module that its loops set in each round."""
        return frozenset(set_in_loops(self.tree))

    @functools.cached_property
    def varying(self) -> frozenset[str]:
        """Functions that a loop makes again and again, with other default values or decorators each time."""
        loops = [node for node in ast.walk(self.tree) if isinstance(node, ast.For | ast.While)]
        return frozenset(
            node.name
            for loop in loops
            for node in ast.walk(loop)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and self.definitions.get(node.name, [None])[-1] is node
            and not evaluated_names(node).isdisjoint(set_in(loop))
        )

    @functools.cached_property
    def looped(self) -> frozenset[str]:
        """Functions that a loop defines again and again, and that no other function looks up."""
        return frozenset(name for name, kinds in self._blocks.items() if kinds in ([ast.For], [ast.While]))

    @functools.cached_property
    def redefined(self) -> frozenset[str]:
        """Functions that ``with`` blocks define several times, and that no other function looks up."""
        return frozenset(
            name for name, kinds in self._blocks.items() if len(kinds) > 1 and {*kinds} == {ast.With}
        )

    @functools.cached_property
    def _blocks(self) -> dict[str, list[type[ast.stmt]]]:
        """By the names of functions, the statements of the module in which each of their definitions stands."""
        blocks: dict[str, list[type[ast.stmt]]] = {}
        for statement in self.tree.body:
            for node in own_definitions(ast.Module([statement], [])):
                if node.name not in self._looked_up:
                    blocks.setdefault(node.name, []).append(type(statement))
        return blocks

    @functools.cached_property
    def _looked_up(self) -> set[str]:
        """Names inside of functions and classes."""
        inside = (
            part
            for node in ast.walk(self.tree)
            if isinstance(node, Definition | ast.Lambda)
            for part in ast.walk(node)
        )
        return {part.id for part in inside if isinstance(part, ast.Name)}

    def is_variable(self, name: str) -> bool:
        """Whether a name is set in the file, but neither once and for all nor for a function or a class."""
        is_set = name in self._set and name not in self._looked_up
        return is_set and not self.assignment(name) and not self.imported(name)

    def text(
        self,
        node: ast.stmt | ast.expr,
        indent: int,
        *,
        decorators: bool = False,
        replaced: Mapping[ast.expr, str] | None = None,
    ) -> str:
        """Copy the text of a node.

        Args:
            node: a definition, or another statement or expression.
            indent: columns before its first line, and its other lines accordingly.
            decorators: with the decorators of a definition.
            replaced: expressions in it to write otherwise.

        Returns:
            Lines, without the indentation of the first and without a line end at the end. Those of a statement end
            with the comment behind it.
        """
        start = _start(node)
        if decorators and isinstance(node, Definition) and node.decorator_list:
            start = self._at_sign(node.decorator_list[0])
        begin = self._offset(start)
        segment = self.content[begin : self._offset(_end(node))]
        for part in sorted(replaced or {}, key=_start, reverse=True):
            left, right = (self._offset(spot) - begin for spot in (_start(part), _end(part)))
            segment = segment[:left] + (replaced or {})[part].encode() + segment[right:]
        segment += self.remark(node).encode()
        prefix = self.lines[start[0] - 1][: start[1]].decode().removesuffix("@")
        return indented(segment.decode(), prefix if not prefix.strip() else "", indent)

    def remark(self, node: ast.stmt | ast.expr) -> str:
        """The comment behind a statement, with the blanks before it; none of an expression, which more may follow."""
        line, column = _end(node)
        rest = self.lines[line - 1][column:].decode().rstrip()
        return rest if isinstance(node, ast.stmt) and rest.lstrip().startswith("#") else ""

    def comments(self, node: ast.stmt | ast.expr) -> str:
        """The comments right above a statement, not indented, each with its line end."""
        first = last = _first_line(node)
        while self._comments.get(first - 1) == node.col_offset:
            first -= 1
        return "".join(f"{line.decode().strip()}\n" for line in self.lines[first - 1 : last - 1])

    @functools.cached_property
    def _comments(self) -> dict[int, int]:
        """The columns of the comments that have a line for themselves, by these lines."""
        tokens = tokenize.generate_tokens(io.StringIO(self.content.decode()).readline)
        starts = (token.start for token in tokens if token.type == tokenize.COMMENT)
        return {line: column for line, column in starts if not self.lines[line - 1][:column].strip()}

    def decorator(self, node: ast.expr, indent: int) -> str:
        """A decorator with its ``@`` and a line end, without the indentation of its first line."""
        text = self.text(node, indent)
        begin, end = self._offset(self._at_sign(node)), self._offset(_start(node))
        is_bracketed = b"(" in self.content[begin:end]
        return f"@({text})\n" if is_bracketed else f"@{text}\n"

    def _at_sign(self, decorator: ast.expr) -> tuple[int, int]:
        line, column = decorator.lineno, decorator.col_offset
        while b"@" not in self.lines[line - 1][:column]:  # it begins below an open bracket
            line, column = line - 1, len(self.lines[line - 2])
        return line, self.lines[line - 1].rindex(b"@", 0, column)

    def _offset(self, spot: tuple[int, int]) -> int:
        return self.starts[spot[0] - 1] + spot[1]


def _codes(value: Any) -> Iterator[CodeType]:
    """The code of a function, also behind decorators, or of the methods of a class."""
    for member in vars(value).values() if isinstance(value, type) else [value]:
        function = attribute(member, "__func__") or attribute(member, "fget") or member
        with contextlib.suppress(Exception):  # foreign code
            function = inspect.unwrap(function)
        code = attribute(function, "__code__")
        if isinstance(code, CodeType):
            yield code


@functools.lru_cache(maxsize=64)
def source_of(path: str) -> Source:
    """The source of a file, read once."""
    return Source(path)


def has_text_annotations(namespace: Mapping[str, Any]) -> bool:
    """Whether annotations are texts in the file whose names these are."""
    try:
        return source_of(namespace.get("__file__", "")).future_annotations
    except Refused:
        return False


def _first_line(node: ast.stmt | ast.expr) -> int:
    decorators = node.decorator_list if isinstance(node, Definition) else []
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _making_call(value: ast.Call) -> ast.Call:
    """The call that makes a task, in front of ``.as_setup()`` or ``.as_teardown(…)``."""
    match value.func:
        case ast.Attribute(value=ast.Call() as first, attr="as_setup" | "as_teardown"):
            return _making_call(first)
    return value


def _start(node: ast.stmt | ast.expr) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _end(node: ast.stmt | ast.expr) -> tuple[int, int]:
    return node.end_lineno or node.lineno, node.end_col_offset or 0
