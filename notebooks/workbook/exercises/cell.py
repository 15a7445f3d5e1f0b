"""What stands in a cell of an exercise: `check` above the learner's code, `hint` and `solution`."""

from __future__ import annotations

import ast
import linecache
import sys
import tempfile
import textwrap
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from IPython import get_ipython
from IPython.display import Markdown

from workbook.exercises.attempt import Attempt
from workbook.exercises.child import FOLDER
from workbook.exercises.exercise import Exercise, NotYet, exercise

FILES = ("dag_file", "trigger_file")
"""Functions whose bodies are the texts of files."""
Written = TypeVar("Written", bound=Callable[..., Any])
_shown: Counter[str] = Counter()


@dataclass(frozen=True)
class check:
    """Check what is defined below: ``@check("02.1")`` above a function or a class of the learner's.

    Their code runs for real, in a process of its own, and one line says what came of it.
    """

    number: str

    def __call__(self, definition: Written) -> Written:
        cell = "".join(linecache.getlines(sys._getframe(1).f_code.co_filename))
        print(_in_lines(verdict(exercise(self.number), cell)))
        return definition

    def __repr__(self) -> str:
        return f'Write @check("{self.number}") on the line above your function.'


def hint(number: str) -> None:
    """Print the next hint of an exercise; after the last one the first again, and say so."""
    hints = exercise(number).hints
    turn = _shown[number] % len(hints)
    again = " again" if _shown[number] >= len(hints) else ""
    _shown[number] += 1
    print(_in_lines(f"Hint {turn + 1} of {len(hints)}{again}: {hints[turn]}"))


def _in_lines(text: str) -> str:
    """Break long lines between words; JupyterLab breaks them inside of words."""
    return "\n".join(
        textwrap.fill(line, 100, break_long_words=False, break_on_hyphens=False) if len(line) > 100 else line
        for line in text.split("\n")
    )


def solution(number: str) -> Markdown:
    """The solution of an exercise, to be a cell's last expression."""
    return Markdown(f"```python\n{solution_cell(exercise(number))}\n```")


def starter_cell(each: Exercise) -> str:
    """The code that stands in the notebook for an exercise."""
    return f'@check("{each.number}")\n{each.starter.strip()}'


def solution_cell(each: Exercise) -> str:
    """The code that passes, as it can be copied into the cell."""
    return f'@check("{each.number}")\n{each.solution.strip()}'


def verdict(each: Exercise, cell: str) -> str:
    """Say what came of a cell: to do, done, or not yet with the reason.

    Args:
        each: the exercise.
        cell: the text of the cell, with the line of ``@check(…)``.
    """
    name = f"exercise {each.number}"
    try:
        definition = _definition(cell, each.number)
        starter = _definition(starter_cell(each), each.number)
        if ast.dump(definition) == ast.dump(starter):
            return f'To do: {name}. hint("{each.number}") helps, solution("{each.number}") tells.'
        if definition.name != starter.name:
            raise NotYet(f"The check looks for `{starter.name}`, and this cell defines `{definition.name}`.")
        remark, output = _checked(each, cell, definition)
        return f"✔ Done: {name}. {remark}".strip() + output
    except NotYet as reason:
        return f"Not yet: {name}. {reason}"


def _checked(each: Exercise, cell: str, definition: Definition) -> tuple[str, str]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        attempt = Attempt(Path(folder).resolve() / f"{definition.name}.py")
        attempt.file.write_text(file_text(cell, definition), encoding="utf-8")
        try:
            remark = each.check(attempt)
        except NotYet as reason:
            message = f"{reason}{_printed(attempt)}".replace(f"{attempt.folder}/", "")
            raise NotYet(message.replace(str(attempt.folder), "the folder")) from None
        return remark, _printed(attempt)


def _printed(attempt: Attempt) -> str:
    if not attempt.output:
        return ""
    return f"\nYour code printed this; of a DAG file Airflow puts it into a log:\n{attempt.output}"


Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def _definition(cell: str, number: str) -> Definition:
    """What stands below ``@check(…)`` in a cell."""
    try:
        tree = ast.parse(cell)
    except SyntaxError as error:
        raise NotYet(f"Python cannot read your code: {error.msg}, line {error.lineno}.") from None
    for node in ast.walk(tree):
        if isinstance(node, Definition) and any(_is_check(each, number) for each in node.decorator_list):
            return node
    raise NotYet(f'`@check("{number}")` stands above no function of this cell.')


def _is_check(decorator: ast.expr, number: str) -> bool:
    return isinstance(decorator, ast.Call) and any(
        isinstance(argument, ast.Constant) and argument.value == number for argument in decorator.args
    )


def file_text(cell: str, definition: Definition) -> str:
    """The text of the learner's file; its lines have the numbers that they have in the cell.

    Args:
        cell: the text of the cell.
        definition: what stands in it below ``@check(…)``.
    """
    lines = cell.encode().splitlines(keepends=True)
    above = b"\n" * (definition.lineno - 1)
    if definition.name not in FILES:
        return (above + b"".join(lines[definition.lineno - 1 : definition.end_lineno])).decode()
    first = definition.body[0]
    # not dedented: texts of several lines stay as they are
    header = f"if True:  # {definition.name}".encode()
    if first.lineno == definition.lineno:
        header, body = b"if True: ", [lines[first.lineno - 1][first.col_offset :]]
    else:
        body = lines[definition.lineno : first.lineno - 1] + lines[first.lineno - 1 : definition.end_lineno]
        header += b"\n"
    return (above + header + b"".join(body)).decode()


def _say_of_syntax(result: Any) -> None:
    """Tell a learner whose cell Python cannot read that nothing of it ran."""
    if isinstance(result.error_before_exec, SyntaxError) and "@check(" in result.info.raw_cell:
        print(
            "Python cannot read this cell, so none of it ran. Above it says where; fix it and run it again."
        )


if (shell := get_ipython()) is not None:
    shell.events.register("post_run_cell", _say_of_syntax)
