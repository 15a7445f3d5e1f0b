"""Forms a DAG for comparison: all that Airflow stores of it, and all that it does not store."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from airflow.sdk import DAG, TaskGroup

from dagfreeze import versions
from dagfreeze.classes import fields, written_class
from dagfreeze.importable import is_installed
from dagfreeze.proof.caches import refuse_computed
from dagfreeze.proof.differences import differences
from dagfreeze.proof.forming import Forms, NotComparable
from dagfreeze.proof.nodes import NAME, Content, canonical
from dagfreeze.proof.state import state

__all__ = ["NotComparable", "dag_form", "differences", "digest", "value_form"]

SKIPPED_OF_DAG = frozenset(
    {
        "fileloc",  # where the DAG was written
        "relative_fileloc",
        "last_loaded",  # when it was imported
        "task_dict",  # formed as the tasks, and their order
        "task_group",  # formed as the groups
        "edge_info",  # formed edge by edge, whose order says nothing
    }
)

SKIPPED_OF_TASK = frozenset(
    {
        # What a constructor was called with, but with default_args merged in and with what classes passed on to
        # their bases. It is read by `__setattr__` for this book-keeping, and by the serialization, whose result is
        # compared. `unmap` uses partial_kwargs instead, which are compared.
        "_BaseOperator__init_kwargs",
        "_BaseOperator__instantiated",  # how far the constructor is
        "_BaseOperator__from_mapped",
        "_dag",  # back references; each task belongs to the DAG whose form this is
        "dag",
        "task_group",  # formed as the children of the groups
        "_task_module",  # follows from the operator's class
        "partial_kwargs",  # its order says nothing
        "_on_failure_fail_dagrun",  # @task writes the class's own values into the task, others do not
        "returns_dag_result",
    }
)

SKIPPED_OF_GROUP = frozenset(
    {
        "dag",
        "parent_group",
        "children",  # formed as their identifiers
        "used_group_ids",  # follows from all identifiers of the DAG
        "add_suffix_on_collision",  # read by the constructor alone
    }
)

SKIPPED_OF_STORED = ("fileloc", "relative_fileloc", "_processor_dags_folder")

FILE_DEPENDENT = re.compile(r"unusual_prefix_[0-9a-f]+_\w+\.?| at 0x[0-9a-f]+")
"""In what Airflow stores: the name of the file's module, and an address."""

SOURCES = ("callables", "_pre_execute_hook", "_post_execute_hook", "_task_module")
"""In what Airflow stores: lines of functions, as they happen to be indented, and the file of an operator's class; the
functions and the classes themselves are compared."""

AROUND = re.compile(r"(?:(?<!\w)(?:\w+\.)+)?<(?:locals|listcomp|lambda|genexpr|dictcomp|setcomp)>\.")
"""In what Airflow stores: the functions around a function. It begins to look at the beginning of a word only, else a
text with a hundred thousand letters in one word, such as an image, would take minutes."""


def dag_form(
    dag: DAG, *, module: str | None = None, search_path: Sequence[str] | None = None
) -> dict[str, Any]:
    """Form a DAG so that two have the same form exactly if they do the same.

    Args:
        dag: as its file made it.
        module: the name of the file's own module, from which nobody can import; one that Airflow's importer named
            is known without.
        search_path: where the DAG's templates are really looked for, in place of its `template_searchpath`, which
            says so only together with the file's folder; Airflow does not store it.

    Returns:
        What `digest` and `differences` take; it can be stored as JSON.

    Raises:
        NotComparable: Airflow cannot serialize the DAG, or it holds what cannot be compared.
    """
    stored = _stored(dag)
    replacements = {} if search_path is None else {"template_searchpath": tuple(search_path)}
    forms = Forms(dag, module)
    parts: dict[str, Any] = {
        "DAG": forms.node(dag, lambda value, forms: _dag_content(value, forms, replacements), "DAG")
    }
    for group in _groups(dag.task_group):
        place = f'task group "{group.group_id}"' if group.group_id else "DAG, its root group"
        parts[place] = forms.node(group, _group_content, place)
    units, rendered, common = {}, {}, parts["DAG"][NAME]
    for task in dag.tasks:
        place = f'task "{task.task_id}"'
        parts[place] = forms.node(task, _task_content, place)
        units[place] = parts[place][NAME]
        rendered[place] = _rendered(task)
    for upstream, edges in dag.edge_info.items():
        labelled = {f"edge {upstream} >> {downstream}": info for downstream, info in edges.items()}
        parts |= forms.parts(labelled)
    parts["DAG, the order of its tasks"] = ["order", list(dag.task_dict)]
    contents = forms.contents()
    parts |= forms.shared(units, rendered, common)
    return {"stored": stored, "root": ["parts", parts], "nodes": contents}


def value_form(value: Any, *, module: str | None = None) -> dict[str, Any]:
    """Form a value; see `dag_form`."""
    forms = Forms(None, module)
    root = ["parts", forms.parts({"the value": value})]
    return {"root": root, "nodes": forms.contents()}


def digest(form: dict[str, Any]) -> str:
    """Tell a form's SHA-256."""
    return hashlib.sha256(canonical(form).encode()).hexdigest()


def _dag_content(dag: DAG, forms: Forms, replacements: dict[str, Any]) -> Content:
    attributes = dict(state(dag, SKIPPED_OF_DAG)) | replacements
    names = fields(dag)
    pairs = [(name, value) for name, value in attributes.items() if names is None or name in names]
    return ["object", forms.parts({", its class": written_class(dag)}) | forms.attributes(pairs, ": ")]


def _task_content(task: Any, forms: Forms) -> Content:
    if not is_installed(type(task).__module__):
        refuse_computed(task, forms)
    attributes = dict(state(task, SKIPPED_OF_TASK))
    attributes |= {
        name: getattr(task, name, False) for name in ("on_failure_fail_dagrun", "returns_dag_result")
    }
    if "template_fields" in attributes:  # a class may have made it of a set
        attributes["template_fields"] = frozenset(attributes["template_fields"])
    attributes |= {f"partial({name}=…)": value for name, value in getattr(task, "partial_kwargs", {}).items()}
    return ["object", forms.parts({", its class": type(task)}) | forms.attributes(attributes.items(), ": ")]


def _rendered(task: Any) -> frozenset[str]:
    """Tell the steps from a task to what Airflow renders of it."""
    names = [
        *task.template_fields,
        *(f"partial({name}=…)" for name in task.template_fields),
        "expand_input",
        "op_kwargs_expand_input",  # of @task
        "params",
    ]
    return frozenset(f": {name}" for name in names)


def _group_content(group: TaskGroup, forms: Forms) -> Content:
    names = fields(group)
    pairs = [
        (name, value) for name, value in state(group, SKIPPED_OF_GROUP) if names is None or name in names
    ]
    attributes = forms.attributes(pairs, ": ")
    children = {", the order of its children": ["order", list(group.children)]}
    return ["object", forms.parts({", its class": written_class(group)}) | attributes | children]


def _groups(group: TaskGroup) -> Iterator[TaskGroup]:
    yield group
    for child in group.children.values():
        if isinstance(child, TaskGroup):
            yield from _groups(child)


def _stored(dag: DAG) -> dict[str, Any]:
    """Tell what Airflow stores of a DAG, without what says only in which file and at which address it is."""
    try:
        stored = versions.stored(dag)
    except Exception as error:
        remedy = "Fix this first: Airflow cannot read the DAG from its own file either."
        raise NotComparable(f"Airflow cannot serialize the DAG: {error}", remedy) from error
    for name in SKIPPED_OF_STORED:
        stored.pop(name, None)
    text = FILE_DEPENDENT.sub("", json.dumps(stored))
    text = AROUND.sub("", text)
    return json.loads(text, object_hook=_without_source)


def _without_source(stored: dict[str, Any]) -> dict[str, Any]:
    attributes = {name: value for name, value in stored.items() if name not in SOURCES}
    if isinstance(attributes.get("template_fields"), list):  # perhaps made of a set; their order says nothing
        attributes["template_fields"].sort()
    return attributes
