"""What Airflow's DAG processor has parsed, as its metrics tell before the database does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from workbook.stack.metrics import Metric, metric_name, parse_lines


class Parses:
    """Knows from Airflow's metrics which files its DAG processor has parsed and written to the database.

    The processor announces the start of a file with its path, the end with its name only, before it writes to the
    database; the length of its queue, which it sends all the time, comes when the writing is done.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0
        self._forget(0.0)

    def _forget(self, up: float) -> None:
        self._up = up
        self._started: dict[str, float] = {}
        self._under_way: set[str] = set()
        self._unwritten: set[str] = set()

    def done(self, files: list[str], *, since: float, up: float) -> bool:
        """Whether each file was parsed and written down after ``since``, by the processor started at ``up``."""
        if up != self._up:
            self._forget(up)
        for metric in self._news():
            if metric.time >= up:
                self._take(metric)
        paths = [metric_name(file) for file in files]
        busy = self._under_way | self._unwritten
        return all(self._started.get(path, 0.0) >= since and path not in busy for path in paths)

    def _take(self, metric: Metric) -> None:
        path = metric.tags.get("file_path", "")
        match metric.name, metric.tags.get("action"):
            case "dag_processing.processes", "start":
                self._started[path] = metric.time
                self._under_way.add(path)
            case "dag_processing.processes", _:  # it was killed: its time was up, or its file was removed
                self._under_way.discard(path)
            case "dag_processing.last_duration", _:
                end = f"_{metric.tags['file_name']}.py"
                ended = next((path for path in sorted(self._under_way) if path.endswith(end)), None)
                if ended:
                    self._under_way.remove(ended)
                    self._unwritten.add(ended)
            case "dag_processing.file_path_queue_size", _:
                self._unwritten.clear()

    def _news(self) -> Iterator[Metric]:
        with self._path.open("rb") as file:
            file.seek(self._offset)
            text = file.read()
        whole = text[: text.rfind(b"\n") + 1]  # the last line may be half written
        self._offset += len(whole)
        return parse_lines(line for line in whole.decode().splitlines() if " dag_processing." in line)
