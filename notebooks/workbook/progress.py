"""A live status line for everything that takes longer than two seconds."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import Any

REFRESH_SECONDS = 0.5


def in_notebook() -> bool:
    """Whether this process is a Jupyter kernel, so that a widget can be shown."""
    shell = sys.modules.get("IPython")
    ip = shell.get_ipython() if shell else None
    return ip is not None and hasattr(ip, "kernel")


class progress:
    """Show what is being waited for and for how long, until the block ends.

    In a notebook a cell has one line for all that it waits for, one after the other: a widget whose stored text is
    the first ``title``, so that a notebook's output is the same after every run. On a terminal it is a line on
    standard error; in a pipe there is none. Inside the block of another one it says nothing, for that one has said
    it already. A thread counts the seconds, because a cell that runs blocks everything else in the kernel.

    Args:
        title: what is being done, such as ``Airflow parses 200 files``.
    """

    def __init__(self, title: str) -> None:
        self.title = title
        self._detail = ""
        self._started = time.monotonic()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._widget: Any = None

    def say(self, detail: str) -> None:
        """Show how far it is, such as ``120 of 200``."""
        self._detail = detail

    def __enter__(self) -> progress:
        global _outermost
        if _outermost is None:
            if in_notebook():
                self._widget = _line_of_the_cell(self.title)
            _outermost = self
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        global _outermost
        if _outermost is not self:
            return
        _outermost = None
        self._end.set()
        self._thread.join()
        self._show(
            f"{self.title}: {'done' if kind is None else 'stopped'}, {self._seconds():.1f} s", last=True
        )

    def _seconds(self) -> float:
        return time.monotonic() - self._started

    def _run(self) -> None:
        while not self._end.wait(REFRESH_SECONDS):
            self._show(" · ".join(filter(None, [self.title, self._detail, f"{self._seconds():.0f} s"])))

    def _show(self, line: str, last: bool = False) -> None:
        if self._widget is not None:
            self._widget.value = line
        elif sys.stderr.isatty():
            print(f"\r\033[K{line}", end="\n" if last else "", file=sys.stderr, flush=True)


_outermost: progress | None = None
_line: tuple[str, Any] | None = None
"""The last cell that waited for something, by the message that made it run, and its line."""


def _line_of_the_cell(title: str) -> Any:
    """The line of the cell that runs; a new one is a label, displayed with ``title`` as its stored text."""
    global _line
    from IPython import get_ipython
    from IPython.display import display
    from ipywidgets import Label

    cell = str(get_ipython().get_parent()["header"]["msg_id"])
    if _line is None or _line[0] != cell:
        label = Label(value=title)
        # not as the label shows itself: the model's id is to be all that differs from run to run
        view = {"version_major": 2, "version_minor": 0, "model_id": label.model_id}
        display({"application/vnd.jupyter.widget-view+json": view, "text/plain": title}, raw=True)
        _line = cell, label
    return _line[1]
