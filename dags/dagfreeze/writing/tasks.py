"""Writes the tasks and groups of a DAG: each the call that made it, with its arguments as code."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from dagfreeze.classes import check_nothing_lost, written_class
from dagfreeze.refusal import Refused
from dagfreeze.values.code import Expr, call, chained, render
from dagfreeze.watching.notes import Call
from dagfreeze.writing.homes import is_decorated
from dagfreeze.writing.references import References

_PLACE = ("dag", "task_group", "parent_group")
"""Arguments that say where a task belongs; the ``with`` blocks around it say so."""


class TaskWriter:
    """Writes tasks and groups.

    Args:
        references: what the code of the DAG refers to; grows by what is written.
        variables: the variables that the factory has for tasks and groups, by the identities of these.
    """

    def __init__(self, references: References, variables: Mapping[int, str]) -> None:
        self._refs, self._variables = references, variables
        self._dag, self._notes = references.dag, references.copies.notes
        self._names, self._out, self._values = references.names, references.out, references.values
        self._expanded: list[Expr] = []  # the ends of the mapped groups that are open

    # -- tasks --------------------------------------------------------------------------------------------------

    def write(self, task: Call) -> None:
        """Write the call that made a task."""
        try:
            expr = self._expr(task)
            for way, kwargs in task.then:
                expr = chained(expr, f".{way}(", self._refs.arguments(kwargs))
        except Refused as refusal:
            raise Refused(f"task {task.product.task_id}: {refusal.reason}", refusal.remedy) from None
        if task.kind != "operator" and is_decorated(task.maker):
            self._refs.results.add(task.product.task_id)
        variable = self._new_variable(task.product)
        self._out.make(variable, expr)

    def _new_variable(self, node: Any) -> str:
        node_id = node.node_id
        wish = node_id.rpartition(".")[2]
        if node_id in self._refs.results and self._names.is_used(wish):  # by the function that makes it
            wish = f"{wish}_1"
        self._refs.variables[node_id] = variable = self._names.fresh(wish, self._variables.get(id(node), ""))
        return variable

    def _expr(self, task: Call) -> Expr:
        if task.kind == "operator":
            return chained(
                self._values.reference(task.maker),
                "(",
                self._refs.arguments(_without_place(task.kwargs)),
            )
        if task.kind == "taskflow":
            positional: list[tuple[Expr, Expr]] = [("", self._values.expr(value)) for value in task.args]
            return chained(
                self._refs.decorated(task.maker),
                "(",
                (*positional, *self._refs.arguments(task.kwargs)),
            )
        if is_decorated(task.maker):
            first = self._refs.decorated(task.maker)
        else:
            arguments = {name: value for name, value in self._notes.partials[id(task.maker)].items() if name}
            operator = self._values.reference(task.maker.operator_class)
            first = chained(operator, ".partial(", self._refs.arguments(_without_place(arguments)))
        return self._expand(first, task.kwargs["input"], task.strict)

    def _expand(self, first: Expr, expand_input: Any, strict: bool | None) -> Expr:
        """``.expand(…)`` or ``.expand_kwargs(…)``."""
        from airflow.sdk.definitions._internal.expandinput import DictOfListsExpandInput

        if isinstance(expand_input, DictOfListsExpandInput):
            return chained(first, ".expand(", self._refs.arguments(expand_input.value))
        arguments: list[tuple[Expr, Expr]] = [("", self._values.expr(expand_input.value))]
        if strict is False:
            arguments.append(("strict=", "False"))
        return chained(first, ".expand_kwargs(", tuple(arguments))

    def open_dag(self, kind: type, arguments: Mapping[str, Any]) -> None:
        """Write the head of the DAG without arguments that change nothing: some loaders pass all that there are."""
        defaults = {name: one.default for name, one in inspect.signature(kind).parameters.items()}
        arguments = {
            name: value
            for name, value in arguments.items()
            if value is not None or defaults.get(name, value) is not None or name == "schedule"
        }
        self._out.open(
            chained(self._values.reference(kind), "(", self._refs.arguments(arguments)),
            self._refs.dag_variable,
        )

    # -- groups -------------------------------------------------------------------------------------------------

    def open_group(self, group: Call, arguments: Mapping[str, Any]) -> None:
        """Write the beginning of a group."""
        from airflow.sdk.definitions.taskgroup import MappedTaskGroup

        kwargs = dict(zip(("group_id",), group.args, strict=False)) | _without_place(arguments)
        try:
            check_nothing_lost(group.product)
            if isinstance(group.product, MappedTaskGroup):
                self._open_mapped(group, kwargs)
            else:
                expr = chained(
                    self._values.reference(written_class(group.product)), "(", self._refs.arguments(kwargs)
                )
                self._out.open(expr, self._new_variable(group.product))
        except Refused as refusal:
            raise Refused(f"group {group.product.group_id}: {refusal.reason}", refusal.remedy) from None

    def _open_mapped(self, group: Call, kwargs: dict[str, Any]) -> None:
        kwargs = {
            key: value
            for key, value in kwargs.items()
            if key not in ("expand_input", "add_suffix_on_collision")
        }
        function = self._names.fresh(kwargs["group_id"])
        if function == kwargs["group_id"]:
            del kwargs["group_id"]
        decorator = self._names.imports.name("airflow.sdk", "task_group")
        expr: Expr = call(decorator, **dict(_keywords(self._refs.arguments(kwargs)))) if kwargs else decorator
        # What it maps is written now: a name that the group's own tasks set would be another one afterwards.
        self._expanded.append(self._expand(function, group.kwargs["expand_input"], None))
        keys: set[str] = set(getattr(group.kwargs["expand_input"].value, "keys", tuple)())
        self._refs.mapped.append((group, keys))
        self._out.open_function(expr, function, keys)

    def close_group(self, group_id: str) -> None:
        """Write the end of a group."""
        self._out.close()
        mapped = self._refs.mapped
        if mapped and mapped[-1][0].product.group_id == group_id:
            group, _ = mapped.pop()
            for node_id in [key for key in self._refs.variables if key in self._dag.task_dict]:
                if self._dag.get_task(node_id).task_group.group_id == group_id:
                    del self._refs.variables[node_id]
            self._out.make(self._new_variable(group.product), self._expanded.pop())

    def reopen_group(self, group_id: str) -> None:
        """Go on with a group that was left."""
        if group_id not in self._refs.variables:
            raise Refused(
                f"the group {group_id} was not made by a constructor that could be noted",
                "Make it in the DAG that it belongs to, by its class or by @task_group.",
            )
        self._out.open(self._out.use(self._refs.variables[group_id]), "")

    # -- what is set afterwards ---------------------------------------------------------------------------------

    def set_attribute(self, event: Call, name: str, value: Any) -> None:
        """Write that an attribute was set after the constructor."""
        node = event.product
        if event.kind == "dag":
            target: str = self._out.use(self._refs.dag_variable)
        elif event.kind == "group":
            target = self._out.use(self._refs.variables[node.group_id])
        else:
            target = render(self._refs.operator(node))
        teardown = getattr(node, "is_teardown", False) and not event.state.get("is_teardown", False)
        if name == "is_setup" and value is True:
            self._out.say(f"{target}.as_setup()")
        elif name == "is_teardown" and value is True:
            arguments = {"on_failure_fail_dagrun": "True"} if node.on_failure_fail_dagrun else {}
            self._out.say(call(f"{target}.as_teardown", **arguments))
        elif not (teardown and name in ("trigger_rule", "_on_failure_fail_dagrun")):
            self._out.assign(f"{target}.{name.removeprefix('_')}", self._values.expr(value))


def _without_place(kwargs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in kwargs.items() if name not in _PLACE}


def _keywords(arguments: tuple[tuple[Expr, Expr], ...]) -> list[tuple[str, Expr]]:
    return [(str(prefix).removesuffix("="), expr) for prefix, expr in arguments]
