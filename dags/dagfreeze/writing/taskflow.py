"""Writes the decorators that make tasks of a function: ``@task``, ``@task.branch``, ``@setup``, ``@teardown``."""

from __future__ import annotations

from typing import Any

from dagfreeze.refusal import Refused
from dagfreeze.values.code import Expr, call, render
from dagfreeze.values.expressions import Imports, Values
from dagfreeze.watching.notes import Notes


def decorator_lines(decorated: Any, notes: Notes, values: Values, imports: Imports, indent: int) -> list[str]:
    """The decorators of a decorated function.

    Args:
        decorated: the function behind its decorator.
        notes: arguments of the decorator, as they were when it was called.
        values: writes the arguments.
        imports: what the decorators need.
        indent: columns before each line.

    Returns:
        A line for each, or several for a long one, each with its line end and its indentation.
    """
    margin = " " * indent
    lines = []
    if decorated.is_setup:
        lines.append(f"{margin}@{imports.name('airflow.sdk', 'setup')}\n")
    if decorated.is_teardown:
        teardown: Expr = imports.name("airflow.sdk", "teardown")
        if decorated.on_failure_fail_dagrun:
            teardown = call(str(teardown), on_failure_fail_dagrun="True")
        lines.append(f"{margin}@{render(teardown, indent, 1)}\n")
    lines.append(f"{margin}@{render(decorator(decorated, notes, values, imports), indent, 1)}\n")
    return lines


def decorator(decorated: Any, notes: Notes, values: Values, imports: Imports) -> Expr:
    """``task``, ``task(retries=2)``, ``task.branch(…)``."""
    kind = getattr(decorated.operator_class, "custom_operator_name", "")
    root, _, rest = kind.partition(".")
    if root != "@task" or (rest and not rest.isidentifier()):
        raise Refused(
            f"the decorator {kind or decorated.operator_class.__name__} is none of Airflow's", "Use @task."
        )
    name = imports.name("airflow.sdk", "task") + (f".{rest}" if rest else "")
    arguments = {key: values.expr(value) for key, value in decorator_arguments(decorated, notes).items()}
    return call(name, **arguments) if arguments else name


def decorator_arguments(decorated: Any, notes: Notes) -> dict[str, Any]:
    """Arguments of a decorator that say more than its defaults."""
    arguments = {name: value for name, value in notes.decorators.get(id(decorated), {}).items() if name}
    for name, value in decorated.kwargs.items():  # what `run_if` and others have added since
        if name not in arguments and not (decorated.is_teardown and name == "trigger_rule"):
            arguments[name] = value
    if arguments.get("task_id") == decorated.function.__name__:
        del arguments["task_id"]
    if decorated.multiple_outputs != _inferred_outputs(decorated):
        arguments["multiple_outputs"] = decorated.multiple_outputs
    return arguments


def _inferred_outputs(decorated: Any) -> bool | None:
    """What Airflow concludes from the annotation of the function's result."""
    try:
        return bool(type(decorated)._infer_multiple_outputs(decorated))
    except Exception:  # a foreign decorator, or another Airflow: say it in any case
        return None
