"""How a notebook takes hold of Airflow: of the one that runs with its settings, or of a new one.

The write end of a named pipe, the *lifeline*, is what it holds; `workbook.stack.supervisor` holds the read end.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any

from workbook.environment import clean_environment
from workbook.locks import exclusive, is_free
from workbook.stack.errors import POLL_SECONDS, StackError, last_lines
from workbook.stack.place import ALREADY_SUPERVISED, MARKER, Place, sweep
from workbook.waits import wait_until

START_SECONDS = 600.0
END_SECONDS = 20.0
SUPERVISOR = [sys.executable, "-m", "workbook.stack.supervisor"]


def attach(place: Place, settings: Mapping[str, str]) -> int:
    """Take hold of the lifeline of the Airflow that runs with these settings, or of a new one.

    Args:
        place: where it lives, or is to live.
        settings: Airflow's own settings; an Airflow that has others is ended.

    Returns:
        The write end of the lifeline.

    Raises:
        StackError: when a former Airflow does not end, or the supervisor of a new one does not start.
    """
    place.folder.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + END_SECONDS
    while time.monotonic() < deadline:
        with exclusive(place.attaching):
            if not _supervised(place):
                lifeline = _launch(place, settings)
            elif (lifeline := _grasp(place)) is not None and not suits(state(place), settings):
                os.write(lifeline, b'{"end": ""}\n')
                os.close(lifeline)
                lifeline = None
        if lifeline is not None:
            return lifeline
        time.sleep(POLL_SECONDS)  # the former one is about to end
    raise StackError(
        f"The Airflow in {place.folder} does not stop. Stop it with: {sys.executable} -m workbook.stack stop"
    )


def end(place: Place) -> None:
    """End the Airflow in a place, for every notebook, and whatever a former one left; return when it is gone."""
    if not place.folder.exists():
        return
    deadline = time.monotonic() + END_SECONDS
    while True:
        with exclusive(place.attaching):
            if not _supervised(place) or time.monotonic() > deadline:
                sweep(place.folder)
                return
            if (lifeline := _grasp(place)) is not None:
                os.write(lifeline, b'{"end": ""}\n')
                os.close(lifeline)
        time.sleep(POLL_SECONDS)


def state(place: Place) -> dict[str, Any]:
    """What the supervisor says about itself; empty when there is none."""
    try:
        return dict(json.loads(place.state.read_text()))
    except FileNotFoundError:
        return {}


def suits(state: Mapping[str, Any], settings: Mapping[str, str]) -> bool:
    """Whether an Airflow has all the settings that are asked for; what is not asked for may be anything."""
    return settings.items() <= state.get("settings", {}).items()


def _supervised(place: Place) -> bool:
    """Whether a supervisor lives; only to be asked with the attaching lock."""
    return not is_free(place.living)


def _grasp(place: Place) -> int | None:
    """The write end of the lifeline; None when the supervisor has let go of the other end."""
    try:
        return os.open(place.lifeline, os.O_WRONLY | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno == errno.ENXIO:
            return None
        raise


def _launch(place: Place, settings: Mapping[str, str]) -> int | None:
    """Start a supervisor and return the lifeline's write end; None when somebody else was faster."""
    place.lifeline.unlink(missing_ok=True)
    place.state.unlink(missing_ok=True)
    os.mkfifo(place.lifeline, 0o600)
    # a pipe can be opened for writing only when it has a reader; the supervisor will be the second
    reader = os.open(place.lifeline, os.O_RDONLY | os.O_NONBLOCK)
    lifeline = os.open(place.lifeline, os.O_WRONLY | os.O_NONBLOCK)
    try:
        if _supervisor_answers(place, settings):
            return lifeline
    except BaseException:
        os.close(lifeline)
        raise
    finally:
        os.close(reader)
    os.close(lifeline)
    return None


def _supervisor_answers(place: Place, settings: Mapping[str, str]) -> bool:
    name = secrets.token_hex(8)
    log = place.log("supervisor")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*SUPERVISOR, str(place.folder)],
            env={**clean_environment(os.environ), MARKER: f"{place.folder.resolve()}#{name}"},
            cwd=place.folder,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # an interrupt of the notebook is none of its business
        )
    _launched.append(process)
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError), process.stdin:
        process.stdin.write(json.dumps({"name": name, "settings": dict(settings)}).encode())

    def answered() -> bool:
        return process.poll() is not None or state(place).get("name") == name

    if wait_until(answered, START_SECONDS) and process.returncode is None:
        return True
    if process.returncode == ALREADY_SUPERVISED:
        return False
    raise StackError(f"Airflow's supervisor did not start. Its log, {log}, ends with:\n{last_lines(log)}")


_launched: list[subprocess.Popen[bytes]] = []  # a child must have somebody who takes note of its end
