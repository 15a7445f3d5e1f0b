"""What one cycle of Airflow's DAG processor did, from its log, its metrics and its database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd

from workbook.stack.metrics import metric_name


@dataclass(frozen=True)
class Cycle:
    """What one cycle did.

    Attributes:
        seconds: from queueing the first file until the last one was written to the database.
        files: a row per file: ``file`` (relative to the folder), ``dags`` that the database holds from it and
            that are not stale, ``errors`` (0 or 1), ``seconds`` as Airflow reports them (import and serialization).
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


def per_file(dags: pd.DataFrame, errors: pd.DataFrame, durations: pd.DataFrame) -> pd.DataFrame:
    """Bring together what the database knows by path and what the metrics know by name."""
    seconds = {tags["file_name"]: value for tags, value in zip(durations.tags, durations.value, strict=True)}
    paths = sorted({*dags.file, *errors.file})
    active = dags[~dags.stale].groupby("file").size()
    return pd.DataFrame(
        {
            "file": paths,
            "dags": [int(active.get(path, 0)) for path in paths],
            "errors": [int((errors.file == path).sum()) for path in paths],
            "seconds": [seconds.get(metric_name(Path(path).stem)) for path in paths],
        }
    )
