"""What Airflow's DAG processor has parsed, file by file, as `workbook.stack.dag_processor` notes it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

NOTES = "parses"
"""The file of the notes, in Airflow's home."""


class Parse(NamedTuple):
    """One parse of a file; when it is noted, Airflow has written its result to the database.

    Attributes:
        file: relative to the DAG folder.
        started: seconds since the epoch.
        seconds: as Airflow reports them (import and serialization).
        dags: the ids of the DAGs that the file made.
        errors: import errors, of which a zip archive may have several.
        outcome: ``parsed``, ``no DAG``, ``import error``, or how the process that parsed it ended.
    """

    file: str
    started: float
    seconds: float
    dags: list[str]
    errors: int
    outcome: str

    @property
    def died(self) -> bool:
        """Whether the process that parsed it left no result, not even an import error."""
        return self.outcome not in ("parsed", "no DAG", "import error")


class Parses:
    """The last parse of each file.

    Args:
        notes: the file of the notes; it may not exist yet.
    """

    def __init__(self, notes: Path) -> None:
        self._notes = notes
        self._offset = 0
        self._last: dict[str, Parse] = {}

    def last(self) -> dict[str, Parse]:
        """By file; what has been noted by now."""
        if self._notes.exists():
            with self._notes.open("rb") as notes:
                notes.seek(self._offset)
                text = notes.read()
            whole = text[: text.rfind(b"\n") + 1]  # the last line may be half written
            self._offset += len(whole)
            parses = (Parse(**json.loads(line)) for line in whole.splitlines())
            self._last.update({parse.file: parse for parse in parses})
        return self._last

    def include(self, files: Iterable[str], *, since: float) -> bool:
        """Whether a parse of each file that began after ``since`` is over."""
        last = self.last()
        return all(file in last and last[file].started >= since for file in files)
