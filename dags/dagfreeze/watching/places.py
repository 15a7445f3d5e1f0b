"""Says which line of the reader's own code led to where Python is, and whose a file is."""

from __future__ import annotations

import os
import re
import sys
import sysconfig
import threading
import zoneinfo
from pathlib import Path
from types import FrameType
from typing import NamedTuple

_PARTS_OF_THE_CALLER = {"os", "posixpath", "genericpath", "pathlib", "collections", "glob", "socket"}
"""Modules through which code reads for itself: `os.getenv` reads where it is called, not in `os`."""

_FOR_THE_CALLER = re.compile(
    r"(configparser|string|jinja2|None|pydantic\.main|pydantic_settings|dotenv|decouple|environs?|dynaconf|omegaconf)\b"
)
"""Modules that hand on what they read to who calls them: a settings class is filled from the environment, and so is
a template, whose own code has no module. Other libraries read for their own ends, such as the address of a proxy.
"""

_NOT_THE_CALLERS = {
    "importlib",
    "importlib_metadata",
    "zipimport",
    "inspect",
    "linecache",
    "tokenize",
    "traceback",
    "tempfile",
}
"""Modules that find, load or quote code, or try folders out: what happens within them, such as all that a library
does while it is imported, does not decide what the DAG file makes."""

_LOOK_UPS = (
    "airflow.sdk.execution_time",
    "airflow.secrets",
    "airflow.models.variable",
    "airflow.models.connection",
)
"""Modules by which Airflow finds Variables and connections, be it in the environment or in a database."""

_SYSTEM = ("/etc/localtime", "/etc/timezone", "/dev", "/proc", "/sys")


class Spot(NamedTuple):
    """A line of the bundle.

    Attributes:
        place: "dynamic/from_json.py:12", relative to the bundle.
        through: the line of the DAG file that led there, when `place` is in another file; else empty.
    """

    place: str
    through: str


class Places:
    """The DAG file and its bundle, as frames and paths are compared with them."""

    def __init__(self, file: Path, bundle: Path) -> None:
        libraries = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
        libraries += [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
        libraries += [*zoneinfo.TZPATH, *_SYSTEM, sys.executable]
        own_by_root = dict.fromkeys(_spellings(*libraries, Path(__file__).parents[1]), False)
        own_by_root |= dict.fromkeys(_spellings(bundle), True)
        self._own_by_root = dict(sorted(own_by_root.items(), key=lambda item: len(item[0]), reverse=True))
        self._code: dict[str | None, str | None] = {}
        self._file = self.data(str(file)) or str(file)
        self._starts: dict[int, Spot | None] = {}

    def data(self, path: str) -> str | None:
        """The path relative to the bundle if below it, the whole path elsewhere, None if it is a library's."""
        full = os.path.normpath(Path(path).absolute())
        if full.endswith(".pyc"):
            return None
        for root, is_own in self._own_by_root.items():  # the innermost first
            if _is_below(full, root):
                return (full[len(root) :].lstrip("/") or ".") if is_own else None
        return full

    def code(self, filename: str | None) -> str | None:
        """The path of the bundle's own code relative to the bundle, None for all other code."""
        if filename not in self._code:
            name = None if not filename or filename.startswith("<") else self.data(filename)
            outside = name is None or (Path(name).is_absolute() and not self._is_dag_file(name))
            self._code[filename] = None if outside else name
        return self._code[filename]

    def spot(self, frame: FrameType | None, direct: bool = False) -> Spot | None:
        """The innermost line of the bundle that led to a frame; in a thread, else the line that started the thread.

        Args:
            frame: where Python is.
            direct: whether a library's code between the two means that the library did it for itself.

        Returns:
            None if the bundle's code did not lead there, or only by importing a library.
        """
        place, last = "", frame
        while frame is not None:
            # reading a frame's code raises an audit event; reading its module costs next to nothing
            module = self.code(frame.f_globals.get("__file__"))
            if module and (file := self.code(frame.f_code.co_filename)):
                line = f"{file}:{frame.f_lineno or 0}"
                if self._is_dag_file(file):
                    return Spot(place or line, line if place else "")
                place = place or line
            elif not (
                place or module or _leads_on(frame, direct)
            ):  # a module without a file: from a text, by exec
                return None
            last, frame = frame, frame.f_back
        thread = last.f_locals.get("self") if last else None  # a thread's outermost frame is a method of it
        start = self._starts.get(id(thread)) if isinstance(thread, threading.Thread) else None
        return Spot(place, (start.through or start.place) if start else "") if place else start

    def _is_dag_file(self, name: str) -> bool:
        return _is_below(name, self._file)  # below, if it is an archive

    def remember_start(self, thread: object, frame: FrameType) -> None:
        """Remember which line starts a thread."""
        self._starts[id(thread)] = self.spot(frame)


def beyond_look_ups(frame: FrameType | None) -> FrameType | None:
    """The frame that asked Airflow for a Variable or a connection."""
    while frame and str(frame.f_globals.get("__name__")).startswith(_LOOK_UPS):
        frame = frame.f_back
    return frame


def _leads_on(frame: FrameType, direct: bool) -> bool:
    module = str(frame.f_globals.get("__name__"))
    top = module.partition(".")[0]
    if direct:
        return top in _PARTS_OF_THE_CALLER or bool(_FOR_THE_CALLER.match(module))
    if module.startswith("importlib.resources"):
        return True
    by_airflow = module.startswith(_LOOK_UPS) or module.endswith(".plugins_manager")
    return top not in _NOT_THE_CALLERS and not by_airflow


def _spellings(*paths: Path | str) -> tuple[str, ...]:
    return tuple(str(each) for path in paths for each in (Path(path).absolute(), Path(path).resolve()))


def _is_below(path: str, root: str) -> bool:
    return path == root or path.startswith(root + "/")
