"""Compares a folder of frozen files with what should be in it; only reads.

A frozen file belongs to the source that its header names. Everything without a header belongs to a person: other
files, folders, links. Neither the files of a person nor those of sources that a build does not cover are ever
touched; when one of them is in the way, nothing is written.
"""

from __future__ import annotations

import contextlib
import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

from dagfreeze.files.header import Header, read_header
from dagfreeze.files.texts import dag_texts
from dagfreeze.refusal import Refused

Covers = Callable[[str], bool]
"""Whether a source, as a header names it, is one of those that a build freezes."""

_SHOWN = 5


class FolderError(Refused):
    """Something about the folder that keeps a build from writing into it."""


@dataclass(frozen=True)
class Changes:
    """How a folder differs from what should be in it.

    Attributes:
        write: names and contents of the files that are missing or different, in the order to write them in: one that
            gains a DAG before the one that loses it.
        remove: names of the frozen files that are not needed any more.
        unchanged: names of the files that are right, except for ends of lines.
        before: contents of the files in `write`, as far as they exist, and in `remove`.
        added: ids of the DAGs that no file of these sources has yet.
        removed: ids of the DAGs that no file of these sources will have any more.
        changed: ids of the DAGs whose code will change.
        moved: ids of the DAGs that go to another file.
        dags: how many DAGs these sources have in the folder now.
    """

    write: dict[str, bytes]
    remove: tuple[str, ...]
    unchanged: tuple[str, ...]
    before: dict[str, bytes]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    moved: tuple[str, ...]
    dags: int

    def __bool__(self) -> bool:
        return bool(self.write or self.remove)


class _File(NamedTuple):
    header: Header
    content: bytes


def headers(out: Path) -> dict[str, Header]:
    """Read what the frozen files of a folder say at their top.

    Args:
        out: the folder; it may not exist yet.

    Returns:
        Names of the files to their headers.

    Raises:
        FolderError: when the folder cannot be read.
    """
    return {name: file.header for name, file in _frozen(out).items()}


def compare(out: Path, contents: Mapping[str, bytes], covers: Covers) -> Changes:
    """Find out what has to be written and removed.

    Args:
        out: the folder; it may not exist yet.
        contents: names and contents of all files of the sources that the build covers, each with its header.
        covers: tells the sources of this build from others.

    Returns:
        The changes.

    Raises:
        FolderError: when the folder cannot be read, when a file of somebody else has a name that is wanted, or when a
            DAG is frozen from another source already.
    """
    files = _frozen(out)
    others = {name: file for name, file in files.items() if not covers(file.header.source)}
    ours = {name: file for name, file in files.items() if name not in others}
    new = {name: _header(name, content) for name, content in contents.items()}
    _check_names(out, new, ours, others)
    _check_ids(out, new, others)
    unchanged = {name for name in contents if name in ours and _same(ours[name].content, contents[name])}
    remove = tuple(sorted(ours.keys() - contents.keys()))
    before = {name: file.header for name, file in ours.items()}
    then, now = _places(before), _places(new)
    order = _order(contents.keys() - unchanged, before, now)
    old = _texts(ours[name].content for name in [*order, *remove] if name in ours)
    renewed = _texts(contents[name] for name in order)
    return Changes(
        write={name: contents[name] for name in order},
        remove=remove,
        unchanged=tuple(sorted(unchanged)),
        before={name: ours[name].content for name in [*order, *remove] if name in ours},
        added=tuple(sorted(now.keys() - then.keys())),
        removed=tuple(sorted(then.keys() - now.keys())),
        changed=tuple(sorted(dag for dag in then.keys() & renewed.keys() if old.get(dag) != renewed[dag])),
        moved=tuple(sorted(dag for dag in then.keys() & now.keys() if not now[dag] <= then[dag])),
        dags=len(then),
    )


def check_removals(changes: Changes, allowed: int | None = None, logged: str = "") -> None:
    """Refuse to remove many DAGs unasked: an input that is only a part of the input looks like that.

    Args:
        changes: from `compare`.
        allowed: DAGs that may go. Without it, a tenth of them, but three of a few and no more than ten of many; none
            when an import has logged an error, because loaders leave out what they cannot read.
        logged: such an error.

    Raises:
        FolderError: with the number of the DAGs and the first of them.
    """
    if allowed is None:
        allowed = 0 if logged else min(10, max(3, changes.dags // 10))
    if (number := len(changes.removed)) > allowed:
        raise FolderError(
            f"{number} of {changes.dags} DAGs would be removed: {listed(changes.removed)}"
            + (f"; and an error was logged: {logged}" if logged else ""),
            f"If they are to go, say so with --max-removed {number}; if not, look for what is missing in the sources.",
        )


@contextlib.contextmanager
def explained(out: Path) -> Iterator[None]:
    """Say in a sentence what the system refuses.

    Raises:
        FolderError: instead of an `OSError`, with the path.
    """
    try:
        yield
    except OSError as error:
        place = error.filename or str(out)
        inside = "" if Path(place) == out else f" ({place})"
        raise FolderError(
            f"{out}: {(error.strerror or str(error)).lower()}{inside}",
            "--out has to be a folder in which files may be read and written: choose another one, or fix this one.",
        ) from error


def _frozen(out: Path) -> dict[str, _File]:
    files = {}
    with explained(out):
        for path in _python_files(out):
            with contextlib.suppress(FileNotFoundError):  # removed meanwhile
                content = path.read_bytes()
                if header := read_header(content):
                    files[path.name] = _File(header, content)
    return files


def _python_files(out: Path) -> list[Path]:
    try:
        with os.scandir(out) as entries:
            files = [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
    except FileNotFoundError:
        return []
    return [out / name for name in sorted(files) if name.endswith(".py")]


def _header(name: str, content: bytes) -> Header:
    if header := read_header(content):
        return header
    raise ValueError(f"{name} has no header")


def _check_names(
    out: Path, new: Mapping[str, Header], ours: Collection[str], others: Mapping[str, _File]
) -> None:
    for name, header in new.items():
        if name in others:
            raise FolderError(
                f"{out / name} is wanted for {header.source}, but was frozen from {others[name].header.source}",
                "Remove the file, or choose another --out.",
            )
        # Look the path up: the file system may take more names for equal than Python does.
        if name not in ours and os.path.lexists(out / name):
            raise FolderError(
                f"{out / name} is wanted for {header.source}, but is not a file that dagfreeze wrote",
                "Move it away, or choose another --out.",
            )


def _check_ids(out: Path, new: Mapping[str, Header], others: Mapping[str, _File]) -> None:
    places = {dag: name for name, file in others.items() for dag in file.header.dags}
    for header in new.values():
        for dag in header.dags:
            if dag in places:
                name = places[dag]
                source = others[name].header.source
                raise FolderError(
                    f"DAG {dag} of {header.source} is already in {out / name}, frozen from {source}",
                    f"Was {source} renamed, or has it the DAG no more? Then name both files, even if one is gone. "
                    "If both make the DAG, rename it in one of them.",
                )


def _texts(contents: Iterable[bytes]) -> dict[str, str]:
    return {dag_id: text for content in contents for dag_id, text in dag_texts(content).items()}


def _same(old: bytes, new: bytes) -> bool:
    return old.replace(b"\r\n", b"\n") == new.replace(b"\r\n", b"\n")


def _places(headers: Mapping[str, Header]) -> dict[str, set[str]]:
    places = defaultdict(set)
    for name, header in headers.items():
        for dag in header.dags:
            places[dag].add(name)
    return places


def _order(write: set[str], before: Mapping[str, Header], now: Mapping[str, set[str]]) -> list[str]:
    """Put files that gain a DAG before those that lose it; where files exchange DAGs, one has to come first."""
    sorter = TopologicalSorter[str]()
    for name in write:
        losing = before[name].dags if name in before else ()
        gaining = {place for dag in losing for place in now.get(dag, ())}
        sorter.add(name, *(gaining & write - {name}))
    with contextlib.suppress(CycleError):
        sorter.prepare()
    order: list[str] = []
    while ready := sorter.get_ready():
        order += sorted(ready)
        sorter.done(*ready)
    return order + sorted(write - set(order))


def listed(dags: Collection[str]) -> str:
    """The first of some names, and how many others there are."""
    names = sorted(dags)
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
