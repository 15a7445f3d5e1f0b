"""Paths in DAGs: those below the root of the bundle are written relative to the frozen file, others are named."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import Any

from dagfreeze.importable import attribute, is_installed
from dagfreeze.proof.bytecode import all_names
from dagfreeze.refusal import Refused
from dagfreeze.values.code import Expr, string
from dagfreeze.values.imports import Imports

_FILE = re.compile(
    r"""\bdag\s*(\.\s*|\[\s*['"])(folder|filepath)\b|\b(relative_)?fileloc\b|{%-?\s*set\s[^%]*\bdag\s*-?%}"""
)
_TEMPLATES = {
    "get_template_env",
    "get_template",
    "select_template",
    "render_template",
    "render_template_fields",
}
_INCLUDES = re.compile(r"{%-?\s*(include|import|from|extends)\b")


class Paths:
    """The places of a DAG file, of its bundle and of the frozen files.

    Args:
        file: the DAG file.
        bundle: root of its bundle.
        out: folder of the frozen files.
    """

    def __init__(self, file: Path, bundle: Path, out: Path) -> None:
        self.file, self.bundle, self.out = file, bundle, out
        self._foreign: list[str] = []
        self._inside = out.is_relative_to(bundle)
        home = Path(os.path.expanduser("~"))  # noqa: PTH111 Path.home() fails for a user without a name
        self._machine = [str(path) for path in (bundle, home, Path.cwd()) if len(path.parts) > 2]

    def below(self, path: Path) -> str:
        """A path from the root of the bundle."""
        return path.relative_to(self.bundle).as_posix() if path.is_relative_to(self.bundle) else str(path)

    def foreign(self) -> list[str]:
        """Paths of this machine that were met since the last call, and stay in the frozen files."""
        foreign, self._foreign = self._foreign, []
        return list(dict.fromkeys(foreign))

    def anchor(self, imports: Imports) -> Callable[[str], Expr | None]:
        """What gives the code for a path below the root of the bundle, and None for another text.

        A text with another path of this machine is noted.
        """

        def anchored(text: str) -> Expr | None:
            if "unusual_prefix_" in text:
                raise Refused(
                    "it holds __name__, by which Airflow imports the file; the frozen file has another one",
                    "Write the name out.",
                )
            is_list = re.search(rf"[\s:;,]{re.escape(str(self.bundle))}", text)
            if self._inside and not is_list and _is_path(text) and Path(text).is_relative_to(self.bundle):
                return self._relative(Path(text), imports.name("pathlib", "Path"))
            lines = [
                line.strip() for line in text.splitlines() if any(path in line for path in self._machine)
            ]
            if lines:
                self._foreign.append(lines[0][:200])
            return None

        return anchored

    def _relative(self, path: Path, kind: str) -> Expr:
        steps = Path(os.path.relpath(path, self.out)).parts
        up = 0
        while up < len(steps) and steps[up] == "..":
            up += 1
        rest = "/".join(steps[up:]) if steps[up:] != ["."] else ""
        base = f"{kind}(__file__).parents[{up}]" if up else f"{kind}(__file__).parent"
        return f"{base} / {string(rest)}" if rest else base

    def search_path(self, dag: Any) -> list[str] | None:
        """Where Airflow looks for the template files of a DAG; None when it needs none."""
        if not _uses_files(dag):
            return None
        return [str(self.file.parent), *(dag.template_searchpath or ())]


def check_templates(dag: Any) -> None:
    """See to it that no template asks where its DAG's file is.

    Raises:
        Refused: with the task.
    """
    for task in dag.task_dict.values():
        for text in _texts([_field(task, name) for name in task.template_fields or ()] + _mapped(task)):
            if _FILE.search(text):
                raise Refused(
                    f"task {task.task_id}: a template asks where the DAG's file is, which will be another one",
                    "Write the folder into the template, or pass it as an argument.",
                )


def _is_path(text: str) -> bool:
    return Path(text).is_absolute() and "\n" not in text and os.path.normpath(text) == text


def _uses_files(dag: Any) -> bool:
    """Whether a field of a task names a template file, or a template includes one."""
    for task in dag.task_dict.values():
        extensions = tuple(task.template_ext or ())
        if (extensions and _gets_texts_at_run_time(task)) or any(map(_asks_for_templates, _functions(task))):
            return True
        for text in _texts([_field(task, name) for name in task.template_fields or ()] + _mapped(task)):
            if (extensions and text.endswith(extensions)) or _INCLUDES.search(text):
                return True
    return False


def _functions(task: Any) -> list[FunctionType]:
    """The functions of a task that may ask for a template."""
    kind = task.operator_class if task.is_mapped else type(task)
    methods = [
        value for base in kind.__mro__ if not is_installed(base.__module__) for value in vars(base).values()
    ]
    return [value for value in [*methods, _field(task, "python_callable")] if isinstance(value, FunctionType)]


def _asks_for_templates(function: FunctionType) -> bool:
    return bool(all_names(function.__code__) & _TEMPLATES)


def _field(task: Any, name: str) -> Any:
    return getattr(task, "partial_kwargs", {}).get(name) or getattr(task, name, None)


def _mapped(task: Any) -> list[Any]:
    """What a mapped task gets for each of its instances."""
    return [task._get_specified_expand_input().value] if task.is_mapped else []


def _gets_texts_at_run_time(task: Any) -> bool:
    """Whether a template may come from another task, or from a function as with ``@task.bash``."""
    from airflow.sdk.bases.decorator import DecoratedOperator
    from airflow.sdk.definitions.xcom_arg import XComArg

    kind = task.operator_class if task.is_mapped else type(task)
    values = [
        part for value in _mapped(task) for part in (value.values() if isinstance(value, dict) else [value])
    ]
    return issubclass(kind, DecoratedOperator) or any(isinstance(value, XComArg) for value in values)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in _texts(item)]
    if isinstance(value, list | tuple | set):
        return [text for item in value for text in _texts(item)]
    fields = attribute(value, "template_fields")
    return (
        [text for name in fields for text in _texts(attribute(value, name))]
        if isinstance(fields, tuple | list)
        else []
    )
