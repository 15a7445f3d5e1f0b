"""Finds the text of a function, a lambda or a class in its file, and copies it to another indentation."""

from __future__ import annotations
import __future__

import ast
import copy
import dis
import functools
import itertools
import tokenize
from collections import Counter
from collections.abc import Iterator, Mapping
from types import CodeType

from dagfreeze.refusal import Refused

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


_LOOK_UPS = frozenset(
    {"LOAD_GLOBAL", "LOAD_NAME", "STORE_GLOBAL", "DELETE_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"}
)


_FILE_OF = {"fileloc", "relative_fileloc", "co_filename"}
_PLACE_OF = ("dag.folder", "inspect.getfile", "inspect.getsourcefile", "['dag'].folder")


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
                first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
                self.functions[first, node.name] = node
            elif isinstance(node, ast.Lambda):
                self.lambdas.setdefault(node.lineno, []).append(node)
        self.definitions = {node.name: node for node in _own_definitions(self.tree)}

    def imported(self, name: str) -> tuple[str, str, str] | None:
        """The import of a ``from`` statement that binds a name: (module, name, alias or "")."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    if (alias.asname or alias.name) == name:
                        return (node.module, alias.name, alias.asname or "")
        return None

    @property
    def future_annotations(self) -> bool:
        """Whether annotations are texts in this file."""
        return any(
            isinstance(node, ast.ImportFrom)
            and node.module == "__future__"
            and any(name.name == "annotations" for name in node.names)
            for node in self.tree.body
        )

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

    def assignment(self, name: str) -> ast.stmt | None:
        """The statement of the module that gives a name its value, when there is one only."""
        return self._assignments.get(name) if self._set[name] == 1 else None

    @functools.cached_property
    def _set(self) -> Counter[str]:
        """How often each name is set anywhere in the file."""
        names = (node for node in ast.walk(self.tree) if isinstance(node, ast.Name))
        return Counter(node.id for node in names if isinstance(node.ctx, ast.Store))

    @functools.cached_property
    def _assignments(self) -> dict[str, ast.stmt]:
        found: dict[str, ast.stmt] = {}
        for node in self.tree.body:
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                target: ast.expr = node.targets[0]
            elif isinstance(node, ast.AnnAssign) and node.value is not None:
                target = node.target
            else:
                continue
            if isinstance(target, ast.Name):
                found[target.id] = node
        return found

    @functools.cached_property
    def varying(self) -> frozenset[str]:
        """Functions that a loop makes again and again, with other default values or decorators each time."""
        loops = [node for node in ast.walk(self.tree) if isinstance(node, ast.For | ast.While)]
        return frozenset(
            node.name
            for loop in loops
            for node in ast.walk(loop)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and self.definitions.get(node.name) is node
            and not _evaluated_names(node).isdisjoint(_set_in(loop))
        )

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
            Lines, without the indentation of the first and without a line end at the end.
        """
        start = _start(node)
        if decorators and isinstance(node, Definition) and node.decorator_list:
            start = self._at_sign(node.decorator_list[0])
        begin = self._offset(start)
        segment = self.content[begin : self._offset(_end(node))]
        for part in sorted(replaced or {}, key=_start, reverse=True):
            left, right = (self._offset(spot) - begin for spot in (_start(part), _end(part)))
            segment = segment[:left] + (replaced or {})[part].encode() + segment[right:]
        prefix = self.lines[start[0] - 1][: start[1]].decode()
        return _indented(segment.decode(), prefix if not prefix.strip() else "", indent)

    def decorator(self, node: ast.expr) -> str:
        """A decorator with its ``@``, on one line."""
        return f"@{ast.unparse(node)}\n"

    def _at_sign(self, decorator: ast.expr) -> tuple[int, int]:
        line = self.lines[decorator.lineno - 1]
        return decorator.lineno, line.rindex(b"@", 0, decorator.col_offset)

    def _offset(self, spot: tuple[int, int]) -> int:
        return self.starts[spot[0] - 1] + spot[1]


def _own_definitions(node: ast.AST) -> Iterator[Definition]:
    """Functions and classes of a module, also those inside of ``with``, ``if`` and the like."""
    for part in ast.iter_child_nodes(node):
        if isinstance(part, Definition):
            yield part
        elif not isinstance(part, ast.expr):
            yield from _own_definitions(part)


@functools.lru_cache(maxsize=64)
def source_of(path: str) -> Source:
    """The source of a file, read once."""
    return Source(path)


def names(
    node: ast.stmt | ast.expr, *, future_annotations: bool = False, with_defaults: bool = True
) -> Iterator[str]:
    """Names that a piece of code may look up outside of itself, each perhaps several times.

    Args:
        node: a statement, without its decorators if it is a definition; or an expression.
        future_annotations: whether annotations in it are texts.
        with_defaults: with what default values look up.
    """
    bare = copy.copy(node)
    if isinstance(bare, Definition):
        bare.decorator_list = []
    if isinstance(bare, Function) and not with_defaults:
        nothing = ast.Constant(None, lineno=1, col_offset=0)
        bare.args = copy.copy(bare.args)
        bare.args.defaults = [nothing for _ in bare.args.defaults]
        bare.args.kw_defaults = [nothing for _ in bare.args.kw_defaults]
    statement = ast.Expr(bare, lineno=1, col_offset=0) if isinstance(bare, ast.expr) else bare
    tree = ast.Module([statement], [])
    flags = __future__.annotations.compiler_flag if future_annotations else 0
    try:
        code = compile(tree, "<names>", "exec", flags, dont_inherit=True)
    except SyntaxError:  # ``nonlocal`` without the function around it
        yield from (part.id for part in ast.walk(bare) if isinstance(part, ast.Name))
    else:
        yield from _looked_up(code)


def _looked_up(code: CodeType) -> Iterator[str]:
    for instruction in dis.get_instructions(code):
        if instruction.opname in _LOOK_UPS:
            yield instruction.argval
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _looked_up(constant)


def dotted(node: ast.AST) -> Iterator[str]:
    """Chains of names such as ``os.path.join`` in a piece of code."""
    for part in ast.walk(node):
        chain: list[str] = []
        while isinstance(part, ast.Attribute):
            chain.append(part.attr)
            part = part.value
        if chain and isinstance(part, ast.Name):
            yield ".".join([part.id, *reversed(chain)])


def asked_place(node: ast.AST) -> str:
    """How a piece of code asks where its file is, or nothing."""
    for part in ast.walk(node):
        if isinstance(part, ast.Attribute):
            text = ast.unparse(part)
            if part.attr in _FILE_OF or text.endswith(_PLACE_OF):
                return text
    return ""


def defaults(node: Function) -> list[ast.expr | None]:
    """Default values of a function as written: positional ones, then one for each keyword-only argument."""
    return [*node.args.defaults, *node.args.kw_defaults]


def _start(node: ast.stmt | ast.expr) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _end(node: ast.stmt | ast.expr) -> tuple[int, int]:
    return node.end_lineno or node.lineno, node.end_col_offset or 0


def _indented(text: str, prefix: str, indent: int) -> str:
    """A text whose lines begin with a prefix, indented otherwise; lines that begin inside a string stay as they are."""
    begin = "if 1:\n" if prefix else ""
    try:
        tree = ast.parse(f"{begin}{prefix}{text}")
    except SyntaxError:  # a part of a statement, in brackets there
        return text if "\n" not in text else " ".join(text.split())
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
    own = len(line[: len(line) - len(body)].expandtabs(4))
    return " " * (indent + max(0, own - base)) + body if body else ""


def _evaluated_names(node: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """Names that the decorators and default values of a function look up."""
    evaluated = (*node.decorator_list, *filter(None, defaults(node)))
    return {name for part in evaluated for name in names(part)}


def _set_in(loop: ast.AST) -> set[str]:
    """Names that a loop gives values to, or whose items or attributes it sets."""
    found = set()
    for node in ast.walk(loop):
        if isinstance(node, ast.Name | ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
            while isinstance(node, ast.Attribute | ast.Subscript):
                node = node.value
            found.add(getattr(node, "id", None))
        elif isinstance(node, Definition | ast.MatchAs | ast.MatchStar | ast.ExceptHandler):
            found.add(node.name)
        elif isinstance(node, ast.MatchMapping):
            found.add(node.rest)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).partition(".")[0])
    return {name for name in found if name}
