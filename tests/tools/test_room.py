"""What is looked at before a workshop, and what is said when something would fail."""

from __future__ import annotations

import os
import subprocess
import sys
import webbrowser
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from workbook.tools import room
from workbook.workspace import airflow_environment


def fail(*args: object, **kwargs: object) -> object:
    raise webbrowser.Error("none")


def test_browser_that_does_not_open_is_replaced_by_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room.webbrowser, "get", fail)
    assert "address that `make lab` prints" in room.browser().remedy
    monkeypatch.setattr(room.webbrowser, "get", lambda: SimpleNamespace())
    assert room.browser().remedy == ""


def test_a_program_on_this_machine_answers() -> None:
    assert room.loopback() == room.Finding("requests to this machine", "answered")


def test_a_proxy_that_takes_requests_to_this_machine_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")  # where nobody listens
    finding = room.loopback()
    assert "ConnectError" in finding.state and "NO_PROXY" in finding.remedy


@pytest.mark.parametrize(
    ("battery", "state", "is_good"),
    [
        (None, "no battery", True),
        (SimpleNamespace(power_plugged=True, percent=40), "plugged in", True),
        (SimpleNamespace(power_plugged=False, percent=40.4), "battery, 40 %", False),
    ],
)
def test_a_laptop_wants_to_be_plugged_in(
    battery: object, state: str, is_good: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room.psutil, "sensors_battery", lambda: battery)
    assert room.power().state == state and (room.power().remedy == "") is is_good


def test_a_clock_in_the_past_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert room.clock().remedy == ""
    monkeypatch.setattr(room.time, "time", lambda: 1e9)
    assert "Set the clock" in room.clock().remedy


def test_every_need_that_can_be_missing_has_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    needs = room.machine_check()
    missing = needs.assign(enough=needs.what == "scale")
    monkeypatch.setattr(room, "machine_check", lambda: pd.DataFrame(missing))
    assert all(finding.remedy for finding in room.findings()[: len(needs) - 1])


def test_command_says_what_to_do_and_fails(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "workbook.tools.room"]
    environment = {**os.environ, **airflow_environment(tmp_path), "HTTP_PROXY": "http://127.0.0.1:9"}
    environment |= {"NO_PROXY": "", "no_proxy": ""}
    result = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert result.returncode == 1 and "✘ requests to this machine" in result.stdout, result.stderr
    assert "To do: " in result.stdout
