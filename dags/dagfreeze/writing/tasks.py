"""Writes the tasks and groups of a DAG: each the call that made it, with its arguments as code."""

from __future__ import annotations

from collections.abc import Mapping
from types import FunctionType
from typing import Any

from dagfreeze.classes import written_class
from dagfreeze.refusal import Refused
from dagfreeze.values.code import Chain, Expr, Group, call, is_name, items, pairs, render
from dagfreeze.values.expressions import Values
from dagfreeze.watching.notes import Call
from dagfreeze.writing.copies import Copies, is_decorated, is_local
from dagfreeze.writing.functions import Functions
from dagfreeze.writing.names import Names
from dagfreeze.writing.statements import Statements

_PLACE = ("dag", "task_group", "parent_group")
"""Arguments that say where a task belongs; the ``with`` blocks around it say so."""


class TaskWriter:
    """Writes tasks and groups, and refers to them.

    Attributes:
        tops: names of copied definitions that the tasks need.
    """

    def __init__(
        self,
        dag: Any,
        copies: Copies,
        names: Names,
        out: Statements,
    ) -> None:
        self.dag, self.copies, self.names, self.out = dag, copies, names, out
        self.notes = copies.notes
        self.tops: set[str] = set()
        self.values = Values(names.imports, self.special, copies.paths.anchor(names.imports))
        self.functions = Functions(copies, self.values, out, names, self.tops)
        self.dag_variable = names.fresh("dag")
        self._variables: dict[str, str] = {}
        self._arguments: set[str] = set()
        self._mapped: list[tuple[Call, str, set[str], dict[str, Expr]]] = []

    # -- what stands in arguments -------------------------------------------------------------------------------

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
            return self._operator(value)
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
        return None

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
        if id(function) in self.notes.derived:
            parent, way, kwargs = self.notes.derived[id(function)]
            with self.copies.collecting(self.tops):
                known = self.copies.top_name(function)
            if known is not None and is_local(function.function):
                return known
            return self._then(self.decorated(parent), f".{way}(", self._kwargs(kwargs))
        if not is_local(function):
            return self.values.importable(function)
        return self.functions.reference(function)

    def _argument(self, value: Any) -> Expr:
        from airflow.sdk.definitions.xcom_arg import ConcatXComArg, MapXComArg, PlainXComArg, ZipXComArg

        if isinstance(value, PlainXComArg):
            own = self._task(value.operator)
            result = own if self._is_argument(value.operator) else f"{own}.output"
            return result if value.key == "return_value" else f"{result}[{self.values.expr(value.key)}]"
        if isinstance(value, MapXComArg):
            expr = self.values.expr(value.arg)
            for function in value.callables:
                expr = self._then(expr, ".map(", (("", self.values.expr(function)),))
            return expr
        if isinstance(value, ZipXComArg | ConcatXComArg):
            first, *others = (self.values.expr(arg) for arg in value.args)
            arguments: list[tuple[Expr, Expr]] = [("", other) for other in others]
            if isinstance(value, ZipXComArg):
                fillvalue = self._fillvalue(value)
                arguments += fillvalue
                return self._then(first, ".zip(", tuple(arguments))
            return self._then(first, ".concat(", tuple(arguments))
        raise Refused(f"{type(value).__name__} is no result of a task that can be written")

    def _fillvalue(self, value: Any) -> list[tuple[Expr, Expr]]:
        from airflow.sdk.definitions._internal.types import NOTSET

        return [] if value.fillvalue is NOTSET else [("fillvalue=", self.values.expr(value.fillvalue))]

    def _operator(self, operator: Any) -> Expr:
        own = self._task(operator)
        return f"{own}.operator" if self._is_argument(operator) else own

    def _task(self, operator: Any) -> str:
        if operator.get_dag() is not self.dag:
            raise Refused(
                f"it refers to the task {operator.task_id} of another DAG",
                "Use an ExternalTaskSensor or an asset.",
            )
        return self._variable(operator.task_id)

    def _is_argument(self, operator: Any) -> bool:
        return operator.task_id in self._arguments and operator.task_id in self._variables

    def _variable(self, node_id: str) -> str:
        if node_id in self._variables:
            return self.out.use(self._variables[node_id])
        task_id = self.values.expr(node_id)
        return f"{self.out.use(self.dag_variable)}.get_task({task_id})"

    def _group_variable(self, group: Any) -> Expr:
        if group.is_root:
            return f"{self.out.use(self.dag_variable)}.task_group"
        if group.group_id not in self._variables:
            raise Refused(f"the group {group.group_id} is referred to before it is made")
        return self.out.use(self._variables[group.group_id])

    def _mapped_argument(self, value: Any) -> Expr:
        for group_call, _, keys, _ in self._mapped:
            if value._input is group_call.kwargs["expand_input"]:
                keys.add(value._key)
                if not is_name(value._key):
                    raise Refused(f"{value._key!r} is no name for an argument")
                return str(value._key)
        raise Refused("an argument of a mapped group is used outside of the group")

    def _then(self, first: Expr, way: str, arguments: tuple[tuple[Expr, Expr], ...]) -> Expr:
        if isinstance(first, str):
            return Group(f"{first}{way}", arguments, ")")
        return Chain(first, Group(way, arguments, ")"))

    def _kwargs(self, kwargs: Mapping[str, Any]) -> tuple[tuple[Expr, Expr], ...]:
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

    # -- tasks --------------------------------------------------------------------------------------------------

    def write(self, task: Call) -> None:
        """Write the call that made a task."""
        try:
            expr = self._expr(task)
        except Refused as refusal:
            raise Refused(f"task {task.made.task_id}: {refusal.reason}", refusal.remedy) from None
        if task.kind != "operator" and is_decorated(task.maker):
            self._arguments.add(task.made.task_id)
        variable = self._new_variable(task.made.task_id)
        self.out.make(variable, expr)

    def _new_variable(self, node_id: str) -> str:
        wish = node_id.rpartition(".")[2]
        if node_id in self._arguments and self.names.is_used(wish):  # by the function that makes the task
            wish = f"{wish}_1"
        self._variables[node_id] = variable = self.names.fresh(wish)
        return variable

    def _expr(self, task: Call) -> Expr:
        if task.kind == "operator":
            return self._then(
                self.values.reference(task.maker), "(", self._kwargs(_without_place(task.kwargs))
            )
        if task.kind == "taskflow":
            positional: list[tuple[Expr, Expr]] = [("", self.values.expr(value)) for value in task.args]
            return self._then(self.decorated(task.maker), "(", (*positional, *self._kwargs(task.kwargs)))
        if is_decorated(task.maker):
            first = self.decorated(task.maker)
        else:
            arguments = {name: value for name, value in self.notes.partials[id(task.maker)].items() if name}
            operator = self.values.reference(task.maker.operator_class)
            first = self._then(operator, ".partial(", self._kwargs(_without_place(arguments)))
        return self.expanded(first, task.kwargs["input"], task.strict)

    def expanded(self, first: Expr, expand_input: Any, strict: bool | None) -> Expr:
        """``.expand(…)`` or ``.expand_kwargs(…)``."""
        from airflow.sdk.definitions._internal.expandinput import DictOfListsExpandInput

        if isinstance(expand_input, DictOfListsExpandInput):
            return self._then(first, ".expand(", self._kwargs(expand_input.value))
        arguments: list[tuple[Expr, Expr]] = [("", self.values.expr(expand_input.value))]
        if strict is False:
            arguments.append(("strict=", "False"))
        return self._then(first, ".expand_kwargs(", tuple(arguments))

    def open_dag(self, kind: type, arguments: Mapping[str, Any]) -> None:
        """Write the head of the DAG."""
        self.out.open(
            self._then(self.values.reference(kind), "(", self._kwargs(arguments)), self.dag_variable
        )

    # -- groups -------------------------------------------------------------------------------------------------

    def open_group(self, group: Call, arguments: Mapping[str, Any]) -> None:
        """Write the beginning of a group."""
        from airflow.sdk.definitions.taskgroup import MappedTaskGroup

        kwargs = dict(zip(("group_id",), group.args, strict=False)) | _without_place(arguments)
        try:
            if isinstance(group.made, MappedTaskGroup):
                self._open_mapped(group, kwargs)
            else:
                expr = self._then(self.values.reference(written_class(group.made)), "(", self._kwargs(kwargs))
                self.out.open(expr, self._new_variable(group.made.group_id))
        except Refused as refusal:
            raise Refused(f"group {group.made.group_id}: {refusal.reason}", refusal.remedy) from None

    def _open_mapped(self, group: Call, kwargs: dict[str, Any]) -> None:
        kwargs = {
            key: value
            for key, value in kwargs.items()
            if key not in ("expand_input", "add_suffix_on_collision")
        }
        function = self.names.fresh(kwargs["group_id"])
        if function == kwargs["group_id"]:
            del kwargs["group_id"]
        decorator = self.names.imports.name("airflow.sdk", "task_group")
        expr: Expr = call(decorator, **dict(_named(self._kwargs(kwargs)))) if kwargs else decorator
        # What it maps is written now: a name that the group's own tasks set would be another one afterwards.
        expanded = self.expanded(function, group.kwargs["expand_input"], None)
        keys: set[str] = set(getattr(group.kwargs["expand_input"].value, "keys", tuple)())
        self._mapped.append((group, function, keys, {"expr": expanded}))
        self.out.open_function(expr, function, keys)

    def close_group(self, group_id: str) -> None:
        """Write the end of a group."""
        self.out.close()
        if self._mapped and self._mapped[-1][0].made.group_id == group_id:
            _, _, _, expanded = self._mapped.pop()
            for node_id in [known for known in self._variables if known in self.dag.task_dict]:
                if self.dag.get_task(node_id).task_group.group_id == group_id:
                    del self._variables[node_id]
            self.out.make(self._new_variable(group_id), expanded["expr"])

    def reopen_group(self, group_id: str) -> None:
        """Go on with a group that was left."""
        if group_id not in self._variables:
            raise Refused(f"the group {group_id} was not made by a constructor that could be noted")
        self.out.open(self.out.use(self._variables[group_id]), "")

    # -- what is set afterwards ---------------------------------------------------------------------------------

    def set_attribute(self, made: Call, name: str, value: Any) -> None:
        """Write that an attribute was set after the constructor."""
        node = made.made
        if made.kind == "dag":
            target: str = self.out.use(self.dag_variable)
        elif made.kind == "group":
            target = self.out.use(self._variables[node.group_id])
        else:
            target = render(self._operator(node))
        teardown = getattr(node, "is_teardown", False) and not made.state.get("is_teardown", False)
        if name == "is_setup" and value is True:
            self.out.say(f"{target}.as_setup()")
        elif name == "is_teardown" and value is True:
            arguments = {"on_failure_fail_dagrun": "True"} if node.on_failure_fail_dagrun else {}
            self.out.say(call(f"{target}.as_teardown", **arguments))
        elif not (teardown and name in ("trigger_rule", "_on_failure_fail_dagrun")):
            self.out.assign(f"{target}.{name.removeprefix('_')}", self.values.expr(value))

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


def _without_place(kwargs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in kwargs.items() if name not in _PLACE}


def _named(arguments: tuple[tuple[Expr, Expr], ...]) -> list[tuple[str, Expr]]:
    return [(str(prefix).removesuffix("="), expr) for prefix, expr in arguments]
