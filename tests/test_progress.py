"""Whoever waits is told so: one line for each cell, and none inside the block of another one."""

from __future__ import annotations

import io
import re
import sys
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from workbook import progress as module
from workbook.progress import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Terminal]:
    """What puts a terminal in the place of standard error, from within a test: pytest replaces it before each."""

    def put() -> Terminal:
        monkeypatch.setattr(module, "REFRESH_SECONDS", 0.02)
        monkeypatch.setattr(sys, "stderr", screen := Terminal())
        return screen

    return put


def test_a_terminal_shows_what_is_waited_for_and_how_it_ended(terminal: Callable[[], Terminal]) -> None:
    screen = terminal()
    with progress("Starting") as line:
        line.say("2 of 3")
        while "Starting · 2 of 3 · 0 s" not in screen.getvalue():
            time.sleep(0.01)
    with pytest.raises(KeyboardInterrupt), progress("Starting again"):
        raise KeyboardInterrupt
    text = screen.getvalue()
    assert re.search(r"Starting: done, \d+\.\d s\n", text)
    assert re.search(r"Starting again: stopped, \d+\.\d s\n", text)


def test_inside_another_one_nothing_is_said(terminal: Callable[[], Terminal]) -> None:
    screen = terminal()
    with progress("All of it"):
        for number in range(2):
            with progress(f"part {number}") as line:
                line.say("detail")
                time.sleep(0.1)
    text = screen.getvalue()
    assert "part" not in text
    assert "detail" not in text
    assert "All of it: done" in text


def test_a_cell_has_one_line_whose_stored_text_is_its_first_title(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[dict[str, Any]] = []
    message = {"msg_id": "first"}
    kernel = SimpleNamespace(get_parent=lambda: {"header": dict(message)})
    monkeypatch.setattr(module, "in_notebook", lambda: True)
    monkeypatch.setattr("IPython.get_ipython", lambda: kernel)
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    lines = []
    for title in ("Starting Airflow", "Waiting for the run to finish"):
        with progress(title) as line:
            lines.append(line._widget)
    message["msg_id"] = "second"
    with progress("Waiting for the run to finish"):
        pass
    assert [data["text/plain"] for data in shown] == ["Starting Airflow", "Waiting for the run to finish"]
    assert lines[0] is lines[1]
    assert lines[0].value.startswith("Waiting for the run to finish: done")
