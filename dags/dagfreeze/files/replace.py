"""Replaces the files of a folder one by one, each in one step, while others read them.

The folder stays the same folder: whoever has mounted it, stands in it or watches it sees the new files. Each file is
the old one or the new one at any moment, also after a crash; what a crash leaves half done, the next run completes.

A DAG that is added, edited or removed touches its own file only, so a reader never sees it twice or misses it. When
files are resharded, or a DAG goes from one source to another, it is first written where it is to be and then removed
from where it was. In between it is in two files with the same content, of which Airflow keeps one; a reader that
lists the folder before and reads the old file after may miss it until it looks again.

Losing power is another matter: nothing is flushed to the disk here. The next run compares and mends.
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

    The lock is on the folder itself, and goes with the process that holds it; no file is left lying anywhere.

    Args:
        out: the folder; made when it does not exist, and removed when it is still empty at the end.
        say: called with a sentence when another run is waited for, or when this file system knows no locks.

    Raises:
        FolderError: when there can be no such folder.
    """
    made: list[Path] = []
    with explained(out):
        descriptor = _lock(out, made, say)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # not empty: it is to stay
            for folder in made:
                folder.rmdir()
        os.close(descriptor)


def replace(
    out: Path, changes: Changes, progress: Callable[[int, int], None] = lambda done, of: None
) -> None:
    """Write and remove files, new ones first; does not touch the folder when everything is current.

    Args:
        out: the folder, which exists.
        changes: from `compare`, made under the same lock.
        progress: called after each file with how many are done, and of how many.

    Raises:
        FolderError: when the system refuses; the files before are new then, the others old.
    """
    of = len(changes.write) + len(changes.remove)
    with explained(out):
        _clear(out)
        for done, (name, content) in enumerate(changes.write.items(), 1):
            _write(out / name, content)
            progress(done, of)
        for done, name in enumerate(changes.remove, len(changes.write) + 1):
            (out / name).unlink(missing_ok=True)
            progress(done, of)


def _lock(out: Path, made: list[Path], say: Callable[[str], None]) -> int:
    while True:
        made[:0] = _make(out)
        descriptor = os.open(out, os.O_RDONLY | os.O_DIRECTORY)
        try:
            _wait(out, descriptor, say)
            # The folder that was waited for may be gone, or another by now.
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
    """Remove what a run left that was cut off while it wrote a file."""
    with os.scandir(out) as entries:
        left = [
            entry.path
            for entry in entries
            if entry.name[0] == "." and entry.name.endswith(f".py{_TEMPORARY}")
        ]
    for path in left:
        Path(path).unlink()


def _write(target: Path, content: bytes) -> None:
    # Beside the target, as only there a rename is sure to work; hidden and not called .py, as Airflow must not see it.
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
