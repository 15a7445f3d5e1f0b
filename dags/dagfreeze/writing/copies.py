"""Copies the functions, classes and constants that only a DAG file has, with what they refer to."""

from __future__ import annotations

import ast
import contextlib
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, TypeGuard

from dagfreeze.identity import is_object
from dagfreeze.importable import attribute
from dagfreeze.proof.bytecode import all_names
from dagfreeze.refusal import Refused
from dagfreeze.values.code import Expr, render
from dagfreeze.values.expressions import Imports, Values
from dagfreeze.values.paths import Paths
from dagfreeze.watching.notes import Notes
from dagfreeze.writing import homes, source, syntax
from dagfreeze.writing.constants import Constants
from dagfreeze.writing.defaults import changed_defaults
from dagfreeze.writing.homes import Top, is_decorated, is_local, is_node
from dagfreeze.writing.indentation import in_one_line
from dagfreeze.writing.taskflow import decorator_lines

TAKEN = "Give it another name in the DAG file, or move the function into a module that can be imported"


class Copies:
    """What is copied from a DAG file; the same for all of its DAGs.

    Args:
        module: the DAG file.
        notes: what was noted of it.
        paths: what is where.
        reading: files below the root of the bundle that read something while they are imported.

    Attributes:
        tops: by the name under which copied functions look it up.
        future_annotations: whether a copied function comes from a file whose annotations are texts.
    """

    def __init__(
        self, module: ModuleType, notes: Notes, paths: Paths, reading: Collection[str] = frozenset()
    ) -> None:
        self.module, self.notes, self.paths, self._reading = module, notes, paths, reading
        self.tops: dict[str, Top] = {}
        self.future_annotations = False
        self._values: dict[str, Any] = {}
        self._defining: list[str] = []
        self._circles: set[str] = set()
        self._constants = Constants(module)
        self._open: list[set[str]] = []
        names = {
            name: value
            for name, value in vars(module).items()
            if not (is_node(value) or self._is_redefined(name, value) or self._is_variable(name, value))
        }
        self.names = frozenset(names)
        self.imported = frozenset(name for name, value in names.items() if homes.is_natural(name, value))

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
        root, *rest = str(attribute(plain, "__qualname__", "<locals>")).split(".")
        owner = vars(self.module).get(root)
        for part in rest:
            owner = attribute(owner, part)
        if "<locals>" in rest or not (
            owner is value or homes.is_made_again(owner, value, self.notes.decorators)
        ):
            return None
        varying = (
            isinstance(plain, FunctionType) and root in source.source_of(self.module.__file__ or "").varying
        )
        if varying or self._is_redefined(root, value):
            return None  # the name is that of the last function, which is not the others
        self.need(root, vars(self.module))
        return ".".join([root, *rest])

    def _is_redefined(self, name: str, value: Any) -> bool:
        """Whether the DAGs have different functions by one name of the DAG file, which no other function looks up."""
        plain = value.function if is_decorated(value) else value
        if not isinstance(plain, FunctionType) or plain.__module__ != self.module.__name__:
            return False
        with contextlib.suppress(Refused):  # refused where the text is needed
            text = source.source_of(vars(self.module).get("__file__", ""))
            differs = name in text.varying or not homes.is_bare(plain)
            return name in text.redefined or (name in text.looped and differs)
        return False

    def _is_variable(self, name: str, value: Any) -> bool:
        """Whether a name of the DAG file is that of several objects, or of one for some DAGs only."""
        if not is_object(value) or is_decorated(value):
            return False
        with contextlib.suppress(Refused):
            return source.source_of(vars(self.module).get("__file__", "")).is_variable(name)
        return False

    def need(self, name: str, namespace: Mapping[str, Any]) -> None:
        """See to it that a name means at the top of the written file what it means in a namespace.

        Raises:
            Refused: when its value cannot be written, or the name is taken.
        """
        value = namespace[name]
        if name == "__file__":
            raise Refused(
                "it reads __file__, which is another file once it is frozen",
                "Read what it needs at the top of the DAG file, or keep its path in a constant there.",
            )
        if name.startswith("__") and name.endswith("__") and not (name == "__doc__" and value):
            return
        if name in self._defining:
            self._circles |= {*self._defining[self._defining.index(name) :]}
        if name in self._values:
            if self._values[name] is not value:
                raise Refused(f"two functions mean different things by the name {name!r}", TAKEN)
        else:
            self._values[name] = value
            self._defining.append(name)
            try:
                self._define(name, value, namespace)
            except Refused:
                del self._values[name]
                raise
            finally:
                self._defining.pop()
        if self._open:
            self._open[-1].add(name)

    def name_of(self, value: object) -> str | None:
        """The name that the DAG file binds to an object once and for all, if there is one."""
        return self._constants.name(value)

    def constant(self, value: object) -> str | None:
        """The name at the top of an object that the DAG file binds once and for all; None if there is none.

        Other ways to the object, such as within a dictionary, lead to this very one then.
        """
        name = self.name_of(value)
        if name is None or name in self._defining:
            return None
        with contextlib.suppress(Refused):  # then it is written where it is used, if it can be
            self.need(name, vars(self.module))
            return name
        return None

    def _define(self, name: str, value: Any, namespace: Mapping[str, Any]) -> None:
        self._open.append(set())
        imports = self._imports()
        try:
            entry = homes.import_of(name, value, namespace, self.module) or self._import_of_object(
                name, value, namespace
            )
            below = _submodules(value, namespace)
            code, line = ("", 0) if entry else self._definition(name, value, namespace, imports)
            needs = tuple(sorted(self._open[-1] - {name}))
        finally:
            self._open.pop()
        after = max((self.tops[need].line for need in needs if need in self.tops), default=0.0)
        self.tops[name] = Top(
            code,
            needs,
            (*([entry] if entry else []), *below, *imports.lines()),
            line or after + 0.5 * bool(needs),
        )

    def _import_of_object(self, name: str, value: Any, namespace: Mapping[str, Any]) -> homes.Import | None:
        """The import by which the file has an object that functions of another module may have as well."""
        file = namespace.get("__file__")
        entry = source.source_of(file).imported(name) if file and is_object(value) else None
        if not entry or not homes.is_at(value, *entry[:2]):
            return None
        return None if self._is_reading(sys.modules[entry[0]]) else entry

    def _is_reading(self, module: ModuleType) -> bool:
        place = attribute(module, "__file__")
        return bool(place) and self.paths.below(Path(place)) in self._reading

    def _is_of_a_module(
        self, statement: ast.Assign | ast.AnnAssign, value: Any, namespace: Mapping[str, Any]
    ) -> bool:
        """Whether a statement takes an object out of a module, whose functions have it as well."""
        root = syntax.root_of(statement.value)
        if not is_object(value) or root not in namespace:
            return False
        owner = namespace[root]
        if isinstance(owner, ModuleType):
            return not self._is_reading(owner)
        return self._import_of_object(root, owner, namespace) is not None

    def _definition(
        self, name: str, value: Any, namespace: Mapping[str, Any], imports: Imports
    ) -> tuple[str, int]:
        """The code that gives a name its value, and its line in the DAG file."""
        text = source.source_of(namespace.get("__file__", ""))
        values = Values(imports, self.special(imports), self.paths.anchor(imports))
        plain = value.function if is_decorated(value) else value
        node = text.definition(name, plain)
        is_own = attribute(plain, "__module__") == namespace["__name__"] and bool(
            attribute(plain, "__qualname__")
        )
        if is_own and node is not None and plain.__qualname__ == name:
            is_marked = bool(vars(plain)) and bool(homes.own_decorators(node, namespace))
            bare = homes.is_bare(plain) and not is_marked  # else a decorator has put something on it
            by_task = is_decorated(value) and (bare or homes.is_behind_task(node, namespace))
            lines = decorator_lines(value, self.notes, values, imports, 0) if by_task else []
            if bare:
                code = self.function_text(plain, 0, values, decorators=False)
                text, copied = _source(plain)
            else:
                copied = node
                decorators = homes.own_decorators(node, namespace) if by_task else node.decorator_list
                code = self._verbatim(text, node, decorators, namespace)
            return text.comments(copied) + "".join(lines) + code, node.lineno
        statement = text.assignment(name)
        comments, remark = (text.comments(statement), text.remark(statement)) if statement else ("", "")
        is_structlogs = type(value).__module__.startswith("structlog.")  # whose constructors are its own
        if statement and (is_structlogs or self._is_of_a_module(statement, value, namespace)):
            self.require(statement, namespace)
            return f"{comments}{text.text(statement, 0)}\n", statement.lineno
        try:
            if is_own and isinstance(plain, FunctionType) and not Path(plain.__code__.co_filename).is_file():
                raise Refused(f"{plain.__qualname__} has no source code", "Write it into the file.")
            if is_own and plain.__name__ != "<lambda>":
                raise Refused(
                    f"{plain.__qualname__} was made inside of a function", "Define it at the top of the file."
                )
            code = f"{name} = {render(values.expr(value), before=len(name) + 3)}"
            if statement and name in self._circles and syntax.is_empty(statement):  # its own content fills it
                return f"{comments}{text.text(statement, 0)}\n", statement.lineno
            return f"{comments}{code}{remark}\n", 0
        except Refused as refusal:
            if statement is None or is_node(value):
                raise Refused(
                    f"a function uses the global {name!r}: {refusal.reason}", refusal.remedy
                ) from None
            imports.forget()
            self.require(statement, namespace)  # whether it makes the same value again is proven later
            return f"{comments}{text.text(statement, 0)}\n", statement.lineno

    def _verbatim(
        self,
        text: source.Source,
        node: syntax.Definition,
        decorators: list[ast.expr],
        namespace: Mapping[str, Any],
    ) -> str:
        """A definition with some of its decorators."""
        as_texts = self._annotations_as_texts(text, node)
        for part in (*decorators, node):
            self.require(part, namespace)
        lines = [text.decorator(one, 0) for one in decorators]
        return "".join(lines) + text.text(node, 0, replaced=as_texts) + "\n"

    def _annotations_as_texts(self, text: source.Source, node: ast.AST) -> dict[ast.expr, str]:
        """Annotations of a definition from a file where they are texts, unless they are so in the written file, too."""
        if not text.future_annotations:
            return {}
        file = vars(self.module).get("__file__")
        if file and source.source_of(file).future_annotations:
            self.future_annotations = True
            return {}
        return {part: repr(ast.unparse(part)) for part in syntax.evaluated_annotations(node)}

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
        if question := syntax.asked_place(node):
            raise Refused(
                f"it asks where its file is ({question}), which is another one once it is frozen",
                "Read what it needs at the top of the file, or pass the folder as an argument.",
            )
        closure_names = {*(function.__code__.co_freevars if function else ())}
        looked_up, mentioned = (
            {*syntax.names(node, future_annotations=texts, with_defaults=function is None)} - closure_names
            for texts in (self.future_annotations or source.has_text_annotations(namespace), False)
        )
        for name in sorted(looked_up & namespace.keys()):
            self.need(name, namespace)
        if namespace.get("__name__") == self.module.__name__:
            mentioned |= syntax.quoted_names(node)
            for name in sorted((mentioned - looked_up) & namespace.keys()):
                with contextlib.suppress(
                    Refused
                ):  # an annotation is a text, and mostly nobody asks what it means
                    self.need(name, namespace)
        for chain in sorted(syntax.dotted(node)):
            self._submodule(chain, namespace)

    def _submodule(self, chain: str, namespace: Mapping[str, Any]) -> None:
        """``import a.b.c`` binds ``a`` and imports more; what a function reaches through ``a`` must be imported."""
        root, *rest = chain.split(".")
        value, name = namespace.get(root), ""
        for part in rest:
            if not _is_package(value):
                break
            below, value = f"{value.__name__}.{part}", getattr(value, part, None)
            if value is not None and sys.modules.get(below) is value:
                name = below
        if root in self.tops and name and (name, "", "") not in self.tops[root].imports:
            self.tops[root] = replace(self.tops[root], imports=(*self.tops[root].imports, (name, "", "")))

    # -- functions ----------------------------------------------------------------------------------------------

    def special(self, imports: Imports) -> Callable[[object], Expr | None]:
        """What is special about values at the top: functions and classes of the DAG file by their names."""

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
            for name, *_ in _submodules(value, vars(self.module)):
                imports.module(name)
            return self.constant(value)

        return expr

    def lambda_text(self, function: FunctionType, values: Values) -> str:
        """A lambda as it is written in the DAG file, its default values as they are now."""
        text, node = _source(function)
        assert isinstance(node, ast.Lambda)
        self.require(node, function.__globals__, function)
        replaced = self._replaced_defaults(node, function, values)
        return in_one_line(text.text(node, 0, replaced=replaced))

    def function_text(self, function: FunctionType, indent: int, values: Values, *, decorators: bool) -> str:
        """A definition with ``def``, its default values as they are now.

        Args:
            function: of the DAG file, or from inside a function of another module.
            indent: columns before it.
            values: writes the default values.
            decorators: with its decorators.
        """
        text, node = _source(function)
        as_texts = self._annotations_as_texts(text, node)
        if mangled := syntax.private_names(node) - all_names(function.__code__):
            name = sorted(mangled)[0]
            raise Refused(
                f"{function.__name__} uses {name}, which means something else outside of its class",
                f"Call it {name[1:]}, or make the function a method.",
            )
        self.require(node, function.__globals__, function)
        assert not isinstance(node, ast.Lambda)
        for decorator in node.decorator_list if decorators else ():
            self.require(decorator, function.__globals__)
        replaced = self._replaced_defaults(node, function, values) | as_texts
        return text.text(node, indent, decorators=decorators, replaced=replaced) + "\n"

    def _imports(self) -> Imports:
        return Imports(self.names - self.imported)

    def _replaced_defaults(
        self, node: syntax.Function, function: FunctionType, values: Values
    ) -> dict[ast.expr, str]:
        """Default values that the text of a definition does not say as they are now, as code."""
        replaced = {}
        for part, value in changed_defaults(node, function):
            if isinstance(part, ast.Name) and self._is_constant(part.id, value, function):
                self.need(part.id, function.__globals__)
            else:
                replaced[part] = render(values.kept_expr(value))
        return replaced

    def _is_constant(self, name: str, value: Any, function: FunctionType) -> bool:
        """Whether a name of a file is bound once and for all, and to this value."""
        text = source.source_of(function.__code__.co_filename)
        return function.__globals__.get(name) is value and text.assignment(name) is not None


def _submodules(value: Any, namespace: Mapping[str, Any]) -> list[homes.Import]:
    """What the file of a namespace imports of a package besides: each import of `a.b` gives `a` an attribute."""
    file = namespace.get("__file__")
    if not _is_package(value) or not file:
        return []
    prefix = f"{value.__name__}."
    return [
        (name, "", "")
        for name in source.source_of(file).modules
        if name.startswith(prefix) and sys.modules.get(name) is not None
    ]


def _is_package(value: object) -> TypeGuard[ModuleType]:
    """Whether a value gets an attribute when something below it is imported; `os` has `path` by itself."""
    return isinstance(value, ModuleType) and "__path__" in vars(value)


def _source(function: FunctionType) -> tuple[source.Source, syntax.Function]:
    """The file that a function is from, and its definition there."""
    text = source.source_of(function.__code__.co_filename)
    return text, text.function(function.__code__)
