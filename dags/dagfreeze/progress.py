"""One line on the terminal that shows progress after two seconds."""

from __future__ import annotations

import sys
import time
from types import TracebackType

_PATIENCE = 2.0  # seconds without a word


class Progress:
    """A line on standard error that is overwritten; nothing when that is not a terminal."""

    def __init__(self) -> None:
        self._begin = time.monotonic()
        self._width = 0

    def __enter__(self) -> Progress:
        return self

    def say(self, text: str) -> None:
        """Show what goes on, with the seconds so far."""
        seconds = time.monotonic() - self._begin
        if seconds < _PATIENCE or not sys.stderr.isatty():
            return
        line = f"dagfreeze: {text} ({seconds:.0f} s)"
        print(f"\r{line:{self._width}}", end="", file=sys.stderr, flush=True)
        self._width = len(line)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._width:
            print(f"\r{'':{self._width}}\r", end="", file=sys.stderr, flush=True)
