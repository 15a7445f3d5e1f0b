"""Replaces generated files in a folder, all of them or none, whatever happens meanwhile.

A reader of the folder, and whoever finds it after a crash, sees the old files or the new ones, never some of each:

* One change, which is the everyday case, is one rename (or removal) of one file, which the file system makes whole.
* More changes are prepared in a second folder beside the first: unchanged files and files of others as hard links
  (same inode, same time of modification), changed ones written. Then the two folders change places in one step:
  ``renameat2(RENAME_EXCHANGE)`` on Linux, ``renamex_np(RENAME_SWAP)`` on macOS. A journal would not do: between its
  first and its last file a reader sees a mixture, and after a crash for as long as nobody runs the recovery.
* What is left beside the folder, after a crash or because somebody may still be listing the old folder, is cleared
  by the next run.

Where the file system cannot exchange folders or make hard links (a folder that is itself a mount point, some network
file systems), files are replaced one by one, new ones first, and the caller is told so; a run that is cut off is then
completed by the next one. Files of others that appear or change while the folders change places are carried over.

Losing power is another matter: nothing is flushed to the disk here. The next run compares and mends.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import shutil
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

Ours = Callable[[Path], bool]
"""Whether a file was made by the generator, judged by its name and content."""

# .gitignore: nothing of this belongs into a repository. .airflowignore: Airflow must not parse the second folder
# while it is prepared; the pattern matches every name both as a glob and as a regular expression.
_IGNORE = {".gitignore": "*\n", ".airflowignore": "[ -~]*\n"}


class CannotExchange(OSError):
    """The file system cannot exchange two folders in one step."""


def state_folder(out: Path) -> Path:
    """Where the lock, the memory of earlier runs and the second folder are: beside the folder of files."""
    return out.parent / f".{out.name}.generate"


@contextlib.contextmanager
def locked(out: Path, waiting: Callable[[], None]) -> Iterator[Path]:
    """Let one run at a time work on a folder, and clear what a crashed one left.

    Args:
        out: the folder of files.
        waiting: called once when another run holds the lock.

    Yields:
        The folder for the run's own files, from `state_folder`.
    """
    state = state_folder(out)
    state.mkdir(parents=True, exist_ok=True)
    with (state / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(lock, fcntl.LOCK_EX)
        for name, text in _IGNORE.items():
            if not (state / name).exists():
                (state / name).write_text(text, encoding="utf-8")
        yield state


def recover(out: Path, state: Path, ours: Ours) -> bool:
    """Clear what earlier runs left: the old folder that one exchanged, or what one that was killed had prepared.

    Returns:
        Whether files of an old folder were cleared, which had the same inodes as those that are there now.
    """
    (state / "one").unlink(missing_ok=True)
    if (state / "building").exists():
        shutil.rmtree(state / "building")  # hard links: the files themselves stay
    for folder in state.glob("ready-*"):
        if folder.name == _ready_name(folder):  # not exchanged yet
            shutil.rmtree(folder)
        else:
            _retire(folder, out, ours)
    old = list(state.glob("old-*"))
    for folder in old:
        shutil.rmtree(folder)
    return bool(old)


def publish(out: Path, state: Path, files: Mapping[str, bytes], stale: Collection[str], ours: Ours) -> bool:
    """Write and remove files of a folder in one step.

    Args:
        out: the folder; made when it does not exist.
        state: as `locked` gave it.
        files: names and contents of the files to write.
        stale: names of the files to remove.
        ours: tells generated files from others.

    Returns:
        False when the file system made it necessary to replace the files one by one.
    """
    if not out.exists():
        _prepare(None, state, files, ()).rename(out)
    elif len(files) + len(stale) == 1:
        _change_one_by_one(out, state, files, stale)
    elif files or stale:
        try:
            ready = _prepare(out, state, files, stale)
            exchange(out, ready)
        except CannotExchange:
            recover(out, state, ours)
            _change_one_by_one(out, state, files, stale)
            return False
        _retire(ready, out, ours)
    return True


def exchange(one: Path, other: Path) -> None:
    """Let two folders change places in one step.

    Raises:
        CannotExchange: where that is impossible.
    """
    sys.audit("pipelines.exchange", str(one), str(other))
    libc = ctypes.CDLL(None, use_errno=True)
    try:
        if sys.platform == "darwin":
            failed = libc.renamex_np(os.fsencode(one), os.fsencode(other), 2)
        else:
            here = -100  # AT_FDCWD
            failed = libc.renameat2(here, os.fsencode(one), here, os.fsencode(other), 2)
    except AttributeError:
        raise CannotExchange(errno.ENOSYS, "this system library cannot exchange folders") from None
    if failed:
        code = ctypes.get_errno()
        raise CannotExchange(code, os.strerror(code), str(one))


def _prepare(out: Path | None, state: Path, files: Mapping[str, bytes], stale: Collection[str]) -> Path:
    building = state / "building"
    building.mkdir()
    if out:
        shutil.copymode(out, building)
        _link_tree(out, building, {*files, *stale})
    for name, content in files.items():
        (building / name).write_bytes(content)
    # The name says which folder this is, so that `recover` knows on which side of the exchange a run was killed.
    return building.rename(state / _ready_name(building))


def _ready_name(folder: Path) -> str:
    return f"ready-{folder.stat().st_ino}"


def _link_tree(source: Path, target: Path, skip: Collection[str] = ()) -> None:
    with os.scandir(source) as entries:
        for entry in entries:
            if entry.name in skip:
                continue
            copy = target / entry.name
            if entry.is_dir(follow_symlinks=False):
                copy.mkdir()
                shutil.copymode(entry.path, copy)
                _link_tree(Path(entry.path), copy)
            elif entry.is_symlink():
                copy.symlink_to(Path(entry.path).readlink())
            else:
                _link(entry.path, copy)


def _link(source: str, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno in (errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS, errno.EXDEV):
            raise CannotExchange(error.errno, "this file system cannot make hard links", source) from None
        raise


def _change_one_by_one(out: Path, state: Path, files: Mapping[str, bytes], stale: Collection[str]) -> None:
    for name, content in files.items():
        (state / "one").write_bytes(content)
        (state / "one").replace(out / name)
    for name in stale:
        (out / name).unlink()


def _retire(old: Path, new: Path, ours: Ours) -> None:
    if new.exists():
        _carry_over(old, new, ours)
    # Renamed, so that it is not looked at again: what is missing in the new folder from now on was removed by somebody.
    old.rename(old.with_name(old.name.replace("ready-", "old-")))


def _carry_over(old: Path, new: Path, ours: Ours) -> None:
    """Take from the folder that was exchanged what others did in it since it was copied."""
    for entry in sorted(old.iterdir()):
        now = new / entry.name
        if entry.is_dir() and not entry.is_symlink():
            if now.is_dir():
                _carry_over(entry, now, ours)
            elif not now.exists():
                entry.rename(now)
        elif not entry.is_symlink() and not ours(entry) and _newer(entry, now):
            entry.replace(now)


def _newer(entry: Path, now: Path) -> bool:
    if not now.exists():
        return True
    return not now.samefile(entry) and entry.stat().st_mtime_ns > now.stat().st_mtime_ns
