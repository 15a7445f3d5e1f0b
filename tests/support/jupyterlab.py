"""A real JupyterLab on a folder, for tests in a browser."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page

from workbook.stack.kernels import kernel_environment

SECONDS = 1000  # Playwright counts in milliseconds


@contextmanager
def jupyterlab(root: Path, scratch: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Start JupyterLab, and interrupt it after the block.

    Args:
        root: the folder that it shows.
        scratch: a folder to throw away.

    Yields:
        Its address with its token, and its process.
    """
    options = ["--no-browser", "--LabApp.expose_app_in_browser=True"]
    folders = f"Path({str(root)!r}), Path({str(scratch / 'jupyter')!r})"
    program = f"from pathlib import Path; from workbook.tools import lab; lab.run({options!r}, {folders})"
    log = scratch / "lab.log"
    with (
        log.open("w") as output,
        subprocess.Popen(
            [sys.executable, "-c", program],
            env=kernel_environment(scratch),
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as server,
    ):
        try:
            yield _address_in(log, server), server
        finally:
            server.send_signal(signal.SIGINT)


def _address_in(log: Path, server: subprocess.Popen[bytes]) -> str:
    for _ in range(3000):
        if address := re.search(r"http://127\.0\.0\.1:\d+/lab/\S+token=\S+", log.read_text()):
            return address.group()
        if server.poll() is not None:
            break
        try:
            server.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            continue
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()}")


def wait_until_ready(page: Page, address: str) -> None:
    """Open JupyterLab, and wait until it can be used."""
    page.goto(address)
    page.wait_for_function("window.jupyterapp?.commands.hasCommand('docmanager:open')", timeout=300 * SECONDS)
    page.evaluate("() => window.jupyterapp.restored")
