"""Stands in where reads raise no audit event and no file keeps what it finds, so that nothing of it stays in a DAG."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagfreeze.watching.outside import EVERYTHING
from dagfreeze.watching.places import beyond_look_ups

if TYPE_CHECKING:
    from dagfreeze.watching.reads import Notes

WANTED_DAG = "_AIRFLOW_PARSING_CONTEXT_DAG_ID"
"""Where Airflow says at a task start which DAG it wants; `get_parsing_context` reads it there."""


def put_stand_ins(notes: Notes, stack: ExitStack) -> None:
    """Put what takes notes where an error's traceback does not show it: Airflow quotes its last lines only."""

    def put(owner: Any, name: str, stand_in: object) -> None:
        stack.callback(setattr, owner, name, vars(owner)[name])
        setattr(owner, name, stand_in)

    environ: Any = type(os.environ)
    read_all = environ.__iter__

    def iterate(self: object) -> object:
        notes.note("environment", EVERYTHING, sys._getframe(1), direct=True)
        return read_all(self)

    def start(function: object, arguments: object) -> object:
        sys.audit("_thread.start_new_thread", function, arguments, None)
        return start_thread(function, arguments)

    if sys.version_info < (3, 12):  # Python raises the event itself from then on
        start_thread = threading._start_new_thread  # type: ignore[attr-defined]
        put(threading, "_start_new_thread", start)
    put(environ, "__iter__", iterate)
    for variables in (os.environ, os.environb):
        put(variables, "encodekey", _noting_key(notes, vars(variables)["encodekey"]))
    for module in ("genericpath", os.path.__name__, Path.stat.__module__):
        put(sys.modules[module], "os", _Os(notes))
    for owner, name, kind in _airflow_look_ups():
        if original := vars(owner).get(name):  # not every Airflow 3 has them all
            function = _noting(notes, kind, getattr(original, "__func__", original))
            put(owner, name, type(original)(function) if hasattr(original, "__func__") else function)


def _noting_key(notes: Notes, encode: Callable[[object], object]) -> Callable[[object], object]:
    def encodekey(name: object) -> object:
        frame = sys._getframe(1)
        if frame.f_code.co_name == "__getitem__":
            notes.note("environment", name, frame, direct=True)
            if name == WANTED_DAG:
                notes.note("wanted", name, frame)
        return encode(name)

    return encodekey


class _Os:
    """The `os` of the modules of paths: notes what `Path.exists` and its like ask, which raises no event."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    def __getattr__(self, name: str) -> Any:
        frame = sys._getframe(1)
        code = (
            frame.f_code if name == "stat" else None
        )  # the path is the first argument of all that ask for it
        if (
            code and frame.f_back and frame.f_back.f_code.co_name != "resolve"
        ):  # which looks for rings of links
            self._notes.note("path", frame.f_locals[code.co_varnames[0]], frame, direct=True)
        return getattr(os, name)

    def getcwd(self) -> str:
        self._notes.note("machine", "os.getcwd", sys._getframe(1), direct=True)
        return os.getcwd()  # noqa: PTH109


def _airflow_look_ups() -> list[tuple[Any, str, str]]:
    from airflow.sdk.execution_time import context

    look_ups = [(context, "_get_variable_keys", "variable")]
    try:
        from airflow.sdk.execution_time.cache import SecretCache  # all look-ups ask it first
    except ImportError:  # Airflow 3.0
        from airflow.secrets.cache import SecretCache  # type: ignore[no-redef]

        look_ups += [(context, "_get_variable", "variable"), (context, "_get_connection", "connection")]
    return [
        *look_ups,
        (SecretCache, "get_variable", "variable"),
        (SecretCache, "get_connection_uri", "connection"),
    ]


def _noting(notes: Notes, kind: str, look_up: Callable[..., Any]) -> Callable[..., Any]:
    def look_up_and_note(*arguments: Any, **keywords: Any) -> Any:
        key = next((each for each in (*arguments, *keywords.values()) if isinstance(each, str)), EVERYTHING)
        notes.note(kind, key, beyond_look_ups(sys._getframe(1)))
        with notes.silence():
            return look_up(*arguments, **keywords)

    return look_up_and_note
