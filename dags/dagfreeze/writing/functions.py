"""Defines functions inside a written DAG: those that a factory made again for each, with what they keep."""

from __future__ import annotations

import ast
import contextlib
import inspect
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any

from dagfreeze.refusal import Refused
from dagfreeze.values.code import Expr, call, render
from dagfreeze.values.expressions import Values
from dagfreeze.writing import source, syntax
from dagfreeze.writing.copies import Copies
from dagfreeze.writing.defaults import is_default
from dagfreeze.writing.homes import closure, is_decorated, is_local, own_decorators
from dagfreeze.writing.makers import maker
from dagfreeze.writing.names import Names
from dagfreeze.writing.statements import Statements
from dagfreeze.writing.taskflow import decorator, decorator_lines


@dataclass
class _Family:
    """Functions that were defined in one call of an outer function, and the variables that they keep of it."""

    functions: list[Any] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)


class Functions:
    """Functions of a DAG by the names that they have in the written file."""

    def __init__(
        self,
        copies: Copies,
        values: Values,
        out: Statements,
        names: Names,
        tops: set[str],
        repeated: Mapping[int, Any],
    ) -> None:
        self._copies, self._values = copies, values
        self._out, self._names, self._tops = out, names, tops
        self._repeated = repeated
        self._expressions: dict[int, tuple[Any, Expr]] = {}
        self._uses: Counter[int] = Counter()

    def repeated(self) -> dict[int, Any]:
        """Functions that are used several times, by their identities."""
        return {key: self._expressions[key][0] for key, count in self._uses.items() if count > 1}

    def reference(self, function: Any) -> Expr:
        """A function of the DAG file, or one behind ``@task``; defined here first where it must be."""
        if id(function) not in self._expressions:
            with self._copies.collecting(self._tops):
                self._expressions[id(function)] = (function, self._top(function) or self._in_dag(function))
        expr = self._expressions[id(function)][1]
        self._uses[id(function)] += not isinstance(expr, str)
        return expr

    def _top(self, function: Any) -> str | None:
        try:
            return self._copies.top_name(function)
        except Refused:
            if is_decorated(function):  # its decorator may hold what can only be defined in a DAG
                return None
            raise

    def _in_dag(self, function: Any) -> Expr:
        plain = function.function if is_decorated(function) else function
        if not is_local(plain):
            expr = self._behind_task(function, self._values.expr(plain))
            return self._use(function, function.__name__, expr)
        family = _Family()
        if not isinstance(plain, FunctionType):
            raise Refused(
                f"@task is around a {type(plain).__name__}, which is no function",
                "Put it around a function that calls this one.",
            )
        self._gather(function, plain, family)
        outer = maker(plain, family.variables) if len(family.functions) == 1 else None
        if outer is not None and self._is_reachable(outer):
            return self._called(function, outer, family.variables)
        if plain.__code__.co_name == "<lambda>" and not family.variables:
            text = self._copies.lambda_text(plain, self._values)
            if not is_decorated(function):
                return text
            return self._use(function, "function", self._behind_task(function, text))
        name = plain.__code__.co_name
        if not family.variables and len(family.functions) == 1 and not self._names.is_used(name):
            self._names.fresh(name)
            self._out.define(self._definition(function, self._out.indent), name)
            return name
        return self._by_maker(function, plain, family)

    def _is_reachable(self, outer: FunctionType) -> bool:
        """Whether a function can be imported, or copied to the top."""
        with contextlib.suppress(Refused):
            return not is_local(outer) or self._copies.top_name(outer) is not None
        return False

    def _called(self, function: Any, outer: FunctionType, variables: dict[str, Any]) -> Expr:
        """What the maker makes when it is called with the variables that the function keeps.

        The function reads the globals of the maker's module, as the original does.
        """
        args: list[Expr] = []
        keywords: dict[str, Expr] = {}
        for name, parameter in inspect.signature(outer).parameters.items():
            if name not in variables or is_default(parameter.default, variables[name]):
                continue
            expr = self._values.kept_expr(variables[name], name)
            if parameter.default is parameter.empty and parameter.kind is parameter.POSITIONAL_OR_KEYWORD:
                args.append(expr)
            else:
                keywords[name] = expr
        result: Expr = call(self._values.reference(outer), *args, **keywords)
        if is_decorated(function):
            result = self._behind_task(function, result)
        return self._use(function, _plain(function).__name__, result)

    def _behind_task(self, function: Any, expr: Expr) -> Expr:
        task = decorator(function, self._copies.notes, self._values, self._names.imports)
        return call(render(task), expr)

    def _use(self, function: Any, wish: str, expr: Expr) -> Expr:
        """A variable for a task, and for a function that is used again; any other one is made where it is used."""
        if not is_decorated(function) and id(function) not in self._repeated:
            return expr
        wish = "function" if wish == "<lambda>" else wish
        name = self._names.fresh(wish)
        self._out.assign(name, expr)
        return name

    def _gather(self, function: Any, plain: FunctionType, family: _Family) -> None:
        """Collect a function and those that it refers to of the same outer function."""
        family.functions.append(function)
        outer = plain.__code__.co_qualname.rpartition(".")[0]  # functools.wraps changes that of the function
        for name, value in closure(plain).items():
            if any(value is member or _plain(value) is _plain(member) for member in family.functions):
                continue
            inner = _plain(value)
            if (
                isinstance(inner, FunctionType)
                and is_local(inner)
                and inner.__code__.co_qualname == f"{outer}.{name}"
            ):
                self._gather(value, inner, family)
            elif name in family.variables and family.variables[name] is not value:
                raise Refused(f"{plain.__qualname__} keeps two variables of the name {name!r}")
            else:
                family.variables[name] = value

    def _by_maker(self, function: Any, plain: FunctionType, family: _Family) -> Expr:
        """A function that makes the function, called with the variables that it keeps."""
        arguments = {
            name: self._values.kept_expr(value, name) for name, value in sorted(family.variables.items())
        }
        code_name = plain.__code__.co_name
        lambda_ = code_name == "<lambda>"
        wish = _outer_name(plain) or f"make_{'function' if lambda_ else code_name}"
        maker = self._names.fresh(wish)
        indent = self._out.indent
        inner = [
            self._definition(one, indent + 4)
            for one in reversed(family.functions)
            if not (one is function and lambda_)
        ]
        result = self._copies.lambda_text(plain, self._values) if lambda_ else code_name
        body = "\n".join(
            [*(" " * (indent + 4) + text for text in inner), " " * (indent + 4) + f"return {result}\n"]
        )
        self._out.define(f"def {maker}({', '.join(arguments)}):\n{body}", maker)
        wish = getattr(function, "__name__", code_name)
        return self._use(function, wish, call(maker, *arguments.values()))

    def _definition(self, function: Any, indent: int) -> str:
        """A definition without the indentation of its first line."""
        plain = _plain(function)
        wrapped = hasattr(plain, "__wrapped__")
        decorated = is_decorated(function)
        text = self._copies.function_text(plain, indent, self._values, decorators=wrapped and not decorated)
        if not decorated:
            return text
        lines = decorator_lines(function, self._copies.notes, self._values, self._names.imports, indent)
        lines += self._own_decorators(plain, indent) if wrapped else []
        return "".join(lines).removeprefix(" " * indent) + " " * indent + text

    def _own_decorators(self, plain: FunctionType, indent: int) -> list[str]:
        """Decorators such as ``@functools.wraps(f)``, which stand below those of Airflow."""
        text = source.source_of(plain.__code__.co_filename)
        node = text.function(plain.__code__)
        if isinstance(node, ast.Lambda):
            return []
        decorators = own_decorators(node, plain.__globals__)
        for one in decorators:
            self._copies.require(one, plain.__globals__)
        return [" " * indent + text.decorator(one, indent) for one in decorators]


def _plain(function: Any) -> Any:
    return function.function if is_decorated(function) else function


def _outer_name(function: FunctionType) -> str:
    """The name of the function around a function, if that returns it: a maker of functions, and no more of a DAG."""
    text = source.source_of(function.__code__.co_filename)
    inner = text.function(function.__code__)
    parts = function.__code__.co_qualname.split(".<locals>.")
    name = parts[-2].rpartition(".")[2] if len(parts) > 1 else ""
    around = [outer for key, outer in text.functions.items() if key[1] == name and inner in ast.walk(outer)]
    returned = [part.value for outer in around for part in ast.walk(outer) if isinstance(part, ast.Return)]
    return name if any(_is_name_of(inner, value) for value in returned) else ""


def _is_name_of(inner: syntax.Function, value: ast.expr | None) -> bool:
    return value is inner or (isinstance(value, ast.Name) and value.id == getattr(inner, "name", ""))
