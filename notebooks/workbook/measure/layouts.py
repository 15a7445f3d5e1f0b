"""Lays the same DAGs out in files of different sizes, and measures what Airflow makes of each layout."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from dagfreeze.files.folder import Changes, compare, headers
from dagfreeze.files.replace import replace
from dagfreeze.files.shards import arrange, choose
from dagfreeze.worker import Job, Worker
from dagfreeze.writing.assemble import file_text
from dagfreeze.writing.write import Block
from pipelines.config import PipelineConfig
from workbook.catalog import dag_folder
from workbook.measure.parsing_home import ParsingHome
from workbook.progress import progress
from workbook.stack.database import read_only

SOURCE = "from_json.py"
_BLOCKS: dict[PipelineConfig, Block] = {}
"""Each pipeline that was frozen, as code: the same in a file of any size."""


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

    @property
    def figures(self) -> dict[str, float]:
        """What a lesson's table shows of it."""
        return {
            "files": len(self.sizes),
            "DAGs": self.dags,
            "largest file": max(self.sizes),
            "cycle, s": self.cycle,
            "longest file, s": self.longest,
        }


def lay_out(folder: Path, pipelines: Sequence[PipelineConfig], dags_per_file: int) -> Changes:
    """Write the frozen DAGs of some pipelines, so many to a file; what the folder held of other pipelines goes.

    Args:
        folder: for the files, in ``dags``; made when it does not exist.
        pipelines: the pipelines.
        dags_per_file: DAGs in a file at most. There is no limit in bytes: what happens without one is to be seen.

    Returns:
        What has changed.
    """
    freeze(pipelines)
    blocks = {config.id: _BLOCKS[config] for config in pipelines}
    plan = arrange(SOURCE, blocks, choose(dict.fromkeys(blocks, 0), dags_per_file))
    files = {
        name: file_text(
            header,
            [blocks[dag_id] for dag_id in header.dags],
            {},
            lambda root: False,
            future_annotations=False,
        )
        for name, header in plan.items()
    }
    out = folder / "dags"
    out.mkdir(parents=True, exist_ok=True)
    changes = compare(out, files, covers=lambda source: True)
    replace(out, changes)
    return changes


def freeze(pipelines: Iterable[PipelineConfig]) -> None:
    """Freeze what is not frozen yet, as ``python -m dagfreeze`` does; `lay_out` calls this as well.

    Args:
        pipelines: from ``dags/dynamic/from_json.py``. Many together are faster than a few at a time, because it takes
            seconds to start the process that freezes.
    """
    missing = {config.id: config for config in pipelines if config not in _BLOCKS}
    if not missing:
        return
    with tempfile.TemporaryDirectory() as place, progress(f"Freezing {len(missing)} DAGs"):
        folder = dag_folder(Path(place) / "bundle", "from_json", list(missing.values())) / "dynamic"
        worker = Worker(0, Path(place))
        try:
            loaded = worker.run(Job("dagfreeze.load:first", (folder / SOURCE, folder, folder / "out", None)))
        finally:
            worker.end()
    if loaded.error or loaded.refusals:
        raise RuntimeError(loaded.error or loaded.refusals[0].reason)
    _BLOCKS.update((config, loaded.blocks[dag_id]) for dag_id, config in missing.items())


def places(folder: Path) -> dict[str, str]:
    """The DAGs of a folder of frozen files, each with the name of its file."""
    return {dag_id: name for name, header in headers(folder).items() for dag_id in header.dags}


def measure(folder: Path, processes: int = 2) -> Layout:
    """Let Airflow's own DAG processor parse a layout twice, and report the second time.

    The first time compiles the files and stores their DAGs; from then on every cycle is like the second. Airflow's
    limits for a file are out of the way, because how long it takes is what is asked.

    Args:
        folder: as `lay_out` left it, or another with a DAG folder ``dags``.
        processes: files to parse at a time, ``[dag_processor] parsing_processes``.
    """
    limits = dict.fromkeys(("core.dagbag_import_timeout", "dag_processor.dag_file_processor_timeout"), 600)
    with ParsingHome({"dag_processor.parsing_processes": processes, **limits}) as home:
        home.parse_cycle(folder / "dags")
        cycle = home.parse_cycle(folder / "dags")
        with closing(read_only(home.home / "airflow.db")) as database:
            query = "SELECT sum(length(CAST(source_code AS BLOB))) FROM dag_code"
            (code_bytes,) = database.execute(query).fetchone()
    return Layout(
        sizes=tuple(int(dags) for dags in cycle.files.dags),
        seconds=tuple(float(seconds) for seconds in cycle.files.seconds),
        cycle=cycle.seconds,
        processes=processes,
        code_bytes=int(code_bytes),
    )
