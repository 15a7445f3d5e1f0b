"""The process that keeps Airflow's four components alive while a notebook needs them, and ends them after.

It is started by `workbook.stack`, in a session of its own, as ``python -m workbook.stack.supervisor``. Every notebook
that uses Airflow holds the write end of one named pipe, the *lifeline*; this process holds the read end. The
system closes a kernel's end however the kernel ends, so "nobody writes" means "nobody needs Airflow any more".
The pipe also carries commands, a line of JSON each.

Whatever is started here inherits a marker in its environment. At the end, every process that still carries it is
ended: task processes leave their parents' groups and sessions, but not their environment.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

from workbook.environment import clean_environment
from workbook.locks import take
from workbook.stack.component import Component
from workbook.stack.database import migrated_database
from workbook.stack.metrics import Collector
from workbook.stack.place import ALREADY_SUPERVISED, COMPONENTS, GRACE_SECONDS, SLOTS, Place, sweep
from workbook.waits import wait_until
from workbook.workspace import airflow_environment, free_port

POLITE_SECONDS = 3.0
TIDY = ("scheduler", "dag-processor")
"""The parts that end what they have started, in a second; the API server needs three and the triggerer eleven."""
TICK_SECONDS = 0.1
PORT_ATTEMPTS = 3


class Supervisor:
    """Runs one Airflow.

    Args:
        folder: where it lives; everything of a former one there is removed.
        name: what tells this Airflow from its predecessors.
        settings: Airflow's own settings, on top of those that make it local and small.
    """

    def __init__(self, folder: Path, name: str, settings: Mapping[str, object]) -> None:
        self.place = Place(folder)
        self.name = name
        self.settings = dict(settings)
        self.ending = False
        self.attempts = 0
        self.port = 0
        self.components = {name: Component(name, self.place) for name in COMPONENTS}
        self._last_client = time.monotonic()
        self._reported: dict[str, Any] = {}
        self._commands = b""

    def run(self) -> None:
        """Start Airflow, keep it while somebody holds the lifeline, end it."""
        self._lifeline = os.open(self.place.lifeline, os.O_RDONLY | os.O_NONBLOCK)
        self._report()
        sweep(self.place.folder, spare={os.getpid()})  # of a supervisor that was killed
        self.place.clear()
        self._guard = self._start_guard()
        self.place.dags.mkdir()
        # before anything is started: Python does not look into a folder again that was not there when it first did
        self.place.plugins.mkdir()
        self.place.folder.joinpath("airflow.cfg").write_text("# every setting comes from the environment\n")
        self._secrets = _secrets()
        migrated_database(self.place.folder / "airflow.db")
        with Collector(self.place.metrics) as self.collector:
            try:
                self._start_components()
                while not self._time_to_end():
                    for component in self.components.values():
                        component.look()
                    self._retry_taken_port()
                    self._report()
                    time.sleep(TICK_SECONDS)
            finally:
                self._end()
                self.place.state.unlink(missing_ok=True)

    def _start_guard(self) -> subprocess.Popen[bytes]:
        """Start the process that ends everything when this one is killed: its standard input closes then."""
        return subprocess.Popen(
            [sys.executable, "-m", "workbook.stack.supervisor", "--guard", str(self.place.folder)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def _start_components(self) -> None:
        self.attempts += 1
        self.port = int(str(self.settings.get("api.port") or free_port()))
        for component in self.components.values():
            self._start(component)

    def _start(self, component: Component) -> None:
        arguments = {
            "api-server": ["--host", "127.0.0.1", "--port", str(self.port), "--workers", "1"],
            # their log servers listen on every address, and the logs are on this machine anyhow
            "scheduler": ["--skip-serve-logs"],
            "triggerer": ["--skip-serve-logs"],
        }
        component.start(arguments.get(component.name, []), self._environment())

    def _environment(self) -> dict[str, str]:
        url = f"http://127.0.0.1:{self.port}"
        folder = self.place.folder
        settings: dict[str, object] = {
            "core.dags_folder": self.place.dags,
            "core.executor": "LocalExecutor",
            "core.parallelism": SLOTS,
            "core.execution_api_server_url": f"{url}/execution/",
            "api.base_url": url,
            "api.maximum_page_limit": 1000,
            "api_auth.jwt_expiration_time": 30 * 24 * 3600,  # a notebook may stay open for days
            "dag_processor.refresh_interval": 2,  # how soon a new file is seen
            "dag_processor.bundle_refresh_check_interval": 1,
            "dag_processor.dag_bundle_storage_path": folder / "bundles",
            "workers.min_heartbeat_interval": 1,  # how soon a missed end of a task is seen; 5 by itself
            "logging.colored_console_log": False,
            "logging.logging_level": "INFO",  # learners read the logs of their tasks
            **self._secrets,
            **self.collector.settings,
            **self.settings,
        }
        return {**clean_environment(os.environ), **airflow_environment(folder, settings)}

    def _time_to_end(self) -> bool:
        if self._somebody_listens():
            self._last_client = time.monotonic()
        if not self.ending and time.monotonic() - self._last_client < GRACE_SECONDS:
            return False
        return self._close_the_door()

    def _close_the_door(self) -> bool:
        """Remove the lifeline, unless a notebook attaches at this moment; return whether it is gone."""
        with self.place.attaching.open("a") as lock:
            if not take(lock):
                return False
            if self._somebody_listens() and not self.ending:
                self._last_client = time.monotonic()
                return False
            os.close(self._lifeline)
            self.place.lifeline.unlink(missing_ok=True)
            return True

    def _somebody_listens(self) -> bool:
        """Obey the commands that notebooks have sent, and return whether one still holds the lifeline."""
        try:
            received = os.read(self._lifeline, 1 << 16)
        except BlockingIOError:
            return True  # a writer that is silent
        *commands, self._commands = (self._commands + received).split(b"\n")
        for command in filter(None, commands):
            self._obey(json.loads(command))
        return received != b""

    def _obey(self, command: dict[str, str]) -> None:
        match command:
            case {"end": _}:
                self.ending = True
            case {"restart": name}:
                component = self.components[name]
                self._stop([component])
                self._start(component)

    def _retry_taken_port(self) -> None:
        """Start again with another port when another process took ours between its choice and its use."""
        server = self.components["api-server"]
        pinned = "api.port" in self.settings
        if server.returncode is None or pinned or self.attempts >= PORT_ATTEMPTS:
            return
        if b"address already in use" in server.place.log(server.name).read_bytes():
            self._stop(self.components.values(), awaited=TIDY)
            for name in COMPONENTS:
                self.place.log(name).unlink(missing_ok=True)
            self._start_components()

    def _stop(self, components: Collection[Component], awaited: Collection[str] = COMPONENTS) -> None:
        """End components and what they started: politely, then for good, as soon as those ``awaited`` have ended."""
        leaders = {
            component.name: component.process for component in components if component.process is not None
        }
        for component in components:
            component.signal(signal.SIGTERM)
        parts = [leader for name, leader in leaders.items() if name in awaited]
        wait_until(lambda: all(part.poll() is not None for part in parts), POLITE_SECONDS)
        for component in components:
            component.signal(signal.SIGKILL)
        for leader in leaders.values():
            leader.wait()

    def _end(self) -> None:
        self.ending = True
        with contextlib.suppress(OSError):  # a full disk does not keep anything alive
            self._report()
        self._stop(self.components.values(), awaited=TIDY)
        sweep(self.place.folder, spare={os.getpid(), self._guard.pid})
        assert self._guard.stdin is not None
        self._guard.stdin.close()
        self._guard.wait()

    def _report(self) -> None:
        state = {
            "name": self.name,
            "pid": os.getpid(),
            "url": f"http://127.0.0.1:{self.port}" if self.port else None,
            "settings": {key: str(value) for key, value in self.settings.items()},
            "ending": self.ending,
            "components": {name: component.report() for name, component in self.components.items()},
        }
        if state != self._reported:
            new = self.place.state.with_suffix(".new")
            new.write_text(json.dumps(state, indent=1))
            new.replace(self.place.state)
            self._reported = state


def _secrets() -> dict[str, object]:
    return {
        "api.secret_key": secrets.token_urlsafe(32),
        "api_auth.jwt_secret": secrets.token_urlsafe(32),
        "core.fernet_key": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    }


def guard(folder: Path) -> None:
    """Wait for the end of the supervisor that started this process, then end what it could not."""
    parent = os.getppid()
    sys.stdin.buffer.read()
    sweep(folder, spare={os.getpid(), parent})


def main(folder: Path) -> int:
    """Supervise the Airflow in ``folder``; its name and settings come on standard input, as JSON."""
    request = json.load(sys.stdin)
    with Place(folder).living.open("a") as lock:
        if not take(lock):
            return ALREADY_SUPERVISED
        supervisor = Supervisor(folder, request["name"], request["settings"])

        def end(number: int, frame: FrameType | None) -> None:
            supervisor.ending = True

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        supervisor.run()
    return 0


if __name__ == "__main__":
    if sys.argv[1] == "--guard":
        guard(Path(sys.argv[2]))
    else:
        sys.exit(main(Path(sys.argv[1])))
