"""One live status line for everything that takes longer than two seconds."""

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

    In a notebook the line is a widget whose stored text is always ``title``, so that a notebook's output is
    the same after every run; on a terminal it is one line on standard error; in a pipe there is none.
    A thread counts the seconds, because a cell that runs blocks everything else in the kernel.

    Args:
        title: what is being done, such as ``Airflow parses 200 files``.
    """

    def __init__(self, title: str) -> None:
        self.title = title
        self._detail = ""
        self._started = time.monotonic()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._widget: Any = None

    def say(self, detail: str) -> None:
        """Show how far it is, such as ``120 of 200``."""
        self._detail = detail

    def __enter__(self) -> progress:
        if in_notebook():
            self._widget = _shown_line(self.title)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()
        self._show(
            f"{self.title}: {'done' if kind is None else 'stopped'}, {self._seconds():.1f} s", last=True
        )

    def _seconds(self) -> float:
        return time.monotonic() - self._started

    def _run(self) -> None:
        while not self._done.wait(REFRESH_SECONDS):
            self._show(" · ".join(filter(None, [self.title, self._detail, f"{self._seconds():.0f} s"])))

    def _show(self, line: str, last: bool = False) -> None:
        if self._widget is not None:
            self._widget.value = line
        elif sys.stderr.isatty():
            print(f"\r\033[K{line}", end="\n" if last else "", file=sys.stderr, flush=True)


def _shown_line(title: str) -> Any:
    """A label, displayed with ``title`` as its stored text: the model's id is the only thing that differs."""
    from IPython.display import display
    from ipywidgets import Label

    label = Label(value=title)
    view = {"version_major": 2, "version_minor": 0, "model_id": label.model_id}
    display({"application/vnd.jupyter.widget-view+json": view, "text/plain": title}, raw=True)
    return label
