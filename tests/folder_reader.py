"""A process that reads a folder of DAG files all the time, as Airflow does or as lightly as can be, for tests."""

from __future__ import annotations

import ast
import contextlib
import functools
import hashlib
import json
import os
import select
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

Dags = dict[str, list[str]]
"""Ids of DAGs to the names of their files."""


class Look(NamedTuple):
    """What a reader found.

    Attributes:
        still: whether the folder was the same when everything was read as when it was listed.
        files: names and digests; no digest of a file that was gone when it was to be read.
        dags: the files of each DAG.
        errors: what could not be imported, and why.
    """

    still: bool
    files: dict[str, str | None]
    dags: Dags
    errors: list[str]


class Reader:
    """The reader's other end.

    Args:
        out: the folder.
        asks_airflow: whether Airflow lists and imports the bundle around it.
    """

    def __init__(self, out: Path, *, asks_airflow: bool = False) -> None:
        self.out = out
        path = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONDONTWRITEBYTECODE": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-P", __file__, str(out), "airflow" if asks_airflow else ""],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **path},
        )

    def look(self) -> None:
        """Wait until it has read the folder once; it goes on after that, while the caller does."""
        self._ask(b"?")

    def looks(self) -> list[Look]:
        """Let it look a last time; all different things that it has seen since it was asked for them."""
        return [Look(*one) for one in json.loads(self._ask(b"!"))]

    def end(self) -> None:
        """End the process."""
        self._process.communicate()

    def _ask(self, question: bytes) -> bytes:
        assert self._process.stdin and self._process.stdout
        os.write(self._process.stdin.fileno(), question)
        answer = self._process.stdout.readline()
        assert answer, "the reader has ended"
        return answer


def look(out: Path, dags_of: Callable[[Path], tuple[Dags, list[str]]] | None = None) -> Look:
    """List a folder, and read what was listed.

    Args:
        out: the folder.
        dags_of: tells DAGs and errors of the folder's parent; without it, the files' texts do.
    """
    before = _listed(out)
    files: dict[str, str | None] = {}
    dags: Dags = {}
    errors = []
    for name in before:
        try:
            content = (out / name).read_bytes()
            files[name] = hashlib.sha256(content).hexdigest()
            for dag in _ids(content):
                dags.setdefault(dag, []).append(name)
        except FileNotFoundError:
            files[name] = None
        except SyntaxError as error:
            errors.append(f"{name}: {error}")
    if dags_of:
        dags, errors = dags_of(out.parent)
    return Look(_listed(out) == before, files, dags, errors)


def _listed(out: Path) -> dict[str, tuple[int, int]]:
    stamps = {}
    for name in sorted(os.listdir(out) if out.exists() else []):  # noqa: PTH208
        if name.endswith(".py"):
            stamps[name] = (0, 0)
            with contextlib.suppress(FileNotFoundError):  # gone meanwhile
                stat = (out / name).lstat()
                stamps[name] = (stat.st_ino, stat.st_mtime_ns)
    return stamps


@functools.cache
def _ids(content: bytes) -> list[str]:
    calls = [node for node in ast.walk(ast.parse(content)) if isinstance(node, ast.Call)]
    values = [keyword.value for call in calls for keyword in call.keywords if keyword.arg == "dag_id"]
    return [str(value.value) for value in values if isinstance(value, ast.Constant)]


def _as_airflow(bundle: Path) -> tuple[Dags, list[str]]:
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(bundle, safe_mode=False)
    dags = {dag_id: [Path(dag.fileloc).name] for dag_id, dag in bag.dags.items()}
    return dags, [f"{Path(path).name}: {error}" for path, error in sorted(bag.import_errors.items())]


def _serve(out: Path, asks_airflow: bool, answers: int) -> None:
    looks: dict[str, None] = {}
    while question := os.read(0, 1):
        for number in range(2 if asks_airflow else 5):
            looks[json.dumps(look(out, _as_airflow if asks_airflow else None))] = None
            if number == 0:
                os.write(answers, (json.dumps([json.loads(one) for one in looks]) + "\n").encode())
            if question == b"!":
                looks.clear()
            if question == b"!" or select.select([0], [], [], 0)[0]:
                break


if __name__ == "__main__":
    answers = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # Airflow logs there
    _serve(Path(sys.argv[1]), bool(sys.argv[2]), answers)
