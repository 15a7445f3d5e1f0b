"""Copies the functions, classes and constants that only a DAG file has, with what they refer to."""

from __future__ import annotations

import ast
import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import CellType, FunctionType, ModuleType
from typing import Any

from dagfreeze.refusal import Refused
from dagfreeze.values.code import Expr, render
from dagfreeze.values.expressions import Imports, Values
from dagfreeze.values.paths import Paths
from dagfreeze.watching.notes import Notes
from dagfreeze.writing import source
from dagfreeze.writing.taskflow import decorator_lines

Import = tuple[str, str, str]
TAKEN = "give it another name in the DAG file, or move the function into a module that can be imported"


@dataclass(frozen=True)
class Top:
    """Something that stands at the top of a written file, because copied functions look it up there.

    Attributes:
        code: its definition; empty when an import is enough.
        needs: names that must be defined before.
        imports: modules and names that the definition needs: (module, name or "", alias or "").
        line: where its definition stands in the DAG file; definitions keep their order.
    """

    code: str
    needs: tuple[str, ...]
    imports: tuple[Import, ...]
    line: float


class Copies:
    """What is copied from a DAG file; the same for all of its DAGs.

    Attributes:
        tops: by the name under which copied functions look it up.
        future_annotations: whether a copied function comes from a file whose annotations are texts.
    """

    def __init__(self, module: ModuleType, notes: Notes, paths: Paths) -> None:
        self.module, self.notes, self.paths = module, notes, paths
        self.tops: dict[str, Top] = {}
        self.future_annotations = False
        self._values: dict[str, Any] = {}
        self._open: list[set[str]] = []
        names = {name: value for name, value in vars(module).items() if not is_node(value)}
        self.names = frozenset(names)
        self.imported = frozenset(name for name, value in names.items() if _is_natural(name, value))

    # -- what is at the top -------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def collecting(self, tops: set[str]) -> Iterator[None]:
        """Add the names of what is needed at the top to a set."""
        self._open.append(set())
        try:
            yield
        finally:
            tops |= self._open.pop()

    def top_name(self, value: Any) -> str | None:
        """The name of a function or class of the DAG file, or of one of its decorated functions, at the top.

        Returns:
            None when the module does not know it by its own name.
        """
        plain = value.function if is_decorated(value) else value
        root, *rest = str(getattr(plain, "__qualname__", "<locals>")).split(".")
        owner = vars(self.module).get(root)
        for part in rest:
            owner = getattr(owner, part, None)
        if owner is not value or "<locals>" in rest:
            return None
        self.need(root, vars(self.module))
        return ".".join([root, *rest])

    def need(self, name: str, namespace: Mapping[str, Any]) -> None:
        """See to it that a name means at the top of the written file what it means in a namespace.

        Raises:
            Refused: when its value cannot be written, or the name is taken.
        """
        value = namespace[name]
        if name == "__file__":
            raise Refused("it reads __file__, which is another file once it is frozen")
        if name.startswith("__") and name.endswith("__"):
            return
        if name in self._values:
            if self._values[name] is not value:
                raise Refused(f"two functions mean different things by the name {name!r}", TAKEN)
        else:
            self._values[name] = value
            try:
                self._define(name, value, namespace)
            except Refused:
                del self._values[name]
                raise
        if self._open:
            self._open[-1].add(name)

    def _define(self, name: str, value: Any, namespace: Mapping[str, Any]) -> None:
        self._open.append(set())
        imports = self._imports()
        try:
            own = self._import_of(name, value, namespace)
            code, line = ("", 0) if own else self._definition(name, value, namespace, imports)
            needs = tuple(sorted(self._open[-1] - {name}))
        finally:
            self._open.pop()
        after = max((self.tops[need].line for need in needs if need in self.tops), default=0.0)
        self.tops[name] = Top(
            code, needs, (*([own] if own else []), *imports.lines()), line or after + 0.5 * bool(needs)
        )

    def _import_of(self, name: str, value: Any, namespace: Mapping[str, Any]) -> Import | None:
        """The import that gives a name its value, if there is one."""
        home = namespace.get("__name__", "")
        if isinstance(value, ModuleType):
            return _module_import(value, name)
        if home != self.module.__name__ and _is_at(value, home, name):
            return (home, name, "")
        if isinstance(value, type | FunctionType) or callable(value):
            written = source.source_of(self.module.__file__ or "").imported(name)
            if written and _is_at(value, *written[:2]):
                return written
            module, own = getattr(value, "__module__", None) or "", getattr(value, "__name__", "")
            if _is_at(value, module, own):
                return (module, own, "" if own == name else name)
        return None

    def _definition(
        self, name: str, value: Any, namespace: Mapping[str, Any], imports: Imports
    ) -> tuple[str, int]:
        """The code that gives a name its value, and its line in the DAG file."""
        text = source.source_of(namespace.get("__file__", ""))
        node = text.definitions.get(name)
        values = Values(imports, self.special(imports), self.paths.anchor(imports))
        plain = value.function if is_decorated(value) else value
        own = getattr(plain, "__module__", None) == namespace["__name__"] and hasattr(plain, "__qualname__")
        if own and node is not None and plain.__qualname__ == name:
            lines = decorator_lines(value, self.notes, values, imports, 0) if plain is not value else []
            if (
                isinstance(plain, FunctionType)
                and not hasattr(plain, "__wrapped__")
                and not plain.__closure__
            ):
                code = self.function_text(plain, 0, values, decorators=False)
            else:
                code = self._verbatim(text, node, namespace)
            return "".join(lines) + code, node.lineno
        try:
            if own and plain.__name__ != "<lambda>":
                raise Refused(
                    f"{plain.__qualname__} was made inside of a function", "Define it at the top of the file."
                )
            return f"{name} = {render(values.expr(value), before=len(name) + 3)}\n", 0
        except Refused as refusal:
            statement = text.assignment(name)
            if statement is None:
                raise Refused(
                    f"a function uses the global {name!r}: {refusal.reason}", refusal.remedy
                ) from None
            self.require(statement, namespace)  # whether it makes the same value again is proven later
            return text.text(statement, 0) + "\n", statement.lineno

    def _verbatim(self, text: source.Source, node: source.Definition, namespace: Mapping[str, Any]) -> str:
        """A definition with its decorators, but for those of Airflow, which are written by what they were given."""
        kept = [one for one in node.decorator_list if not _is_airflows(one, namespace)]
        for decorator in kept:
            self.require(decorator, namespace)
        self.future_annotations |= text.future_annotations
        self.require(node, namespace)
        return "".join(text.decorator(one) for one in kept) + text.text(node, 0) + "\n"

    def require(
        self, node: ast.stmt | ast.expr, namespace: Mapping[str, Any], function: FunctionType | None = None
    ) -> None:
        """See to it that all names that a piece of code looks up are there.

        Args:
            node: the code.
            namespace: where it looks.
            function: what it defines, whose default values are written by themselves, and which has other names from
                the functions around it.
        """
        own = function.__code__.co_freevars if function else ()
        looked_up = source.names(
            node, future_annotations=self.future_annotations, with_defaults=function is None
        )
        for name in sorted(({*looked_up} - {*own}) & namespace.keys()):
            self.need(name, namespace)
        for chain in sorted(source.dotted(node)):
            self._submodule(chain, namespace)

    def _submodule(self, chain: str, namespace: Mapping[str, Any]) -> None:
        """``import a.b.c`` binds ``a`` and imports more; what a function reaches through ``a`` must be imported."""
        root, *rest = chain.split(".")
        value, module = namespace.get(root), None
        while rest and isinstance(value, ModuleType):
            module, value = value, getattr(value, rest.pop(0), None)
        last = value if isinstance(value, ModuleType) else module
        if root in self.tops and isinstance(last, ModuleType) and last is not namespace.get(root):
            top = self.tops[root]
            if sys.modules.get(last.__name__) is last and (last.__name__, "", "") not in top.imports:
                self.tops[root] = replace(top, imports=(*top.imports, (last.__name__, "", "")))

    # -- functions ----------------------------------------------------------------------------------------------

    def special(self, imports: Imports) -> Callable[[object], Expr | None]:
        """What is peculiar to values at the top: functions and classes of the DAG file by their names."""

        def expr(value: object) -> Expr | None:
            if is_node(value):
                raise Refused(
                    "a function refers to a task, a group or a DAG as a global", "Pass its id instead."
                )
            if (isinstance(value, FunctionType) and is_local(value)) or (
                isinstance(value, type) and value.__module__ == self.module.__name__
            ):
                name = self.top_name(value)
                if name is not None:
                    return name
                if isinstance(value, FunctionType) and value.__name__ == "<lambda>" and not value.__closure__:
                    return self.lambda_text(value, Values(imports, expr))
                raise Refused(f"{value.__qualname__} cannot be reached by a name of the DAG file")
            return None

        return expr

    def lambda_text(self, function: FunctionType, values: Values) -> str:
        """A lambda as it is written in the DAG file, its default values as they are now."""
        text = source.source_of(function.__code__.co_filename)
        node = text.function(function.__code__)
        assert isinstance(node, ast.Lambda)
        self.future_annotations |= text.future_annotations
        self.require(node, function.__globals__, function)
        replaced = {part: render(values.expr(value)) for part, value in _default_values(node, function)}
        plain = text.text(node, 0, replaced=replaced)
        if "\n" not in plain:
            return plain
        for old, new in zip(
            source.defaults(node), source.defaults(copy := _parsed(ast.unparse(node))), strict=True
        ):
            if old in replaced:
                _put(copy, new, _parsed(replaced[old]))
        return ast.unparse(copy)

    def function_text(self, function: FunctionType, indent: int, values: Values, *, decorators: bool) -> str:
        """A definition with ``def``, its default values as they are now.

        Args:
            function: of the DAG file, or from inside a function of another module.
            indent: columns before it.
            values: writes the default values.
            decorators: with its decorators.
        """
        text = source.source_of(function.__code__.co_filename)
        node = text.function(function.__code__)
        self.future_annotations |= text.future_annotations
        self.require(node, function.__globals__, function)
        assert not isinstance(node, ast.Lambda)
        for decorator in node.decorator_list if decorators else ():
            self.require(decorator, function.__globals__)
        replaced = {part: render(values.expr(value)) for part, value in _default_values(node, function)}
        return text.text(node, indent, decorators=decorators, replaced=replaced) + "\n"

    def _imports(self) -> Imports:
        return Imports(self.names - self.imported)


def _is_airflows(decorator: ast.expr, namespace: Mapping[str, Any]) -> bool:
    root = next(source.names(decorator), "")
    value = namespace.get(root)
    return (getattr(value, "__module__", None) or type(value).__module__).startswith("airflow.")


def is_decorated(value: object) -> bool:
    """Whether a value is a function behind ``@task`` or one of its kin."""
    return getattr(type(value), "_airflow_is_task_decorator", False) is True


def is_local(function: FunctionType) -> bool:
    """Whether a function cannot be imported by its name, so that its text must be copied."""
    return not _is_at(function, function.__module__, function.__qualname__)


def is_node(value: object) -> bool:
    """Whether a value is a task, a group, a DAG, or what a task returns."""
    from airflow.sdk import DAG
    from airflow.sdk.definitions._internal.expandinput import MappedArgument
    from airflow.sdk.definitions._internal.mixins import DependencyMixin
    from airflow.sdk.definitions.decorators.task_group import _TaskGroupFactory
    from airflow.sdk.definitions.param import DagParam

    return isinstance(value, DAG | DependencyMixin | DagParam | MappedArgument | _TaskGroupFactory)


def closure(function: FunctionType) -> dict[str, Any]:
    """What a function keeps of the functions around it.

    Raises:
        Refused: when one of these variables has no value.
    """
    cells: tuple[CellType, ...] = function.__closure__ or ()
    try:
        return {
            name: cell.cell_contents for name, cell in zip(function.__code__.co_freevars, cells, strict=True)
        }
    except ValueError:
        raise Refused(f"{function.__qualname__} uses a variable that has no value") from None


def _default_values(node: source.Function, function: FunctionType) -> list[tuple[ast.expr, Any]]:
    """Default values that are not written as a literal, with what they are."""
    values = list(function.__defaults__ or ())
    values += [(function.__kwdefaults__ or {}).get(argument.arg) for argument in node.args.kwonlyargs]
    pairs = zip(source.defaults(node), values, strict=True)
    return [(part, value) for part, value in pairs if part is not None and not _says(part, value)]


def _says(node: ast.expr, value: Any) -> bool:
    """Whether a literal in the source is the value as it is now."""
    return isinstance(node, ast.Constant) and type(node.value) is type(value) and node.value == value


def _parsed(text: str) -> Any:
    return ast.parse(text, mode="eval").body


def _put(function: ast.Lambda, old: ast.expr | None, new: ast.expr) -> None:
    for parts in (function.args.defaults, function.args.kw_defaults):
        for number, part in enumerate(parts):
            if part is old:
                parts[number] = new


def _is_at(value: object, module: str, qualname: str) -> bool:
    """Whether a module that can be imported has the value under a name."""
    if not module or module == "__main__" or module.startswith("unusual_prefix_"):
        return False
    found: Any = sys.modules.get(module)
    for part in qualname.split("."):
        found = getattr(found, part, None)
    return found is value


def _is_natural(name: str, value: Any) -> bool:
    """Whether a name of the DAG file is what an import would call the value anyway."""
    if isinstance(value, ModuleType):
        return value.__name__ == name
    if _is_at(value, "airflow.sdk", name):
        return True
    return getattr(value, "__name__", None) == name and _is_at(
        value, getattr(value, "__module__", "") or "", name
    )


def _module_import(module: ModuleType, name: str) -> Import:
    if sys.modules.get(module.__name__) is not module:
        raise Refused(f"the module {module.__name__} cannot be imported by its name")
    if module.__name__ == name:
        return (name, "", "")
    package, _, last = module.__name__.rpartition(".")
    if package and last == name:
        return (package, name, "")
    return (module.__name__, "", name)
