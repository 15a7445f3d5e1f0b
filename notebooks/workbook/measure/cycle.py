"""What one cycle of Airflow's DAG processor did, from its log, its database and what it notes of each file."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd

from workbook.stack.parses import Parse


@dataclass(frozen=True)
class Cycle:
    """What one cycle did.

    Attributes:
        seconds: from queueing the first file until the last one was written to the database.
        files: a row per file that was parsed: ``file`` (relative to the folder), ``dags`` that the database holds
            from it and that are not stale, ``errors`` (import errors), ``seconds`` as Airflow reports them
            (import and serialization), ``outcome`` (what became of it: ``parsed``, or another word or two).
        dags: a row per DAG that Airflow knows, whether from this cycle or an earlier one: ``dag_id``, ``file``,
            ``stale``, ``import_errors`` (both bool), ``versions`` (how many Airflow has recorded).
        import_errors: a row per import error on record: ``file``, ``error`` (Airflow's text).
    """

    seconds: float
    files: pd.DataFrame
    dags: pd.DataFrame
    import_errors: pd.DataFrame

    @property
    def active(self) -> int:
        """How many DAGs can run: known, not stale, without an import error."""
        return int((~self.dags.stale & ~self.dags.import_errors).sum())


def moment(log: str, sign: str) -> float:
    """Seconds since the epoch of the first log line that holds ``sign``."""
    line = next(line for line in log.splitlines() if sign in line)
    stamp = re.match(r"\S+", line)
    assert stamp is not None
    return datetime.fromisoformat(stamp.group()).timestamp()


def per_file(parses: Mapping[str, Parse], dags: pd.DataFrame) -> pd.DataFrame:
    """What became of each file; see `Cycle.files`.

    Args:
        parses: of the cycle, by file.
        dags: as in `Cycle`.
    """
    makers: dict[str, list[str]] = defaultdict(list)
    for file, parse in sorted(parses.items()):
        for dag_id in parse.dags:
            makers[dag_id].append(file)
    # a DAG in a zip archive has the archive's path and its own file's name
    owners = (file if file in parses else str(Path(file).parent) for file in dags.file[~dags.stale])
    active = Counter(owners)
    rows = [
        (file, active[file], parse.errors, parse.seconds, _outcome(parse, makers))
        for file, parse in sorted(parses.items())
    ]
    return pd.DataFrame(rows, columns=["file", "dags", "errors", "seconds", "outcome"])


def _outcome(parse: Parse, makers: Mapping[str, list[str]]) -> str:
    """What became of a file, and whether other files make a DAG of the same id."""
    shared = {
        dag_id: ", ".join(file for file in makers[dag_id] if file != parse.file) for dag_id in parse.dags
    }
    also = [f"{dag_id} is also in {files}" for dag_id, files in shared.items() if files]
    return "; ".join([parse.outcome, *also])
