"""One line on the terminal that shows progress after two seconds; elsewhere a line now and then."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from dagfreeze import report

_PATIENCE = 2.0  # seconds without a word
_PATIENCE_OF_LOGS = 300.0  # the same where nobody watches, as in CI: something hangs


class Progress:
    """A line on standard error that is overwritten, if that is a terminal."""

    def __init__(self) -> None:
        self._begin = time.monotonic()
        self._width = 0
        self._next = _PATIENCE_OF_LOGS

    def __enter__(self) -> Progress:
        return self

    def say(self, text: str) -> None:
        """Show what goes on, with the seconds so far."""
        seconds = time.monotonic() - self._begin
        line = f"dagfreeze: {text} ({seconds:.0f} s)"
        if sys.stderr is None or not sys.stderr.isatty():
            if seconds > self._next:
                self._next = seconds + _PATIENCE_OF_LOGS
                report.say(line)
            return
        if seconds < _PATIENCE:
            return
        print(f"\r{line:{self._width}}", end="", file=sys.stderr, flush=True)
        self._width = len(line)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._width:
            print(f"\r{'':{self._width}}\r", end="", file=sys.stderr, flush=True)
