"""Runs what a learner wrote in a process of its own: ``python -m workbook.exercises.child TARGET ARGUMENTS RESULT``.

Whatever that code does, an answer or a sentence comes back, and nothing of it is left running.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import psutil

from workbook.environment import clean_environment
from workbook.exercises.exercise import NotYet
from workbook.progress import progress
from workbook.stack.place import MARKER, processes_of, sweep
from workbook.workspace import WORK, airflow_environment

LIMIT_SECONDS = 40.0
"""Ends what hangs: several times the slowest check that was seen on a busy machine."""
IMPORT_SECONDS = 20
LEAVE_SECONDS = 2.0
SHOWN_CHARACTERS = 400
FOLDER = WORK / "exercises"


def in_child(function: Callable[..., Any], *arguments: Any) -> tuple[Any, str]:
    """Call a function in a new process.

    Args:
        function: of a module. It runs the learner's code, and returns what JSON can hold.
        arguments: what JSON can hold, and paths, which arrive as text.

    Returns:
        What it returned, and the beginning of what was printed meanwhile.

    Raises:
        NotYet: when the code raised, ended Python, did not end, or left a process behind.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as name, progress("Checking your code"):
        scratch = Path(name).resolve()
        result = scratch / "result.json"
        python = [sys.executable, "-m"]
        target = f"{function.__module__}:{function.__qualname__}"
        process = subprocess.Popen(
            # the lifeline ends it also when this process is killed
            [
                *python,
                "workbook.stack.lifeline",
                *python,
                __name__,
                target,
                json.dumps(arguments, default=str),
                str(result),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=scratch,
            env={**clean_environment(os.environ), **_quiet_airflow(), MARKER: f"{scratch}#"},
            start_new_session=True,
        )
        assert process.stdin and process.stdout
        printed = _Printed(process.stdout)
        try:
            status = process.wait(LIMIT_SECONDS)
            _, stay = psutil.wait_procs(processes_of(scratch), timeout=LEAVE_SECONDS)
        except subprocess.TimeoutExpired:
            raise NotYet(
                f"Your code had not ended after {LIMIT_SECONDS:.0f} seconds and was stopped. Does it loop for ever, "
                "or wait for something that never comes?"
            ) from None
        finally:
            sweep(scratch)
            process.wait()
            process.stdin.close()
            printed.join()
        if stay:
            raise NotYet("Your code started a process that was still there at its end; it was stopped.")
        if not result.exists():
            raise NotYet(f"Your code ended Python itself (exit status {status}), so nothing came back.")
        outcome = json.loads(result.read_text(encoding="utf-8"))
    if "raised" in outcome:
        raise NotYet(outcome["raised"])
    return outcome["value"], printed.beginning


class _Printed(threading.Thread):
    """Reads all that a process prints, so that it never waits, and keeps the beginning."""

    def __init__(self, pipe: IO[bytes]) -> None:
        super().__init__(daemon=True)
        self._pipe = pipe
        self._bytes = b""
        self.start()

    def run(self) -> None:
        while some := self._pipe.read1(65536):  # type: ignore[attr-defined]
            self._bytes += some[: 4 * SHOWN_CHARACTERS - len(self._bytes)]
        self._pipe.close()

    @property
    def beginning(self) -> str:
        text = self._bytes.decode(errors="replace").strip()
        return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"


def _quiet_airflow() -> dict[str, str]:
    """Airflow's own settings; what it logs would stand among what the learner prints."""
    return airflow_environment(
        WORK / "kernel", {"logging.logging_level": "CRITICAL", "core.dagbag_import_timeout": IMPORT_SECONDS}
    )


def sentence(error: BaseException, arguments: list[object]) -> str:
    """A sentence about an exception of the learner's code, with the line in the file, which is one of the arguments."""
    text = "".join(traceback.format_exception_only(error)).strip().splitlines()[-1].removesuffix(": None")
    if isinstance(error, SyntaxError):
        return f"Python cannot read your code: {error.msg}, line {error.lineno}."
    theirs = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in arguments]
    line = f", line {theirs[-1].lineno}: `{theirs[-1].line}`" if theirs else ""
    return f"Your code raised {text}{line}.{further(text)}"


def further(error: str) -> str:
    """What an exception means here, as a further sentence, when its own message does not say it.

    Args:
        error: the last line of the traceback.
    """
    if error.startswith("NameError"):
        return " Write everything that your code needs, imports too, inside of what stands below `@check`."
    if re.match(r"TypeError: .* missing \d+ required", error):
        return " The function is called without a value for that parameter."
    if error.startswith("SystemExit"):
        return " It ends Python, and with it the process that Airflow runs your code in."
    return ""


def _main(target: str, arguments: str, result: str) -> None:
    module, name = target.split(":")
    pid, values = os.getpid(), json.loads(arguments)
    try:
        outcome = {"value": getattr(importlib.import_module(module), name)(*values)}
    except BaseException as error:
        outcome = {"raised": sentence(error, values)}
    if os.getpid() == pid:  # a copy that the code forked says nothing
        Path(result).write_text(json.dumps(outcome, default=repr), encoding="utf-8")


if __name__ == "__main__":
    _main(*sys.argv[1:])
