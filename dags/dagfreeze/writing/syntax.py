"""What a piece of code looks up, sets and asks for, by its syntax."""

from __future__ import annotations
import __future__

import ast
import contextlib
import copy
import dis
from collections.abc import Iterable, Iterator
from types import CodeType

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

_LOOK_UPS = frozenset(
    {"LOAD_GLOBAL", "LOAD_NAME", "STORE_GLOBAL", "DELETE_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"}
)


_FILE_OF = {"fileloc", "relative_fileloc", "co_filename"}
_PLACE_OF = (
    "inspect.getfile",
    "inspect.getsourcefile",
    "inspect.getframeinfo",
    "inspect.stack",
    "traceback.extract_stack",
)
_ASKERS = {"getfile", "getsourcefile", "getframeinfo", "extract_stack"}


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


def private_names(node: ast.AST) -> set[str]:
    """Attributes such as ``__steps``, which Python calls ``_Builder__steps`` inside of the class ``Builder``."""
    names = {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}
    return {name for name in names if name.startswith("__") and not name.endswith("__")}


def root_of(path: ast.expr | None) -> str:
    """The first name of ``settings.TABLES["shop"].columns``; nothing for other code."""
    while isinstance(path, ast.Attribute) or (
        isinstance(path, ast.Subscript) and isinstance(path.slice, ast.Constant)
    ):
        path = path.value
    return path.id if isinstance(path, ast.Name) else ""


def asked_place(node: ast.AST) -> str:
    """How a piece of code asks where its file is, or nothing."""
    has_dag = any(_mentions_dag(part) for part in ast.walk(node))
    for part in ast.walk(node):
        if isinstance(part, ast.Attribute):
            text = ast.unparse(part)
            if part.attr in _FILE_OF or text.endswith(_PLACE_OF) or (has_dag and part.attr == "folder"):
                return text
        elif isinstance(part, ast.Name) and part.id in _ASKERS:
            return part.id
        elif isinstance(part, ast.Constant) and part.value in _FILE_OF:  # for getattr
            return str(part.value)
    return ""


def _mentions_dag(part: ast.AST) -> bool:
    fields = {ast.Name: "id", ast.arg: "arg", ast.Attribute: "attr", ast.Constant: "value"}
    return type(part) in fields and getattr(part, fields[type(part)]) == "dag"


def evaluated_annotations(node: ast.AST) -> list[ast.expr]:
    """Annotations in a definition that Python evaluates when it makes its functions and classes."""
    annotations: list[ast.expr | None] = []
    for part in ast.walk(node):
        if isinstance(part, ast.arg):
            annotations.append(part.annotation)
        elif isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
            annotations.append(part.returns)
        elif isinstance(part, ast.ClassDef):
            annotations += [one.annotation for one in part.body if isinstance(one, ast.AnnAssign)]
    return [annotation for annotation in annotations if annotation is not None]


def quoted_names(node: ast.AST) -> set[str]:
    """Names in annotations that are texts, such as that of ``items: "list[Item]"``."""
    parts = [part for annotation in evaluated_annotations(node) for part in ast.walk(annotation)]
    quoted: set[str] = set()
    for part in parts:  # which grow: a text may hold another one
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            with contextlib.suppress(SyntaxError, ValueError):  # one of `Literal`, which says no type
                text = ast.parse(part.value, mode="eval").body
                quoted |= {*names(text)}
                parts += ast.walk(text)
    return quoted


def defaults(node: Function) -> list[ast.expr | None]:
    """Default values of a function as written: positional ones, then one for each keyword-only argument."""
    return [*node.args.defaults, *node.args.kw_defaults]


def evaluated_names(node: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """Names that the decorators and default values of a function look up."""
    evaluated = (*node.decorator_list, *filter(None, defaults(node)))
    return {name for part in evaluated for name in names(part)}


def set_in(loop: ast.AST) -> set[str]:
    """Names that a loop gives values to, or whose items or attributes it sets."""
    names = set()
    for node in ast.walk(loop):
        if isinstance(node, ast.Name | ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
            while isinstance(node, ast.Attribute | ast.Subscript):
                node = node.value
            names.add(getattr(node, "id", None))
        elif isinstance(node, Definition | ast.MatchAs | ast.MatchStar | ast.ExceptHandler):
            names.add(node.name)
        elif isinstance(node, ast.MatchMapping):
            names.add(node.rest)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).partition(".")[0])
    return {name for name in names if name}


def is_empty(statement: ast.stmt) -> bool:
    """Whether an assignment gives its name an empty container, as that of a registry does."""
    match getattr(statement, "value", None):
        case (
            ast.Dict(keys=[])
            | ast.List(elts=[])
            | ast.Call(func=ast.Name("dict" | "list" | "set"), args=[], keywords=[])
        ):
            return True
    return False


def own_definitions(node: ast.AST) -> Iterator[Definition]:
    """Functions and classes of a module, also those inside of ``with``, ``if`` and the like."""
    for part in ast.iter_child_nodes(node):
        if isinstance(part, Definition):
            yield part
        elif not isinstance(part, ast.expr):
            yield from own_definitions(part)


def run_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """What runs while a module is imported: not what stands in functions, nor what is for type checkers."""
    parts: Iterable[ast.AST] = ast.iter_child_nodes(node)
    if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
        parts = node.orelse
    for part in parts:
        if not isinstance(part, ast.expr | Function):
            yield part
            yield from run_at_import(part)


def set_in_loops(node: ast.AST, *, is_inside: bool = False) -> Iterator[str]:
    """Names that loops set, but for those that belong to a function, a class or a comprehension."""
    for part in ast.iter_child_nodes(node):
        if isinstance(part, Definition | ast.Lambda | ast.comprehension):
            continue
        if is_inside and isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            yield part.id
        yield from set_in_loops(part, is_inside=is_inside or isinstance(part, ast.For | ast.While))
