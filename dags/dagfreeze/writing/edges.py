"""Writes what ``>>`` and ``<<`` did, in the order in which it happened, chains as chains."""

from __future__ import annotations

from typing import Any

from dagfreeze.values.code import Expr, call, render
from dagfreeze.watching.notes import Edge
from dagfreeze.writing.references import References


class EdgeWriter:
    """Collects edges until a statement of another kind, and writes them as chains."""

    def __init__(self, references: References) -> None:
        self._refs, self._dag, self._out = references, references.dag, references.out
        self._chain: list[Any] = []
        self._sign = ">>"
        self._labels: dict[int, tuple[Any, str]] = {}

    def add(self, edge: Edge) -> None:
        """An edge; it prolongs the chain when it begins where that ends."""
        if edge.modifier is not None:
            self._add_with_modifier(edge)
            return
        first, sign, second = self._oriented(edge)
        if not (self._chain and sign == self._sign and _key(self._chain[-1]) == _key(first)):
            self.flush()
            self._chain, self._sign = [first], sign
        self._chain.append(second)

    def _add_with_modifier(self, edge: Edge) -> None:
        self.flush()
        way = "set_upstream" if edge.upstream else "set_downstream"
        node = render(self._end(edge.node))
        self._out.say(call(f"{node}.{way}", self._end(edge.other), edge_modifier=self._label(edge.modifier)))

    def flush(self) -> None:
        """Write the chain."""
        chain, self._chain = self._chain, []
        if not chain:
            return
        if _is_label(chain[-1]) and len(chain) > 1:
            self._name_label(chain[-1])
        if _is_label(chain[0]):
            self._name_label(chain[0])
        ends = [self._end(one) for one in chain]
        line = f" {self._sign} ".join(render(end) for end in ends)
        if len(line) <= 88 - self._out.indent and "\n" not in line:
            self._out.say(line)
        else:
            ordered = ends if self._sign == ">>" else ends[::-1]
            self._out.say(call(self._refs.names.imports.name("airflow.sdk", "chain"), *ordered))

    def _name_label(self, label: Any) -> None:
        """Give a label a variable, because two statements use it."""
        if id(label) not in self._labels:
            name = self._refs.names.fresh("label")
            self._labels[id(label)] = (label, name)
            self._out.assign(name, self._label(label))

    def _end(self, end: Any) -> Expr:
        if isinstance(end, list | tuple):
            return self._refs.listed(list(end))
        if _is_label(end):
            return self._labels[id(end)][1] if id(end) in self._labels else self._label(end)
        return self._refs.node(end)

    def _label(self, label: Any) -> Expr:
        return call(
            self._refs.names.imports.name("airflow.sdk", "Label"),
            self._refs.values.expr(label.label),
        )

    def add_others(self, edges: set[tuple[int, int]]) -> None:
        """Edges that nothing else makes, such as those of ``with`` around set-up tasks."""
        self.flush()
        tasks = self._dag.task_dict
        for task in tasks.values():
            others = [
                other
                for task_id, other in tasks.items()
                if task_id in task.downstream_task_ids and (id(task), id(other)) not in edges
            ]
            if others:
                self._chain = [task, others if len(others) > 1 else others[0]]
                self._sign = ">>"
                self.flush()

    def _oriented(self, edge: Edge) -> tuple[Any, str, Any]:
        """The two ends as they stand in the code: ``a >> b`` or, where that means something else, ``b << a``."""
        is_single = isinstance(edge.other, list | tuple) and len(edge.other) == 1
        other = edge.other[0] if is_single else edge.other
        if not edge.upstream:
            return edge.node, ">>", other
        if isinstance(other, list | tuple) or (_is_task(edge.node) and _is_task(other)):
            return other, ">>", edge.node
        if is_single and _is_task(edge.node) and self._has_made(other, edge.node):  # [group] >> task
            return other, ">>", edge.node
        return edge.node, "<<", other

    def _has_made(self, group: Any, task: Any) -> bool:
        """Whether tasks of a group lead to a task; an empty group means something else on the left of ``>>``."""
        edges = self._refs.copies.notes.edges
        return any((id(leaf), id(root)) in edges for leaf in group.leaves for root in task.roots)


def _is_task(end: Any) -> bool:
    return hasattr(end, "task_id") or hasattr(end, "operator")


def _is_label(end: Any) -> bool:
    return hasattr(end, "add_edge_info")


def _key(end: Any) -> tuple[int, ...]:
    if isinstance(end, list | tuple):
        return tuple(key for one in end for key in (*_key(one), -1))
    if hasattr(end, "operator") and not hasattr(end, "task_id"):
        end = end.operator
    return (id(end),)
