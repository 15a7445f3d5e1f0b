"""Finds on a machine what would fail in the room: ``python -m workbook.tools.room`` exits 1 if something would."""

from __future__ import annotations

import sys
import threading
import time
import webbrowser
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import NamedTuple

import httpx
import psutil

from workbook.lesson.machine import machine_check
from workbook.workspace import ROOT


class Finding(NamedTuple):
    """Something that a room needs.

    Attributes:
        what: it is.
        state: of it on this machine.
        remedy: what to do; nothing when it is there.
    """

    what: str
    state: str
    remedy: str = ""


REMEDIES = {
    "Python": "Install Python 3.11, 3.12 or 3.13, remove .venv and run `make lab` again.",
    "Airflow": "Remove .venv and run `make lab` again.",
    "free memory": "Close other programs; a browser with many tabs takes more than the workbook.",
    "free disk": "Make room on the disk that holds this folder.",
}


def findings() -> list[Finding]:
    """Everything that was looked at, in the order in which a room would meet it."""
    machine = machine_check()
    needs = [
        Finding(what, state, "" if enough else REMEDIES[what])
        for what, state, _, enough in machine.itertuples(index=False)
    ]
    return [*needs, browser(), loopback(), power(), clock()]


def browser() -> Finding:
    """Whether a page opens by itself."""
    try:
        name = type(webbrowser.get()).__name__
    except webbrowser.Error:
        return Finding(
            "browser", "none that opens by itself", "Open the address that `make lab` prints in a browser."
        )
    return Finding("browser", name)


def loopback() -> Finding:
    """Whether a program on this machine reaches another one: a proxy or a firewall may stand between them."""
    server = HTTPServer(("127.0.0.1", 0), _Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    try:
        text = httpx.get(
            address, timeout=10
        ).text  # as a notebook does, with what the shell says about proxies
    except httpx.HTTPError as error:
        text = f"{type(error).__name__}: {error}"
    finally:
        server.shutdown()
        server.server_close()
    if text == _Answer.TEXT:
        return Finding("requests to this machine", "answered")
    return Finding(
        "requests to this machine",
        text.strip()[:100],
        "Let the proxy or the firewall leave 127.0.0.1 alone: NO_PROXY=127.0.0.1,localhost.",
    )


class _Answer(BaseHTTPRequestHandler):
    TEXT = "here"

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.TEXT.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def power() -> Finding:
    """Whether a laptop is plugged in: one that saves power measures something else than yesterday."""
    battery = psutil.sensors_battery()
    if battery is None or battery.power_plugged:
        return Finding("power", "no battery" if battery is None else "plugged in")
    return Finding("power", f"battery, {battery.percent:.0f} %", "Plug in the power supply.")


def clock() -> Finding:
    """Whether the clock is later than the newest file of the repository: Airflow refuses tokens from the future."""
    newest = max(path.stat().st_mtime for path in (ROOT / "notebooks").glob("*.ipynb"))
    shown = time.strftime("%Y-%m-%d %H:%M")
    is_late = time.time() >= newest
    return Finding(
        "clock", shown, "" if is_late else "Set the clock: it is older than the files of this folder."
    )


def main() -> int:
    """Print what was found; 1 when something has to be done."""
    results = findings()
    width = max(len(one.what) for one in results)
    for one in results:
        print(f"{'✔' if not one.remedy else '✘'} {one.what:{width}}  {one.state}")
        if one.remedy:
            print(f"  {'':{width}}  {one.remedy}")
    remedies = [one for one in results if one.remedy]
    print("Ready. Now run notebook 00 to the end." if not remedies else f"To do: {len(remedies)}.")
    return 1 if remedies else 0


if __name__ == "__main__":
    sys.exit(main())
