"""A service in a process of its own: started, asked and turned over a second port, ended with the notebook."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import weakref
from typing import IO, Any, Self

from workbook.environment import clean_environment

START_SECONDS = 300.0
CONTROL_SECONDS = 30.0
_CONTROL = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy has no business on loopback


class ServiceError(RuntimeError):
    """A service could not start, is not running, or refused what it was asked."""


class Service:
    """A service in its own process, which ends when it is stopped, forgotten, or when this process ends.

    Attributes:
        url: its public address; the same before and after an outage.
    """

    name = "service"
    _last_paths: tuple[str, ...] = ("/",)

    def __init__(self, knobs: dict[str, float]) -> None:
        self.url = ""
        self._knobs = knobs
        self._control = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._last: dict[str, Any] = {}
        self._end: weakref.finalize[..., Any] | None = None
        # A child that this process forks could outlive it, and must not keep the service up then.
        reference = weakref.ref(self)
        os.register_at_fork(after_in_child=lambda: _let_go(reference()))

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<{self.name}: {self.url if self.running else 'stopped'}>"

    @property
    def running(self) -> bool:
        """Whether its process runs (it does during an outage)."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """Its process id, or None when it does not run."""
        return self._process.pid if self._process and self.running else None

    def start(self) -> Self:
        """Start it with empty counters on a free port; nothing to do when it runs.

        Raises:
            ServiceError: when it cannot start, with what it said.
        """
        if not self.running:
            self.stop()
            self._last, spec = {}, self._spec()
            with tempfile.TemporaryFile() as complaints:
                self._process = self._spawn(complaints)
                self._end = weakref.finalize(self, _end, self._process)
                addresses = self._first_words(self._process, spec, complaints)
            self.url, self._control = addresses["url"], addresses["control"]
        return self

    def stop(self) -> None:
        """End it; what it counted can still be read. Nothing to do when it does not run."""
        if self.running:
            with contextlib.suppress(ServiceError):
                self._last = {path: self._ask(path) for path in self._last_paths}
        if self._end:
            self._end()
        self._process = self._end = None

    def down(self) -> None:
        """An outage: connections are refused and open ones cut, until `up`; what it knows and counted stays."""
        self._ask("/down", {})

    def up(self) -> None:
        """End the outage, at the same address."""
        self._ask("/up", {})

    def reset(self) -> None:
        """Set the counters to zero."""
        self._ask("/reset", {})

    def set(self, **knobs: float) -> None:
        """Turn knobs while it runs.

        Raises:
            ServiceError: when a knob does not exist or its value is out of range; then none was turned.
        """
        self._ask("/knobs", knobs)

    @property
    def knobs(self) -> dict[str, float]:
        """How its knobs are set."""
        knobs: dict[str, float] = self._ask("/")["knobs"]
        return knobs

    def _counters(self) -> dict[str, int]:
        counters: dict[str, int] = self._ask("/")["counters"]
        return counters

    def _spec(self) -> dict[str, Any]:
        raise NotImplementedError

    def _spawn(self, complaints: IO[bytes]) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                [sys.executable, "-P", "-m", "workbook.services.server"],
                env=clean_environment(os.environ),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                # its own session: Ctrl-C in the notebook interrupts the cell, not the service
                start_new_session=True,
            )
        except OSError as problem:
            raise ServiceError(
                f"The {self.name} did not start: {problem}.\nIs the environment still there? Run `make lab` again."
            ) from problem

    def _first_words(
        self, process: subprocess.Popen[bytes], spec: dict[str, Any], complaints: IO[bytes]
    ) -> dict[str, str]:
        assert process.stdin and process.stdout
        try:
            process.stdin.write(json.dumps(spec).encode() + b"\n")
            process.stdin.flush()
        except BrokenPipeError:
            pass  # it has ended already; the reason is read below
        ready, _, _ = select.select([process.stdout], [], [], START_SECONDS)
        line = process.stdout.readline() if ready else b""
        if line:
            addresses: dict[str, str] = json.loads(line)
            return addresses
        _end(process)
        complaints.seek(0)
        last_lines = complaints.read().decode(errors="replace").strip().splitlines()[-1:] or ["nothing"]
        ended = f'it ended with code {process.returncode} and said "{last_lines[0]}"'
        raise ServiceError(
            f"The {self.name} did not start: {ended if ready else f'no answer for {START_SECONDS:g} s'}.\n"
            "Nothing is left running. Run the cell again; if that does not help, restart the kernel, or run "
            "`make lab` again."
        )

    def _ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        if body is None and self._process is None and path in self._last:
            return self._last[path]
        if self._process is None or not self.running:
            raise self._absent()
        data = None if body is None else json.dumps(body).encode()
        try:
            with _CONTROL.open(self._control + path, data, timeout=CONTROL_SECONDS) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            raise ServiceError(f"The {self.name} refused: {json.load(refused)['error']}") from None
        except OSError as problem:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=1)
                raise self._absent() from None
            raise ServiceError(
                f"The {self.name} does not answer: {problem}. Stop and start it again."
            ) from None

    def _absent(self) -> ServiceError:
        state = f"has ended with code {self._process.returncode}" if self._process else "is not running"
        return ServiceError(f"The {self.name} {state}. Start it (again) with .start() or in a with block.")


def _let_go(service: Service | None) -> None:
    if service and service._process and service._process.stdin:
        service._process.stdin.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        # closing flushes, which fails when the process is gone
        with contextlib.suppress(BrokenPipeError):
            pipe.close()  # type: ignore[union-attr]
    try:
        process.wait(timeout=5)  # it ends by itself when its standard input closes
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
