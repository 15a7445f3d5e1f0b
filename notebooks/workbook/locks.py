"""Locks of files: the system frees one when the process that holds it ends, however that was."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any


@contextmanager
def exclusive(lock: Path) -> Iterator[None]:
    """Wait for the lock of a file, which is made where there is none, and hold it during a ``with`` block."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def take(file: IO[Any]) -> bool:
    """Take the lock of an open file, until it is closed; return False when somebody else holds it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_free(lock: Path) -> bool:
    """Whether nobody holds the lock of a file, which is made where there is none."""
    with lock.open("a") as file:
        return take(file)
