"""Replaces the files of a folder one by one, each in one step, while others read them.

The folder stays the same folder: a process that has mounted it, works in it or watches it sees the new files. Each
file is the old one or the new one at any moment, also after a crash; the next run completes what a crash interrupted.

A DAG that is added, edited or removed touches its own file only, so a reader never sees it twice or misses it. When
files are resharded, or a DAG goes from one source to another, it is written to its new file before it is removed from
the old one. In between it is in two files with the same content, of which Airflow keeps one; a reader that
lists the folder before and reads the old file after may miss it until it looks again.

A loss of power is not covered: nothing is flushed to the disk here. The next run compares and repairs.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from dagfreeze.files.folder import Changes, explained

_TEMPORARY = ".dagfreeze"


@contextlib.contextmanager
def locked(out: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Let one run at a time work on a folder.

    The lock is on the folder itself and ends with its process; there is no lock file.

    Args:
        out: the folder; created if it does not exist, and removed if it is still empty at the end.
        say: called with a sentence before waiting for another run, or when the file system has no locks.

    Raises:
        FolderError: when the folder cannot be created or opened.
    """
    new_folders: list[Path] = []
    with explained(out):
        descriptor = _lock(out, new_folders, say)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # not empty: it is to stay
            for folder in new_folders:
                folder.rmdir()
        os.close(descriptor)


def replace(
    out: Path, changes: Changes, progress: Callable[[int, int], None] = lambda count, total: None
) -> None:
    """Write and remove files, new ones first; does not touch the folder when everything is current.

    Args:
        out: the folder, which exists.
        changes: from `compare`, made under the same lock.
        progress: called after each file with the number of files so far and their total.

    Raises:
        FolderError: when the system refuses; the files before that one are new then, the others old.
    """
    total = len(changes.write) + len(changes.remove)
    with explained(out):
        _clear(out)
        for count, (name, content) in enumerate(changes.write.items(), 1):
            _write(out / name, content)
            progress(count, total)
        for count, name in enumerate(changes.remove, len(changes.write) + 1):
            (out / name).unlink(missing_ok=True)
            progress(count, total)


def _lock(out: Path, new_folders: list[Path], say: Callable[[str], None]) -> int:
    while True:
        new_folders[:0] = _make(out)
        descriptor = os.open(out, os.O_RDONLY | os.O_DIRECTORY)
        try:
            _wait(out, descriptor, say)
            # While this run waited, the folder may have been removed or replaced.
            if out.is_dir() and os.path.samestat(os.fstat(descriptor), out.stat()):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _wait(out: Path, descriptor: int, say: Callable[[str], None]) -> None:
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting for another run that writes into {out}")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError as error:  # some network file systems
        say(
            f"{out} cannot be locked ({error.strerror}); see to it that no second run writes into it meanwhile"
        )


def _make(out: Path) -> list[Path]:
    missing = []
    for folder in (out, *out.parents):
        if folder.exists():
            break
        missing.append(folder)
    out.mkdir(parents=True, exist_ok=True)
    return missing


def _clear(out: Path) -> None:
    """Remove the temporary file of a run that was interrupted while writing."""
    with os.scandir(out) as entries:
        left = [
            entry.path
            for entry in entries
            if entry.name[0] == "." and entry.name.endswith(f".py{_TEMPORARY}")
        ]
    for path in left:
        Path(path).unlink()


def _write(target: Path, content: bytes) -> None:
    # Next to the target, where a rename is sure to work; hidden and without .py at the end, so that Airflow ignores it.
    temporary = target.with_name(f".{target.name}{_TEMPORARY}")
    old = target.stat() if target.exists() else None
    mode = old.st_mode & 0o777 if old else 0o666
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        if old:
            _take_over(target, temporary, old)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _take_over(target: Path, temporary: Path, old: os.stat_result) -> None:
    """Give a new file the mode, the access rights, the owner and the group of the old one, as far as permitted."""
    with contextlib.suppress(PermissionError):  # file systems without modes
        shutil.copystat(target, temporary)
    os.utime(temporary)
    for owner in (old.st_uid, -1):
        with contextlib.suppress(OSError):
            os.chown(temporary, owner, old.st_gid)
            return
