"""Airflow's own StatsD metrics, collected on loopback and read as a DataFrame."""

from __future__ import annotations

import re
import socket
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

KINDS = {"c": "counter", "g": "gauge", "ms": "timer", "s": "set"}
LINE = re.compile(r"(\S+) ([^,:|]+)((?:,[^:|]*)?):([-+]?[0-9.eE+-]+)\|(\w+)")
RECEIVE_BUFFER_BYTES = 4 << 20  # a cycle over thousands of files sends in bursts
CALL, LAST_CALL = "?", "!"  # what the collector sends itself; no metric begins so


class Metric(NamedTuple):
    """One line that Airflow sent.

    Attributes:
        time: seconds since the epoch, when it arrived.
        name: Airflow's name, such as ``executor.open_slots``.
        kind: ``counter``, ``gauge`` or ``timer``.
        value: what was sent; a timer's is in milliseconds.
        tags: what the value belongs to, such as ``{"file_name": "orders"}``.
    """

    time: float
    name: str
    kind: str
    value: float
    tags: dict[str, str]


class Collector:
    """Listens for StatsD lines on a free loopback port until its `close`.

        with Collector() as collector:
            run_airflow(settings=collector.settings)
            collector.frame()

    Args:
        path: a file to keep the lines in; without one they are lost with the collector.

    Attributes:
        port: the UDP port on 127.0.0.1.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        self._socket.bind(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self._file: IO[str] = path.open("a+") if path else tempfile.TemporaryFile("a+")  # noqa: SIM115
        self._lock = threading.Lock()
        self._called = 0
        self._heard = 0
        self._hearing = threading.Condition()
        self._listener = threading.Thread(target=self._listen, name="statsd", daemon=True)
        self._listener.start()

    @property
    def settings(self) -> dict[str, object]:
        """Airflow's settings that send its metrics here, names and tags apart."""
        return {
            "metrics.statsd_on": True,
            "metrics.statsd_host": "127.0.0.1",
            "metrics.statsd_port": self.port,
            "metrics.statsd_prefix": "",
            "metrics.statsd_influxdb_enabled": True,
            "metrics.legacy_names_on": False,  # the same values again, the tags folded into the names
        }

    def metrics(self) -> list[Metric]:
        """What has been sent by now, oldest first."""
        self._catch_up()
        with self._lock:
            self._file.seek(0)
            return list(parse_lines(self._file))

    def frame(self) -> pd.DataFrame:
        """What has been sent by now, oldest first, with the columns of `Metric`."""
        return to_frame(self.metrics())

    def count(self, name: str) -> int:
        """How many lines with this name have been sent by now."""
        return sum(metric.name == name for metric in self.metrics())

    def close(self) -> None:
        """Stop listening; with a path, what was sent by now is in the file."""
        self._catch_up(LAST_CALL)
        self._listener.join()
        self._socket.close()
        self._file.close()

    def __enter__(self) -> Collector:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _listen(self) -> None:
        call = ""
        while call != LAST_CALL:
            text = self._socket.recv(1 << 16).decode("utf-8", "replace")
            call = text[:1] if text[:1] in (CALL, LAST_CALL) else ""
            if call:
                with self._hearing:
                    self._heard = max(self._heard, int(text[1:]))
                    self._hearing.notify_all()
            else:
                self._keep(text)

    def _keep(self, text: str) -> None:
        now = time.time()
        with self._lock:
            self._file.writelines(f"{now:.6f} {line}\n" for line in text.splitlines())
            self._file.flush()

    def _catch_up(self, call: str = CALL) -> None:
        """Return when everything that was sent before this call has been kept: the port is a queue."""
        with self._hearing, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
            self._called += 1
            number = self._called
            while self._heard < number:
                if not self._listener.is_alive():
                    raise RuntimeError(
                        "the collector has stopped listening: it was closed, or its disk is full"
                    )
                caller.sendto(f"{call}{number}".encode(), ("127.0.0.1", self.port))
                self._hearing.wait(timeout=0.2)  # then call again: a full queue drops what comes


def parse_lines(lines: Iterable[str]) -> Iterator[Metric]:
    """Read what a `Collector` kept: ``time name,tag=value:value|kind`` in each line; others are passed over."""
    for line in lines:
        if match := LINE.match(line):
            moment, name, tags, value, kind = match.groups()
            pairs = (tag.partition("=") for tag in tags.split(",") if tag)
            yield Metric(
                time=float(moment),
                name=name,
                kind=KINDS.get(kind, kind),
                value=float(value),
                tags={key: text for key, _, text in pairs},
            )


def to_frame(metrics: Iterable[Metric]) -> pd.DataFrame:
    """A row per metric, with the columns of `Metric`; ``time`` is in UTC."""
    import pandas as pd  # a second's work, and the supervisor only collects

    frame = pd.DataFrame(metrics, columns=list(Metric._fields))
    return frame.astype({"value": float}).assign(
        time=pd.to_datetime(frame["time"].astype(float), unit="s", utc=True)
    )
