"""What a run of the generator remembers for the next one, so that unchanged configurations need no second look.

It saves work and decides nothing: every entry can be forgotten. A file is taken for unchanged if its two times
and its inode are. Because a file can be written twice within one tick of the clock, the times count only if
they were old enough when they were noted.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import time
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from stat import S_ISDIR

from pipelines.config import SUFFIXES

Stamp = tuple[int, int, int]
"""The two times and the inode of a file. Not its size: whatever changes it changes the second time, too."""

NO_STAMP: Stamp = (0, 0, 0)
"""Of a file that must be looked at again."""

Folder = tuple[list[str], bytes]
"""Names of the configuration files of a folder, in the order of the system, and their stamps one after the other."""

# Linux ticks every 1 to 10 ms. A file system whose times are whole milliseconds may have a coarser clock still.
_TICK_NS = 50_000_000
_COARSE_TICK_NS = 2_500_000_000


@dataclass
class Memory:
    """What the last run knew about its input and output, in a form that is quick to read and to compare.

    Attributes:
        folders: the files of each folder of the catalog.
        homes: for each file of ``folders``, the number of the generated file that its DAG is in, or -1.
        outputs: of each generated file, its stamp, and the digest of its content.
        parts: for each generated file, the paths of its configurations and the ids of their DAGs, packed.
        by_count: whether the number of DAGs alone decided which file holds which, and no file was split for its size.
        dags: how many there are.
    """

    folders: dict[str, Folder] = field(default_factory=dict)
    homes: dict[str, bytes] = field(default_factory=dict)
    outputs: dict[str, tuple[Stamp, bytes]] = field(default_factory=dict)
    parts: dict[str, bytes] = field(default_factory=dict)
    by_count: bool = True
    dags: int = 0

    def keep_parts(self, parts: Mapping[str, Iterable[tuple[str, str]]]) -> None:
        """Remember which configurations, by path and id, are in which generated file."""
        numbers: dict[str, int] = {}
        for number, (name, part) in enumerate(parts.items()):
            listed = list(part)
            self.parts[name] = marshal.dumps(listed)
            numbers |= {path: number for path, _ in listed}
        for folder, (names, _) in self.folders.items():
            self.homes[folder] = array("q", [numbers.get(f"{folder}/{name}", -1) for name in names]).tobytes()

    def part(self, name: str) -> list[tuple[str, str]]:
        """The configurations, by path and id, that are in a generated file."""
        found: list[tuple[str, str]] = marshal.loads(self.parts[name])
        return found

    def outputs_of_edited(self, seen: Mapping[str, Folder]) -> set[str] | None:
        """The generated files of configurations that were edited since.

        Returns:
            None when configurations or folders were added or removed, or defaults edited.
        """
        if seen.keys() != self.folders.keys():
            return None
        outputs = list(self.parts)
        edited = set()
        for folder, (names, stamps) in seen.items():
            known_names, known_stamps = self.folders[folder]
            if names != known_names:
                return None
            if stamps != known_stamps:
                homes = array("q", self.homes[folder])
                for index in _differing(stamps, known_stamps):
                    if homes[index] < 0:
                        return None
                    edited.add(outputs[homes[index]])
        return edited


def load(path: Path, about: str) -> Memory | None:
    """Read a memory; None if there is none, it is damaged, or it is of other options or another generator."""
    try:
        begin, data = path.read_bytes().split(b"\n", 1)
    except (OSError, ValueError):
        return None
    if begin != _seal(about, data):  # checked first: marshal trusts its input
        return None
    return Memory(*marshal.loads(data))


def save(memory: Memory, path: Path, about: str) -> None:
    """Write a memory in one step."""
    data = marshal.dumps(tuple(vars(memory).values()))
    new = path.with_suffix(".new")
    new.write_bytes(_seal(about, data) + b"\n" + data)
    new.replace(path)


def scan(catalog: str) -> dict[str, Folder]:
    """Look at every file of a catalog, without reading any; nothing when one cannot be looked at."""
    found: dict[str, Folder] = {}
    waiting = [catalog]
    try:
        while waiting:
            folder = waiting.pop()
            found[folder], below = _scan_folder(folder)
            waiting += below
    except (OSError, OverflowError):  # an inode or a time that needs more than 63 bits
        return {}
    return found


def _scan_folder(folder: str) -> tuple[Folder, list[str]]:
    """The files of a folder, and the folders in it; with the calls of the system that cost least."""
    here = os.open(folder, os.O_RDONLY)
    try:
        visible = [name for name in os.listdir(here) if name[0] != "."]  # noqa: PTH208 - by descriptor
        names = [name for name in visible if name.endswith(SUFFIXES)]
        stamps: list[int] = []
        for name in names:
            status = os.stat(name, dir_fd=here)
            stamps += (status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
        others = visible if len(visible) > len(names) else []
        below = [
            f"{folder}/{name}"
            for name in others
            if not name.endswith(SUFFIXES)
            and S_ISDIR(os.stat(name, dir_fd=here, follow_symlinks=False).st_mode)
        ]
    finally:
        os.close(here)
    return (names, array("q", stamps).tobytes()), below


def noted_folder(found: Folder, now_ns: int) -> Folder:
    """A folder as it is to be remembered: see `noted`."""
    names, stamps = found
    kept = array("q")
    for stamp in _unpacked(stamps):
        kept.extend(noted(stamp, now_ns))
    return names, kept.tobytes()


def noted(found: Stamp, now_ns: int) -> Stamp:
    """The stamp to remember: no stamp when the file was touched within a tick of the time it was looked at."""
    youngest = max(found[:2])
    tick = _TICK_NS if youngest % 1_000_000 else _COARSE_TICK_NS
    return found if youngest < now_ns - tick else NO_STAMP


def look(path: str) -> Stamp:
    """The stamp of a file; no stamp if it cannot be looked at."""
    try:
        status = os.stat(path)  # noqa: PTH116 - a Path costs as much as the look
    except OSError:
        return NO_STAMP
    return (status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def _unpacked(stamps: bytes) -> Iterable[Stamp]:
    numbers = array("q", stamps)
    return zip(numbers[0::3], numbers[1::3], numbers[2::3], strict=True)


def _differing(stamps: bytes, others: bytes) -> list[int]:
    pairs = zip(_unpacked(stamps), _unpacked(others), strict=True)
    return [index for index, (one, other) in enumerate(pairs) if one != other]


def _seal(about: str, data: bytes) -> bytes:
    return hashlib.sha256(f"{_generator()}{about}".encode() + data).hexdigest().encode()


@lru_cache(maxsize=1)
def _generator() -> str:
    """All that decides what is generated but the options and the configurations: this code and its libraries."""
    used = f"marshal {marshal.version} pydantic {version('pydantic')} pyjson5 {version('pyjson5')}"
    code = [path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))]
    return hashlib.sha256(used.encode() + b"".join(code)).hexdigest()


def wait_a_tick() -> None:
    """Let files that were just written become old enough for `noted`, where times are fine enough."""
    time.sleep(1.1 * _TICK_NS / 1e9)


def now_ns() -> int:
    """The time, for `noted`; taken before files are looked at."""
    return time.time_ns()
