"""Refers from the code of a DAG to its tasks, groups, results and functions, wherever they stand in arguments."""

from __future__ import annotations

from collections.abc import Mapping
from types import FunctionType
from typing import Any

from dagfreeze.refusal import Refused
from dagfreeze.values.code import Expr, call, chained, is_name, items, pairs
from dagfreeze.values.expressions import Values
from dagfreeze.watching.notes import Call
from dagfreeze.writing.copies import Copies
from dagfreeze.writing.functions import Functions
from dagfreeze.writing.homes import is_decorated, is_local
from dagfreeze.writing.names import Names
from dagfreeze.writing.objects import Objects, Shared
from dagfreeze.writing.statements import Statements

Arguments = tuple[tuple[Expr, Expr], ...]
"""What stands between the brackets of a call: ``name=`` or nothing, and a value."""


class References:
    """What the code of one DAG refers to, and under which names.

    Attributes:
        tops: names of copied definitions that the DAG needs.
        values: writes values, with these references in them.
        dag_variable: the name of the DAG.
        variables: of the tasks and groups that were written, by their ids.
        results: ids of the tasks whose variable is what the task returns.
        objects: that several functions of the DAG may keep.
        mapped: the mapped groups that are open: the call, its function, and the arguments that are used inside.
    """

    def __init__(
        self,
        dag: Any,
        copies: Copies,
        names: Names,
        out: Statements,
        shared: Shared,
        file_variables: Mapping[int, str],
    ) -> None:
        self.dag, self.copies, self.names, self.out = dag, copies, names, out
        self.tops: set[str] = set()
        self.values = Values(names.imports, self.special, copies.paths.anchor(names.imports))
        self.functions = Functions(copies, self.values, out, names, self.tops, shared.repeated)
        self.dag_variable = names.fresh("dag")
        self.variables: dict[str, str] = {}
        self.results: set[str] = set()
        self.mapped: list[tuple[Call, set[str]]] = []
        self.objects = Objects(copies, self.values, out, names, self.tops, shared, file_variables)

    def shared(self) -> Shared:
        """What the code of the DAG uses several times, and what is at the top besides."""
        shared = self.objects.shared()
        return shared._replace(repeated={**shared.repeated, **self.functions.repeated()})

    def special(self, value: object) -> Expr | None:
        """Code for tasks, groups, results of tasks, and functions of the DAG file; None for all else."""
        from airflow.sdk import DAG, TaskGroup
        from airflow.sdk.definitions._internal.abstractoperator import AbstractOperator
        from airflow.sdk.definitions._internal.expandinput import MappedArgument
        from airflow.sdk.definitions._internal.templater import LiteralValue
        from airflow.sdk.definitions._internal.types import NOTSET
        from airflow.sdk.definitions.param import DagParam
        from airflow.sdk.definitions.xcom_arg import XComArg

        if isinstance(value, FunctionType):
            return self.functions.reference(value) if is_local(value) else None
        if is_decorated(value):
            return self.decorated(value)
        if isinstance(value, type):
            return self._class(value)
        if isinstance(value, XComArg):
            return self._argument(value)
        if isinstance(value, AbstractOperator):
            return self.operator(value)
        if isinstance(value, TaskGroup):
            return self._group_variable(value)
        if isinstance(value, MappedArgument):
            return self._mapped_argument(value)
        if type(value).__qualname__ == "AssetDefinition":  # what @asset makes: to others an asset, and no DAG
            return self.values.expr(_asset(value))
        if isinstance(value, DagParam):
            default = () if value._default is NOTSET else (self.values.expr(value._default),)
            return call(f"{self.out.use(self.dag_variable)}.param", self.values.expr(value._name), *default)
        if isinstance(value, LiteralValue):
            return call(self.values.reference(LiteralValue), self.values.expr(value.value))
        if isinstance(value, DAG):
            if value is not self.dag:
                raise Refused(f"it refers to another DAG, {value.dag_id}", "Name it by its id.")
            return self.out.use(self.dag_variable)
        return self.objects.expr(value, scoped=bool(self.mapped))

    def _class(self, value: type) -> Expr | None:
        if value.__module__ != self.copies.module.__name__:
            return None
        with self.copies.collecting(self.tops):
            name = self.copies.top_name(value)
        if name is None:
            raise Refused(
                f"the class {value.__qualname__} is defined inside a function",
                "Define it at the top of the file, or in a module that can be imported.",
            )
        return name

    def decorated(self, function: Any) -> Expr:
        """A function behind ``@task``."""
        if id(function) in self.copies.notes.derived:
            parent, way, kwargs = self.copies.notes.derived[id(function)]
            with self.copies.collecting(self.tops):
                name = self.copies.top_name(function)
            if name is not None and is_local(function.function):
                return name
            return chained(self.decorated(parent), f".{way}(", self.arguments(kwargs))
        if not is_local(function):
            return self.values.importable(function)
        return self.functions.reference(function)

    def _argument(self, value: Any) -> Expr:
        from airflow.sdk.definitions.xcom_arg import ConcatXComArg, MapXComArg, PlainXComArg, ZipXComArg

        if isinstance(value, PlainXComArg):
            task = self._task(value.operator)
            result = task if self._is_result(value.operator) else f"{task}.output"
            return result if value.key == "return_value" else f"{result}[{self.values.expr(value.key)}]"
        if isinstance(value, MapXComArg):
            expr = self.values.expr(value.arg)
            for function in value.callables:
                expr = chained(expr, ".map(", (("", self.values.expr(function)),))
            return expr
        if isinstance(value, ZipXComArg | ConcatXComArg):
            first, *others = (self.values.expr(arg) for arg in value.args)
            arguments: list[tuple[Expr, Expr]] = [("", other) for other in others]
            if isinstance(value, ZipXComArg):
                fillvalue = self._fillvalue(value)
                arguments += fillvalue
                return chained(first, ".zip(", tuple(arguments))
            return chained(first, ".concat(", tuple(arguments))
        raise Refused(f"{type(value).__name__} is no result of a task that can be written")

    def _fillvalue(self, value: Any) -> list[tuple[Expr, Expr]]:
        from airflow.sdk.definitions._internal.types import NOTSET

        return [] if value.fillvalue is NOTSET else [("fillvalue=", self.values.expr(value.fillvalue))]

    def operator(self, operator: Any) -> Expr:
        """A task itself, not what it returns."""
        task = self._task(operator)
        return f"{task}.operator" if self._is_result(operator) else task

    def _task(self, operator: Any) -> str:
        if operator.get_dag() is not self.dag:
            raise Refused(
                f"it refers to the task {operator.task_id} of another DAG",
                "Use an ExternalTaskSensor or an asset.",
            )
        return self._variable(operator.task_id)

    def _is_result(self, operator: Any) -> bool:
        return operator.task_id in self.results and operator.task_id in self.variables

    def _variable(self, node_id: str) -> str:
        if node_id in self.variables:
            return self.out.use(self.variables[node_id])
        task_id = self.values.expr(node_id)
        return f"{self.out.use(self.dag_variable)}.get_task({task_id})"

    def _group_variable(self, group: Any) -> Expr:
        if group.is_root:
            return f"{self.out.use(self.dag_variable)}.task_group"
        if group.group_id not in self.variables:
            raise Refused(f"the group {group.group_id} is referred to before it is made")
        return self.out.use(self.variables[group.group_id])

    def _mapped_argument(self, value: Any) -> Expr:
        for group_call, keys in self.mapped:
            if value._input is group_call.kwargs["expand_input"]:
                keys.add(value._key)
                if not is_name(value._key):
                    raise Refused(f"{value._key!r} is no name for an argument")
                return str(value._key)
        raise Refused("an argument of a mapped group is used outside of the group")

    def arguments(self, kwargs: Mapping[str, Any]) -> Arguments:
        """Keyword arguments; the name of one that is wrong stands in the reason of the refusal."""
        parts: list[tuple[Expr, Expr]] = []
        others: list[tuple[Expr, Expr]] = []
        for name, value in kwargs.items():
            try:
                expr = self.values.expr(value)
            except Refused as refusal:
                raise Refused(f"argument {name}: {refusal.reason}", refusal.remedy) from None
            if is_name(name) and not others:
                parts.append((f"{name}=", expr))
            else:
                others.append((self.values.expr(name), expr))
        return (*parts, *([("**", pairs(others))] if others else []))

    def listed(self, nodes: list[Any]) -> Expr:
        """A list of nodes."""
        return items("[", [self.node(node) for node in nodes], "]")

    def node(self, node: Any) -> Expr:
        """A task or a group as an end of ``>>``: what a task returns will do."""
        if hasattr(node, "task_id") and hasattr(node, "get_dag"):
            return self._task(node)
        return self.values.expr(node)


def _asset(value: Any) -> Any:
    from airflow.sdk import Asset

    return Asset(value.name, value.uri, group=value.group, extra=value.extra, watchers=value.watchers)
