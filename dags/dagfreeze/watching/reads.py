"""Notes what the import of a DAG file reads from outside, each with its line: what is decided at build time.

Three means, and none changes what the file gets: Python's audit events (PEP 578); stand-ins where no file keeps
what it finds (the class of `os.environ`, the `os` of the modules of paths, Airflow's own look-ups); and, for
functions in C that raise no event (`datetime.now`), the calls that the bundle's code makes: from Python 3.12 on by
`sys.monitoring`, before by `sys.setprofile`, begun only where the bundle's code has the name of such a function.
"""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, NamedTuple

from dagfreeze.watching.outside import CALLS, EVENTS, EVERYTHING, call, call_by_name, harmless, text
from dagfreeze.watching.places import Places
from dagfreeze.watching.stand_ins import put_stand_ins

SENTENCES = {
    "variable": 'Variable "{}", read',
    "connection": 'Connection "{}", read',
    "environment": "Environment variable {}, read",
    "wanted": "Wanted DAG ({}), asked for",
    "file": "File {}, read",
    "folder": "Folder {}, listed",
    "path": "Path {}, looked up",
    "status": "Status of a path ({}), read",
    "address": "Address {}, asked",
    "program": "Program {}, started",
    "time": "Time ({}), read",
    "random": "Random value ({}), drawn",
    "machine": "Property of the machine ({}), read",
}
"""The kinds of reads, each with its words."""


class Read(NamedTuple):
    """Something from outside that an import used.

    Attributes:
        kind: one of `SENTENCES`.
        what: its name, never its value: a path relative to the bundle if below it, host and port, a key.
        place: the line of the bundle that read it, "dynamic/from_json.py:12".
        through: the line of the DAG file that led there, when `place` is in another file; else empty.
        times: how often.
    """

    kind: str
    what: str
    place: str
    through: str
    times: int


def sentence(read: Read) -> str:
    """Say what was read and where: 'Variable "region", read at dynamic/x.py:12 (3 times)'."""
    subject = SENTENCES[read.kind].replace("{}", read.what)
    if read.kind == "environment" and read.what == EVERYTHING:
        subject = "All environment variables, read"
    through = f", called at {read.through}" if read.through else ""
    times = f" ({read.times} times)" if read.times > 1 else ""
    return f"{subject} at {read.place}{through}{times}"


@contextmanager
def watch(file: Path, bundle: Path) -> Iterator[Callable[[], list[Read]]]:
    """Note what is read while this process imports one DAG file.

    Args:
        file: the DAG file, or the archive that holds it.
        bundle: the folder whose code is the reader's own.

    Yields:
        A function that returns the reads up to now, in the order of files and lines.

    For a process that ends afterwards: an audit hook cannot be removed, it is only quiet after the context.
    """
    notes = Notes(Places(file, bundle))
    with ExitStack() as stack:
        stack.callback(notes.end)
        put_stand_ins(notes, stack)
        sys.addaudithook(notes.hear)
        yield notes.reads


Note = tuple[str, str, str, str]
"""All of a `Read` but the times."""


class Notes:
    """Takes notes of audit events, of calls, and of what stand-ins report."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._notes: list[Note] = []  # to append, unlike to count, is safe between threads
        self._thread = threading.local()
        self._over = False
        self._profiled: set[str] = set()
        if sys.version_info >= (3, 12):
            self._tool = next(tool for tool in range(6) if sys.monitoring.get_tool(tool) is None)
            sys.monitoring.use_tool_id(self._tool, "dagfreeze")
            sys.monitoring.register_callback(self._tool, sys.monitoring.events.CALL, self._monitor)

    def end(self) -> None:
        self._over = True
        if sys.getprofile() == self._profile:
            sys.setprofile(None)
            threading.setprofile(None)

    def reads(self) -> list[Read]:
        notes = Counter(self._notes)
        reads = [Read(*note, times) for note, times in notes.items() if not _is_covered(note, notes)]
        reads = [read._replace(kind="address") if read.kind == "peer" else read for read in reads]
        return sorted(reads, key=_order)

    def note(self, kind: str, name: object, frame: FrameType | None, direct: bool = False) -> None:
        """Note a read if the bundle's code made it; `direct`: if no library made it for its own ends."""
        if self._is_silent():
            return
        self._thread.silent = True
        try:
            spot = self._places.spot(frame, direct)
            what = text(name) if spot else None
            if what and kind in ("file", "folder", "path"):
                what = self._places.data(what)
            if what and spot:
                self._notes.append((kind, harmless(what), *spot))
        finally:
            self._thread.silent = False

    @contextmanager
    def silence(self) -> Iterator[None]:
        """Note nothing that this thread does meanwhile: it is part of what is noted already."""
        before, self._thread.silent = self._is_silent(), True
        try:
            yield
        finally:
            self._thread.silent = before

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Audit hook; it hears every event of the process, so it is fast with those that do not count."""
        if event in EVENTS:
            frame = sys._getframe(1)
            if event == "os.posix_spawn" and frame.f_globals.get("__name__") == "subprocess":
                return  # which raised an event before
            if not self._is_silent() and (read := EVENTS[event](*arguments)):
                self.note(*read, frame, direct=event == "socket.gethostname")
        elif event == "exec":
            self._follow(arguments[0])
        elif event in ("_thread.start_new_thread", "_thread.start_joinable_thread") and not self._is_silent():
            with self.silence():
                self._places.remember_start(getattr(arguments[0], "__self__", None), sys._getframe(1))

    def _is_silent(self) -> bool:
        return self._over or getattr(self._thread, "silent", False)

    def _follow(self, code: object) -> None:
        """Begin to notice the calls of code that is about to be executed, if it is the bundle's."""
        if self._over or not isinstance(code, CodeType) or not self._places.code(code.co_filename):
            return
        self._profiled.add(code.co_filename)
        codes = list(_with_nested(code))
        if sys.version_info >= (3, 12):
            for each in codes:
                sys.monitoring.set_local_events(self._tool, each, sys.monitoring.events.CALL)
            return
        names = {part for each in codes for name in each.co_names for part in (name, name.partition(".")[0])}
        if sys.getprofile() is None and any(names.issuperset(call_names) for call_names in CALLS):
            threading.setprofile(self._profile)
            sys.setprofile(self._profile)

    def _monitor(self, code: CodeType, offset: int, function: object, first: object) -> None:
        if read := call(function, first):
            self.note(*read, sys._getframe(1), direct=True)

    def _profile(self, frame: FrameType, event: str, argument: Any) -> None:
        # called for every call, those in libraries included: the fastest checks come first
        if event == "c_call":
            if _file(frame) in self._profiled and (read := call(argument)):
                self.note(*read, frame, direct=True)
        elif event == "call" and _file(caller := frame.f_back) in self._profiled:
            module, owner = str(frame.f_globals.get("__name__")), frame.f_locals.get("self")
            if read := call_by_name(module, frame.f_code.co_name, owner):
                self.note(*read, caller, direct=True)


def _is_covered(note: Note, notes: Counter[Note]) -> bool:
    """Whether another note of the same line covers it."""
    kind, what, *spot = note
    if kind == "path":
        return ("file", what, *spot) in notes or ("folder", what, *spot) in notes
    if kind == "peer":  # a connection to what a name was resolved to a moment before
        port = ":" + what.rpartition(":")[2]
        return any(each[0] == "address" and [*each[2:]] == spot and each[1].endswith(port) for each in notes)
    return kind == "environment" and what != EVERYTHING and (kind, EVERYTHING, *spot) in notes


def _file(frame: FrameType | None) -> object:
    return frame and frame.f_globals.get("__file__")  # reading its code would raise an audit event


def _order(read: Read) -> tuple[str, int, str, str, str]:
    file, _, line = read.place.rpartition(":")
    return file, int(line), read.through, read.kind, read.what


def _with_nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _with_nested(constant)
