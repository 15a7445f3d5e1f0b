"""Writes a DAG as the code that a person would have written, from what was noted while it was made."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dagfreeze.classes import check_nothing_lost, fields, written_class
from dagfreeze.identity import is_named
from dagfreeze.refusal import Refused
from dagfreeze.values.code import is_name
from dagfreeze.watching.notes import Call, Closed, Edge, Event, Notes
from dagfreeze.writing.changes import FOLDED, changed_params, changes, folded
from dagfreeze.writing.copies import Copies
from dagfreeze.writing.edges import EdgeWriter
from dagfreeze.writing.homes import Import, is_node, needed
from dagfreeze.writing.names import Names, local_name
from dagfreeze.writing.objects import Shared
from dagfreeze.writing.references import References
from dagfreeze.writing.source import source_of
from dagfreeze.writing.statements import Statements
from dagfreeze.writing.tasks import TaskWriter


@dataclass(frozen=True)
class Block:
    """A DAG as code.

    Attributes:
        dag_id: its id.
        text: its statements, indented by one level.
        imports: what they need: (module, name or "", alias or "").
        tops: names of the copied definitions that they need.
        names: variables that they set.
        searches: whether the DAG looks for template files next to its source.
    """

    dag_id: str
    text: str
    imports: tuple[Import, ...]
    tops: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    searches: bool = False


@dataclass
class DagEvents:
    """What was noted of one DAG.

    Attributes:
        call: of its constructor.
        events: what happened to it.
        older: how many of them happened before the DAG was there.
    """

    call: Call
    events: list[Event] = field(default_factory=list)
    older: int = 0


def write(
    dag: Any,
    events: DagEvents,
    copies: Copies,
    search_path: list[str] | None,
) -> Block:
    """Write a DAG.

    Args:
        dag: the DAG.
        events: what was noted of it.
        copies: what is copied from its file.
        search_path: where its template files are, when it needs some.

    Raises:
        Refused: when it cannot be written; the reason names the task.
    """
    variables = _given_variables(events, copies.notes.file)
    writer = _Writer(dag, events, copies, variables, Shared())
    block = writer.block(search_path)
    shared = writer.references.shared()
    free = _without_those_at_top(variables, block, copies)
    again = shared != Shared() or free != variables
    return _Writer(dag, events, copies, free, shared).block(search_path) if again else block


def _without_those_at_top(variables: Mapping[int, str], block: Block, copies: Copies) -> dict[int, str]:
    """Variables that are no name at the top; functions of other modules, too, bring some with them."""
    names = needed(copies.tops, block.tops)
    imported = {local_name(entry) for name in names for entry in copies.tops[name].imports}
    return {node: variable for node, variable in variables.items() if variable not in names | imported}


class _Writer:
    def __init__(
        self,
        dag: Any,
        events: DagEvents,
        copies: Copies,
        variables: Mapping[int, str],
        shared: Shared,
    ) -> None:
        self.dag, self.events, self.notes = dag, events, copies.notes
        self.names = Names(copies.names, copies.imported)
        self.out = Statements()
        self.references = References(dag, copies, self.names, self.out, shared, variables)
        self.tasks = TaskWriter(self.references, variables)
        self.edges = EdgeWriter(self.references)
        self.groups: list[str] = []
        self.task_ids: set[str] = set()

    def block(self, search_path: list[str] | None) -> Block:
        """Write the DAG."""
        self._open_dag(search_path)
        for event in self.events.events[: self.events.older]:
            self._check_older(event)
        to_close = Counter(event.group.group_id for event in self.events.events if isinstance(event, Closed))
        for event in self.events.events:
            if isinstance(event, Edge):
                self._leave(to_close)
                self.edges.add(event)
                continue
            self.edges.flush()
            if isinstance(event, Call):
                self._node(event)
                continue
            to_close[event.group.group_id] -= 1
            if self.groups and event.group.group_id == self.groups[-1]:
                self._close_group()
        self.edges.flush()
        while self.groups:
            self._close_group()
        self._check_all_written()
        self.edges.add_others(self.notes.edges)
        self._changes(self.events.call)
        text = self.out.text()
        return Block(
            self.dag.dag_id,
            text,
            tuple(self.names.imports.lines()),
            tuple(sorted(self.references.tops)),
            tuple(sorted(self.out.assigned)),
            search_path is not None,
        )

    def _open_dag(self, search_path: list[str] | None) -> None:
        call = self.events.call
        check_nothing_lost(self.dag)
        arguments = folded(call, dict(zip(("dag_id",), call.args, strict=False)) | call.kwargs)
        arguments |= changed_params(call, arguments)
        if search_path is not None:
            arguments["template_searchpath"] = search_path
        self.tasks.open_dag(written_class(self.dag), {"dag_id": arguments.pop("dag_id"), **arguments})

    def _node(self, call: Call) -> None:
        if call.kind != "group" and self.dag.task_dict.get(call.product.task_id) is not call.product:
            return  # the factory has removed it again
        self._enter(call.product)
        if call.kind == "group":
            self.tasks.open_group(call, folded(call, call.kwargs))
            self.groups.append(call.product.group_id)
        else:
            self.tasks.write(call)
            self.task_ids.add(call.product.task_id)
        self._changes(call)

    def _check_older(self, event: Event) -> None:
        if isinstance(event, Call) and (self.dag.default_args or self.dag.params):
            raise Refused(
                f"the task {event.product.task_id} is older than its DAG, so that it has none of the DAG's "
                "default_args and params",
                "Make the DAG first.",
            )

    def _enter(self, node: Any) -> None:
        """Close and open ``with`` blocks until the next statement belongs where the node is."""
        path = _path(node)
        common = 0
        while common < min(len(path), len(self.groups)) and path[common] == self.groups[common]:
            common += 1
        while len(self.groups) > common:
            self._close_group()
        for group_id in path[common:]:
            self.tasks.reopen_group(group_id)
            self.groups.append(group_id)

    def _leave(self, to_close: Mapping[str, int]) -> None:
        """Close groups that the factory has not opened by ``with``: arrows did not stand inside of them."""
        while self.groups and not to_close[self.groups[-1]]:
            self.edges.flush()
            self._close_group()

    def _close_group(self) -> None:
        self.tasks.close_group(self.groups.pop())

    def _changes(self, call: Call) -> None:
        """What was set after the constructor."""
        names = fields(call.product) if call.kind in ("dag", "group") else None
        for name, value in changes(call).items():
            if names is not None and name not in names:
                continue
            if not (name in FOLDED and call.kind in ("dag", "group")):
                self.tasks.set_attribute(call, name, value)

    def _check_all_written(self) -> None:
        task_ids = self.task_ids | {
            node.task_id for node in self.notes.implied.values() if hasattr(node, "task_id")
        }
        for task_id in self.dag.task_dict:
            if task_id not in task_ids:
                raise Refused(
                    f"the task {task_id} was not made by a call of its class, but copied or unpickled",
                    "Make it by its constructor.",
                )


def _path(node: Any) -> list[str]:
    path: list[str] = []
    group = node.task_group
    while group is not None and not group.is_root:
        path.insert(0, group.group_id)
        group = group.parent_group
    return path


def _given_variables(events: DagEvents, file: str) -> dict[int, str]:
    """The variables that the DAG file has for tasks, groups and arguments of a DAG, by the identities of these.

    Left out is a variable that several share: a loop has set it again and again, and ids say more than numbers. So is
    that of the DAG itself: it belongs to a call that made the DAG and all that is in it. And ``_`` says nothing.
    """
    try:
        variables, calls_by_end = source_of(file).variables, source_of(file).calls
    except Refused:  # refused where the text is needed
        return {}
    calls = [events.call, *(event for event in events.events if isinstance(event, Call))]
    pairs = {(id(call.product), variables.get(call.place.end, "")): None for call in calls}
    for call in calls:
        for keyword in calls_by_end[call.place.end].keywords if call.place.end in calls_by_end else ():
            pairs |= dict.fromkeys(_argument_names(keyword.value, call.kwargs.get(keyword.arg or "")))
    counts = Counter(name for _, name in pairs)
    return {node: name for node, name in pairs if counts[name] == 1 and is_name(name) and name.strip("_")}


def _argument_names(code: ast.expr, value: Any) -> Iterator[tuple[int, str]]:
    """The identities of objects in an argument, and the variables by which its code names them."""
    if isinstance(code, ast.Name) and is_named(value) and not is_node(value):
        yield id(value), code.id
    elif isinstance(code, ast.List) and isinstance(value, list) and len(code.elts) == len(value):
        for part, item in zip(code.elts, value, strict=True):
            yield from _argument_names(part, item)
    elif isinstance(code, ast.Dict) and isinstance(value, dict) and len(code.values) == len(value):
        for part, item in zip(code.values, value.values(), strict=True):
            yield from _argument_names(part, item)


def by_dag(notes: Notes) -> dict[int, DagEvents]:
    """What was noted, sorted by the identity of the DAG."""
    dags = [event for event in notes.events if isinstance(event, Call) and event.kind == "dag"]
    sorted_events = {id(call.product): DagEvents(call) for call in dags}
    dags_so_far: set[int] = set()
    for event in notes.events:
        if isinstance(event, Call) and event.kind == "dag":
            dags_so_far.add(id(event.product))
            continue
        owner = _dag_of(event)
        if owner in sorted_events:
            sorted_events[owner].events.append(event)
            sorted_events[owner].older += owner not in dags_so_far
    return sorted_events


def _dag_of(event: Event) -> int:
    if isinstance(event, Call):
        return id(_own_dag(event.product))
    if isinstance(event, Closed):
        return id(event.group.dag)
    ends = [event.node, *(event.other if isinstance(event.other, list | tuple) else [event.other])]
    for end in ends:
        for node in [end] if not hasattr(end, "_downstream") else [*end._upstream, *end._downstream]:
            dag = _own_dag(node)
            if dag is not None:
                return id(dag)
    return 0


def _own_dag(node: Any) -> Any:
    if hasattr(node, "iter_references"):
        node = next(iter(node.iter_references()))[0]
    return node.get_dag() if hasattr(node, "get_dag") else node.dag
