"""Builds folders of frozen files with a stand-in for the code of a DAG, for the tests of `dagfreeze`."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from dagfreeze.files.folder import Changes, compare, headers
from dagfreeze.files.header import Header
from dagfreeze.files.replace import locked, replace
from dagfreeze.files.shards import plan

Texts = Mapping[str, str]
"""Ids of DAGs to what stands for their code."""

A, B = "team/a.py", "b.py"
NOBODY, GROUP = 65534, 4321
OnWrite = Callable[[str, tuple[object, ...]], None]
WRITES = {
    "os.chmod",
    "os.chown",
    "os.link",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.setxattr",
    "os.symlink",
    "os.truncate",
    "os.utime",
}


def content(header: Header, texts: Texts) -> bytes:
    """A frozen file that a reader executes to learn its DAGs."""
    return (
        header.text() + "".join(f"DAGS.append(({dag!r}, {texts[dag]!r}))\n" for dag in header.dags)
    ).encode()


def changes_of(
    out: Path,
    sources: Mapping[str, Texts],
    dags_per_file: int = 3,
    *,
    reshard: bool = False,
    covers: Collection[str] = (),
) -> Changes:
    """What a build would change.

    Args:
        out: the folder.
        sources: the DAGs of each source.
        dags_per_file: how many a file should hold.
        reshard: whether the count is chosen anew.
        covers: sources without DAGs that the build covers as well.
    """
    old_headers = headers(out).values()
    contents: dict[str, bytes] = {}
    for source, texts in sources.items():
        files = plan(old_headers, source, {dag: 1 for dag in texts}, dags_per_file, reshard=reshard).files
        contents |= {name: content(header, texts) for name, header in files.items()}
    return compare(out, contents, lambda source: source in sources or source in covers)


def build(
    out: Path,
    sources: Mapping[str, Texts],
    dags_per_file: int = 3,
    *,
    reshard: bool = False,
    covers: Collection[str] = (),
) -> Changes:
    """Do what a build does, and return what it changed."""
    with locked(out, lambda sentence: None):
        changes = changes_of(out, sources, dags_per_file, reshard=reshard, covers=covers)
        replace(out, changes)
    return changes


def dags(number: int, prefix: str = "a") -> dict[str, str]:
    """Some DAGs."""
    return {f"{prefix}{count}": "first" for count in range(number)}


def tree(out: Path) -> dict[str, bytes]:
    """The files of a folder; a link by its target."""
    return {
        str(path.relative_to(out)): bytes(path.readlink()) if path.is_symlink() else path.read_bytes()
        for path in out.rglob("*")
        if path.is_symlink() or path.is_file()
    }


def stamps(out: Path) -> dict[str, tuple[int, int]]:
    """Inode and time of modification of each file of a folder, if there is one."""
    if not out.exists():
        return {}
    return {path.name: (path.lstat().st_ino, path.lstat().st_mtime_ns) for path in out.iterdir()}


def places(out: Path) -> dict[str, list[str]]:
    """The files of each DAG, as a reader learns them that executes what it lists."""
    files_of: dict[str, list[str]] = {}
    for name in sorted(os.listdir(out) if out.exists() else []):  # noqa: PTH208
        if name.endswith(".py"):
            namespace: dict[str, list[tuple[str, str]]] = {"DAGS": []}
            exec((out / name).read_bytes(), namespace)
            for dag, _ in namespace["DAGS"]:
                files_of.setdefault(dag, []).append(name)
    return files_of


def in_child(work: Callable[[], object], on_write: OnWrite | None = None, user: int = 0) -> int:
    """Run something in a forked process.

    Args:
        work: what to run.
        on_write: called in it before each call that changes the file system.
        user: who runs it, as a member of `GROUP` as well, if root runs the tests.

    Returns:
        The exit code: 0, what `on_write` exited with, or a negative signal.
    """
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 1
    try:
        if on_write:
            sys.addaudithook(lambda event, args: on_write(event, args) if is_write(event, args) else None)
        if user and os.geteuid() == 0:
            os.setgroups([GROUP])
            os.setgid(user)
            os.setuid(user)
        work()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def is_write(event: str, arguments: tuple[object, ...]) -> bool:
    """Whether an event of Python is a call that changes the file system; that of an open file is none."""
    if event != "open":
        return event in WRITES
    path, mode, flags = arguments
    if isinstance(path, int):
        return False
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))
