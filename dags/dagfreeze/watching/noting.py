"""Notes what a factory calls while it is imported: stands around Airflow's constructors and its `>>`."""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import Callable, Iterator
from typing import Any

from dagfreeze.watching.notes import Call, Closed, Edge, Notes, state

_SETUP_OR_TEARDOWN = (
    "is_setup", "is_teardown", "trigger_rule", "_on_failure_fail_dagrun", "partial_kwargs",
)  # fmt: skip
"""Attributes that `as_setup` and `as_teardown` set."""


@contextlib.contextmanager
def noting(file: str) -> Iterator[Notes]:
    """Note what happens to DAGs from now on.

    Args:
        file: the DAG file, for the lines of its calls.

    Yields:
        The notes, which grow while the file is imported.
    """
    notes = Notes(file)
    _order_sets_of_tasks()
    with contextlib.ExitStack() as stack:
        _note_operators(notes, stack)
        _note_taskflow(notes, stack)
        _note_mapped(notes, stack)
        _note_groups(notes, stack)
        _note_dags(notes, stack)
        _note_edges(notes, stack)
        _note_setups(notes, stack)
        yield notes


def _order_sets_of_tasks() -> None:
    """Give sets of tasks one order in every process: Airflow's hashes of tasks hold addresses.

    It stays so while this process lasts, because the sets of the factory do.
    """
    from airflow.sdk.bases.operator import BaseOperator
    from airflow.sdk.definitions.mappedoperator import MappedOperator

    def task_hash(self: Any) -> int:
        return hash(getattr(self, "task_id", None))

    for kind in (BaseOperator, MappedOperator):
        type.__setattr__(kind, "__hash__", task_hash)


def _replace(stack: contextlib.ExitStack, owner: Any, name: str, make: Callable[[Any], Any]) -> None:
    is_own = name in vars(owner)
    original = getattr(owner, name)
    type.__setattr__(owner, name, functools.wraps(original)(make(original)))  # factories look at signatures
    if is_own:
        stack.callback(type.__setattr__, owner, name, original)
    else:
        stack.callback(type.__delattr__, owner, name)


def _note_operators(notes: Notes, stack: contextlib.ExitStack) -> None:
    from airflow.sdk.bases.operator import BaseOperatorMeta

    def make(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(cls: type, *args: Any, **kwargs: Any) -> Any:
            call = Call("operator", None, cls, notes.copied(args), notes.copied(kwargs), notes.place())
            with notes.inside() as outermost:
                call.product = original(cls, *args, **kwargs)
            _keep(notes, call, outermost)
            return call.product

        return call

    # inspect.signature of a class with a metaclass of its own returns that of the metaclass' __call__.
    BaseOperatorMeta.__signature__ = property(_signature_of_init)  # type: ignore[attr-defined]
    stack.callback(delattr, BaseOperatorMeta, "__signature__")
    _replace(stack, BaseOperatorMeta, "__call__", make)


def _signature_of_init(kind: type) -> inspect.Signature:
    signature = inspect.signature(kind.__init__)  # type: ignore[misc]
    return signature.replace(parameters=list(signature.parameters.values())[1:])


def _keep(notes: Notes, call: Call, outermost: bool) -> None:
    """Note a call that made an operator, and the edges that the call made with it."""
    if not outermost:
        notes.implied[id(call.product)] = call.product
        return
    notes.implied.pop(id(call.product), None)
    notes.add(call)
    dag = call.product.get_dag() if hasattr(call.product, "get_dag") else None
    if dag is not None:
        for task_id in call.product.upstream_task_ids:
            notes.edges.add((id(dag.task_dict[task_id]), id(call.product)))
        for task_id in call.product.downstream_task_ids:
            notes.edges.add((id(call.product), id(dag.task_dict[task_id])))


def _note_taskflow(notes: Notes, stack: contextlib.ExitStack) -> None:
    from airflow.sdk.bases.decorator import _TaskDecorator

    def called(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(self: Any, *args: Any, **kwargs: Any) -> Any:
            call = Call("taskflow", None, self, notes.copied(args), notes.copied(kwargs), notes.place())
            with notes.inside() as outermost:
                argument = original(self, *args, **kwargs)
            call.product = argument.operator
            _keep(notes, call, outermost)
            return argument

        return call

    def expanded(original: Callable[..., Any]) -> Callable[..., Any]:
        def expand(self: Any, expand_input: Any, *, strict: bool) -> Any:
            kwargs = {"input": expand_input}
            call = Call("mapped", None, self, (), kwargs, notes.place(), strict=strict)
            with notes.inside() as outermost:
                argument = original(self, expand_input, strict=strict)
            call.product = argument.operator
            _keep(notes, call, outermost)
            return argument

        return expand

    def decorated(original: Callable[..., Any]) -> Callable[..., Any]:
        def after(self: Any) -> None:
            notes.decorators[id(self)] = {
                **notes.copied(self.kwargs),
                "": self,
            }  # keeps it alive, so that its id stays unique
            original(self)

        return after

    def derived(way: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        def make(original: Callable[..., Any]) -> Callable[..., Any]:
            def derive(self: Any, **kwargs: Any) -> Any:
                arguments = notes.copied(kwargs)
                function = original(self, **kwargs)
                notes.derived[id(function)] = (self, way, arguments)
                return function

            return derive

        return make

    _replace(stack, _TaskDecorator, "__call__", called)
    _replace(stack, _TaskDecorator, "_expand", expanded)
    _replace(stack, _TaskDecorator, "__attrs_post_init__", decorated)
    _replace(stack, _TaskDecorator, "override", derived("override"))
    _replace(stack, _TaskDecorator, "partial", derived("partial"))


def _note_mapped(notes: Notes, stack: contextlib.ExitStack) -> None:
    from airflow.sdk.bases.operator import _PartialDescriptor
    from airflow.sdk.definitions.mappedoperator import OperatorPartial

    def got(original: Callable[..., Any]) -> Callable[..., Any]:
        def get(self: Any, obj: Any, cls: type | None = None) -> Any:
            partial = original(self, obj, cls)

            @functools.wraps(partial)
            def make_partial(**kwargs: Any) -> Any:
                arguments = notes.copied(kwargs)
                operator_partial = partial(**kwargs)
                notes.partials[id(operator_partial)] = {**arguments, "": operator_partial}
                return operator_partial

            return make_partial if obj is None else partial

        return get

    def expanded(original: Callable[..., Any]) -> Callable[..., Any]:
        def expand(self: Any, expand_input: Any, *, strict: bool) -> Any:
            kwargs = {"input": expand_input}
            call = Call("mapped", None, self, (), kwargs, notes.place(), strict=strict)
            with notes.inside() as outermost:
                call.product = original(self, expand_input, strict=strict)
            _keep(notes, call, outermost)
            return call.product

        return expand

    _replace(stack, _PartialDescriptor, "__get__", got)
    _replace(stack, OperatorPartial, "_expand", expanded)


def _note_groups(notes: Notes, stack: contextlib.ExitStack) -> None:
    from airflow.sdk.definitions.taskgroup import MappedTaskGroup, TaskGroup

    def constructed(original: Callable[..., Any]) -> Callable[..., Any]:
        def init(self: Any, *args: Any, **kwargs: Any) -> None:
            call = Call("group", self, type(self), notes.copied(args), notes.copied(kwargs), notes.place())
            with notes.inside() as outermost:
                original(self, *args, **kwargs)
            if outermost:
                notes.add(call)
            elif not self.is_root:
                notes.implied[id(self)] = self

        return init

    def closed(original: Callable[..., Any]) -> Callable[..., Any]:
        def leave(self: Any, *args: Any) -> Any:
            with notes.inside() as outermost:
                original(self, *args)
            if outermost:
                notes.events.append(Closed(self))

        return leave

    for kind in (TaskGroup, MappedTaskGroup):
        _replace(stack, kind, "__init__", constructed)
        _replace(stack, kind, "__exit__", closed)


def _note_dags(notes: Notes, stack: contextlib.ExitStack) -> None:
    from airflow.sdk import DAG

    def constructed(original: Callable[..., Any]) -> Callable[..., Any]:
        def init(self: Any, *args: Any, **kwargs: Any) -> None:
            call = Call("dag", self, type(self), notes.copied(args), notes.copied(kwargs), notes.place())
            with notes.inside():
                original(self, *args, **kwargs)
            self.dag_id = str.__str__(self.dag_id)  # as others find it
            notes.add(call)

        return init

    _replace(stack, DAG, "__init__", constructed)


def _note_edges(notes: Notes, stack: contextlib.ExitStack) -> None:
    from airflow.sdk.definitions._internal.node import DAGNode
    from airflow.sdk.definitions.edges import EdgeModifier
    from airflow.sdk.definitions.taskgroup import TaskGroup
    from airflow.sdk.definitions.xcom_arg import XComArg

    def related(upstream: bool) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        def make(original: Callable[..., Any]) -> Callable[..., Any]:
            def relate(self: Any, other: Any, edge_modifier: Any = None) -> None:
                with notes.inside() as outermost:
                    original(self, other, edge_modifier)
                if outermost:
                    notes.events.append(Edge(self, notes.copied(other), upstream, edge_modifier))
                    _keep_pairs(notes, self, other, upstream)

            return relate

        return make

    for kind in (DAGNode, TaskGroup, XComArg, EdgeModifier):
        for name, upstream in (("set_upstream", True), ("set_downstream", False)):
            if name in vars(kind):
                _replace(stack, kind, name, related(upstream))


def _note_setups(notes: Notes, stack: contextlib.ExitStack) -> None:
    """Note ``as_setup`` and ``as_teardown`` with the call that made the task, if they follow it immediately."""
    from airflow.sdk.definitions._internal.abstractoperator import AbstractOperator
    from airflow.sdk.definitions.xcom_arg import PlainXComArg

    def marking(original: Callable[..., Any]) -> Callable[..., Any]:
        def mark(self: Any, **kwargs: Any) -> Any:
            operator = self.operator if isinstance(self, PlainXComArg) else self
            call, number, before = notes.calls.get(id(operator)), len(notes.events), state(operator)
            marked = original(self, **kwargs)
            edges = [event for event in notes.events[number:] if isinstance(event, Edge)]
            if call is not None and notes.events[number - 1] is call and edges == notes.events[number:]:
                del notes.events[number:]
                setups = [edge.node for edge in edges]
                kwargs = {
                    key: value for key, value in kwargs.items() if key != "setups" and value is not None
                }
                kwargs = {"setups": setups if len(setups) > 1 else setups[0], **kwargs} if setups else kwargs
                call.then.append((original.__name__, kwargs))
                after = {name: value for name, value in state(operator).items() if name in _SETUP_OR_TEARDOWN}
                call.state |= {name: value for name, value in after.items() if value != before.get(name)}
            return marked

        return mark

    for kind in (AbstractOperator, PlainXComArg):
        for name in ("as_setup", "as_teardown"):
            _replace(stack, kind, name, marking)


def _keep_pairs(notes: Notes, node: Any, other: Any, upstream: bool) -> None:
    others = other if isinstance(other, list | tuple) else [other]
    for one in others:
        before, after = (one, node) if upstream else (node, one)
        tasks_before = [task for end in before.leaves for task in end.leaves]  # a label's are groups
        tasks_after = [task for end in after.roots for task in end.roots]
        notes.edges.update((id(left), id(right)) for left in tasks_before for right in tasks_after)
