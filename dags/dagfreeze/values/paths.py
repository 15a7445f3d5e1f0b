"""Paths in DAGs: those below the root of the bundle are written relative to the frozen file, others are named."""

from __future__ import annotations

import functools
import linecache
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dagfreeze.importable import attribute, own_modules
from dagfreeze.refusal import Refused
from dagfreeze.values.code import Expr, string
from dagfreeze.values.imports import Imports

_FILE = re.compile(
    r"""\bdag\s*(\.\s*|\[\s*['"]|\|\s*attr\s*\(\s*['"])(folder|filepath)\b|\b(relative_)?fileloc\b"""
    r"""|{%[-+]?\s*(set|with)\s[^%]*\bdag\s*[-+]?%}"""
)
_TEMPLATES = re.compile(
    r"\b(get_template_env|get_template|select_template|render_template|render_template_fields)\b"
)
_CALLBACKS = [f"on_{what}_callback" for what in ("execute", "failure", "retry", "skipped", "success")]
_INCLUDES = re.compile(r"{%[-+]?\s*(include|import|from|extends)\b")


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
        if not (self._asks_for_templates or _uses_files(dag)):
            return None
        return [str(self.file.parent), *(dag.template_searchpath or ())]

    @functools.cached_property
    def _asks_for_templates(self) -> bool:
        """Whether a module of the reader's names what gives a template; a function of a task may call it."""
        return any(_TEMPLATES.search("".join(linecache.getlines(file))) for file in own_modules().values())


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
    if any(map(_names_files, _notifiers(dag))):
        return True
    for task in dag.task_dict.values():
        if task.template_ext and _gets_texts_at_run_time(task):
            return True
        if _names_files(task, *_mapped(task)) or any(map(_names_files, _notifiers(task))):
            return True
    return False


def _names_files(templated: Any, *more: Any) -> bool:
    """Whether a field of a task or of a notifier, or something else of it, names a template file or includes one."""
    extensions = tuple(attribute(templated, "template_ext") or ())
    fields = [_field(templated, name) for name in templated.template_fields or ()]
    return any(
        (extensions and text.endswith(extensions)) or _INCLUDES.search(text)
        for text in _texts([*fields, *more])
    )


def _notifiers(owner: Any) -> list[Any]:
    """The callbacks of a task or a DAG that are rendered when they are called."""
    callbacks = [_field(owner, name) for name in _CALLBACKS]
    return [
        one
        for value in callbacks
        for one in (value if isinstance(value, list | tuple) else [value])
        if attribute(one, "template_fields") and not isinstance(one, type)
    ]


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
