"""Lays the same DAGs out in files of different sizes, and measures what Airflow makes of each layout."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pipelines.config import PipelineConfig
from pipelines.generate import generate
from pipelines.plan import Changes, Options
from workbook.catalog import write_catalog
from workbook.parsing import ParsingHome

WITHOUT_LIMIT = 1 << 40  # bytes in a file: what happens without one is to be seen


@dataclass(frozen=True)
class Layout:
    """What one cycle of the DAG processor over a layout took, when it had parsed the files before.

    Attributes:
        sizes: DAGs in each file.
        seconds: of parsing for each file, as Airflow reports them (import and serialization).
        cycle: seconds from the first file until everything was written to the database.
        processes: files that were parsed at a time, ``[dag_processor] parsing_processes``.
        code_bytes: what Airflow has stored of the files' text in its table ``dag_code``.
    """

    sizes: tuple[int, ...]
    seconds: tuple[float, ...]
    cycle: float
    processes: int
    code_bytes: int

    @property
    def dags(self) -> int:
        """DAGs in all files together."""
        return sum(self.sizes)

    @property
    def longest(self) -> float:
        """Seconds of parsing for the file that took longest."""
        return max(self.seconds)


def lay_out(folder: Path, pipelines: Sequence[PipelineConfig], dags_per_file: int) -> Changes:
    """Generate the DAG files of some pipelines; what the folder held of other pipelines goes.

    Args:
        folder: for the files, in ``dags``, and the catalog, in ``catalog``; made when it does not exist.
        pipelines: the pipelines.
        dags_per_file: DAGs in a file at most; the generator fills files to 70 % on average.

    Returns:
        What the generator has changed.
    """
    shutil.rmtree(folder / "catalog", ignore_errors=True)
    write_catalog(folder / "catalog", pipelines)
    return generate(
        Options(
            folder / "dags", folder / "catalog", dags_per_file=dags_per_file, bytes_per_file=WITHOUT_LIMIT
        )
    )


def measure(folder: Path, processes: int = 2) -> Layout:
    """Let Airflow's own DAG processor parse a layout twice, and report the second time.

    The first time compiles the files and stores their DAGs; from then on every cycle is like the second.

    Args:
        folder: as `lay_out` left it.
        processes: files to parse at a time, ``[dag_processor] parsing_processes``.
    """
    with ParsingHome({"dag_processor.parsing_processes": processes}) as home:
        home.parse_cycle(folder / "dags")
        cycle = home.parse_cycle(folder / "dags")
        with closing(sqlite3.connect(f"file:{home.home / 'airflow.db'}?mode=ro", uri=True)) as database:
            query = "SELECT sum(length(CAST(source_code AS BLOB))) FROM dag_code"
            (code_bytes,) = database.execute(query).fetchone()
    return Layout(
        sizes=tuple(int(dags) for dags in cycle.files.dags),
        seconds=tuple(float(seconds) for seconds in cycle.files.seconds),
        cycle=cycle.seconds,
        processes=processes,
        code_bytes=int(code_bytes),
    )
