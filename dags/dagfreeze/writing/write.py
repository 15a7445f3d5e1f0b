"""Writes a DAG as the code that a person would have written, from what was noted while it was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from dagfreeze.classes import fields, written_class
from dagfreeze.refusal import Refused
from dagfreeze.watching.notes import Call, Closed, Edge, Event, Notes, state
from dagfreeze.writing.copies import Copies
from dagfreeze.writing.edges import EdgeWriter
from dagfreeze.writing.homes import Import
from dagfreeze.writing.names import Names
from dagfreeze.writing.references import References
from dagfreeze.writing.statements import Statements
from dagfreeze.writing.tasks import TaskWriter

FOLDED = ("description", "doc_md", "tooltip")
"""Texts that a factory often sets afterwards, and that mean the same as arguments."""

STRUCTURE = frozenset(
    {
        "children", "dag", "downstream_group_ids", "downstream_task_ids", "edge_info", "fileloc", "last_loaded",
        "parent_group", "partial", "relative_fileloc", "task_dict", "task_group", "upstream_group_ids",
        "upstream_task_ids", "used_group_ids",
    }
)  # fmt: skip
"""What follows from the tasks, the groups and the edges."""


@dataclass(frozen=True)
class Block:
    """A DAG as code.

    Attributes:
        dag_id: its id.
        text: its statements, indented by one level.
        imports: what they need: (module, name or "", alias or "").
        tops: names of the copied definitions that they need.
        names: variables that they set.
        searches: whether the DAG looks for template files beside its source.
    """

    dag_id: str
    text: str
    imports: tuple[Import, ...]
    tops: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    searches: bool = False


@dataclass
class DagEvents:
    """What was noted of one DAG."""

    call: Call
    events: list[Event] = field(default_factory=list)


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
    return _Writer(dag, events, copies).block(search_path)


class _Writer:
    def __init__(self, dag: Any, events: DagEvents, copies: Copies) -> None:
        self.dag, self.events, self.notes = dag, events, copies.notes
        self.names = Names(copies.names, copies.imported)
        self.out = Statements()
        self.references = References(dag, copies, self.names, self.out)
        self.tasks = TaskWriter(self.references)
        self.edges = EdgeWriter(self.references)
        self.groups: list[str] = []
        self.written: set[str] = set()

    def block(self, search_path: list[str] | None) -> Block:
        """Write the DAG."""
        self._open_dag(search_path)
        for event in self.events.events:
            if isinstance(event, Edge):
                self.edges.add(event)
                continue
            self.edges.flush()
            if isinstance(event, Call):
                self._node(event)
            elif self.groups and event.group.group_id == self.groups[-1]:
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
        arguments = _folded(call, dict(zip(("dag_id",), call.args, strict=False)) | call.kwargs)
        if added := _added_params(call, arguments):
            arguments["params"] = added
        if search_path is not None:
            arguments["template_searchpath"] = search_path
        self.tasks.open_dag(written_class(self.dag), {"dag_id": arguments.pop("dag_id"), **arguments})

    def _node(self, call: Call) -> None:
        if call.kind != "group" and self.dag.task_dict.get(call.made.task_id) is not call.made:
            return  # the factory has taken it out again
        self._enter(call.made)
        if call.kind == "group":
            self.tasks.open_group(call, _folded(call, call.kwargs))
            self.groups.append(call.made.group_id)
        else:
            self.tasks.write(call)
            self.written.add(call.made.task_id)
        self._changes(call)

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

    def _close_group(self) -> None:
        self.tasks.close_group(self.groups.pop())

    def _changes(self, call: Call) -> None:
        """What was set after the constructor."""
        known = fields(call.made) if call.kind in ("dag", "group") else None
        for name, value in changes(call).items():
            if known is not None and name not in known:
                continue
            if not (name in FOLDED and call.kind in ("dag", "group")):
                self.tasks.set_attribute(call, name, value)

    def _check_all_written(self) -> None:
        known = self.written | {
            made.task_id for made in self.notes.implied.values() if hasattr(made, "task_id")
        }
        for task_id in self.dag.task_dict:
            if task_id not in known:
                raise Refused(
                    f"the task {task_id} was not made by a call of its class, but copied or unpickled",
                    "Make it by its constructor.",
                )


def _added_params(call: Call, arguments: Mapping[str, Any]) -> dict[str, Any] | None:
    """All params of a DAG, when the factory has added some after the constructor."""
    known = {*(arguments.get("params") or {}), *((arguments.get("default_args") or {}).get("params") or {})}
    params = call.made.params
    if set(params) <= known:
        return None
    own = dict(arguments.get("params") or {})
    return {**own, **{name: params.get_param(name) for name in params if name not in own}}


def _folded(call: Call, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments with the texts that were set, or read from a file, afterwards."""
    folded = dict(arguments)
    for name in FOLDED:
        value = getattr(call.made, name, None)
        if isinstance(value, str) and value and value != folded.get(name):
            folded[name] = value
    return folded


def changes(call: Call) -> dict[str, Any]:
    """Attributes that a factory set after the constructor, and what they are now."""
    changed = {}
    for name, value in state(call.made).items():
        if name in STRUCTURE or isinstance(getattr(type(call.made), name, None), cached_property):
            continue
        if name.startswith("_") and name != "_on_failure_fail_dagrun":
            continue
        if name not in call.state or not _same(call.state[name], value):
            changed[name] = value
    return changed


def _same(before: Any, now: Any) -> bool:
    if before is now:
        return True
    if type(before) is not type(now):
        return False
    if isinstance(now, dict | list | set):
        return len(before) == len(now) and (
            all(key in before and before[key] is now[key] for key in now)
            if isinstance(now, dict)
            else all(one is other for one, other in zip(before, now, strict=True))
            if isinstance(now, list)
            else before == now
        )
    return isinstance(now, str | int | float | bytes) and before == now


def _path(node: Any) -> list[str]:
    path: list[str] = []
    group = node.task_group
    while group is not None and not group.is_root:
        path.insert(0, group.group_id)
        group = group.parent_group
    return path


def by_dag(notes: Notes) -> dict[int, DagEvents]:
    """What was noted, sorted by the identity of the DAG."""
    sorted_events: dict[int, DagEvents] = {}
    for event in notes.events:
        if isinstance(event, Call) and event.kind == "dag":
            sorted_events[id(event.made)] = DagEvents(event)
            continue
        owner = _dag_of(event)
        if owner in sorted_events:
            sorted_events[owner].events.append(event)
    return sorted_events


def _dag_of(event: Event) -> int:
    if isinstance(event, Call):
        return id(_own_dag(event.made))
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
