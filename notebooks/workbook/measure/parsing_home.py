"""Cycles of Airflow's own DAG processor over a folder, in a home where it remembers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pandas as pd

from workbook.environment import clean_environment
from workbook.measure.cycle import Cycle, moment, per_file
from workbook.progress import progress
from workbook.stack.database import migrated_database, read_only
from workbook.stack.parses import NOTES, Parses
from workbook.workspace import WORK, airflow_environment, dag_files

STARTED = "to the front of the queue"
FINISHED = "Exiting dag parsing loop"
WATCHED_SECONDS = 4.0
BEGIN_RUNS = """\
import sys
from airflow.api.common.trigger_dag import trigger_dag
from airflow.utils.types import DagRunTriggeredByType

for dag_id in sys.argv[1:]:
    trigger_dag(dag_id, triggered_by=DagRunTriggeredByType.TEST)
"""


class ParsingError(RuntimeError):
    """The DAG processor could not do its work; the message holds what it said."""


class ParsingHome:
    """A home for the DAG processor, with an empty database, that remembers from cycle to cycle.

    Args:
        settings: Airflow's own settings, such as ``{"core.dagbag_import_timeout": 3}``.

    The folder is removed with ``close``, at the end of a ``with`` block, or when Python ends.
    """

    def __init__(self, settings: Mapping[str, object] | None = None) -> None:
        (WORK / "parsing").mkdir(parents=True, exist_ok=True)
        self.home = Path(tempfile.mkdtemp(dir=WORK / "parsing"))
        self.settings = dict(settings or {})
        self.close = weakref.finalize(self, shutil.rmtree, self.home, ignore_errors=True)
        migrated_database(self.home / "airflow.db")

    def __enter__(self) -> ParsingHome:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def parse_cycle(self, folder: Path | str) -> Cycle:
        """Let Airflow's DAG processor parse every file of ``folder`` once.

        Args:
            folder: a DAG folder.

        Raises:
            FileNotFoundError: when there is no such folder.
            ParsingError: when Airflow finds no DAG file in it, or its DAG processor fails.
        """
        folder = Path(folder).resolve()
        if not folder.is_dir():
            raise FileNotFoundError(f"{folder}: there is no such folder")
        with (
            progress("Airflow's DAG processor is parsing the folder") as line,
            self._processor(folder, "--num-runs", "1") as (processor, parses),
        ):
            while processor.poll() is None:
                line.say(f"{len(parses.last())} files")
                _wait(processor)
        log = self._log()
        if processor.returncode != 0 or FINISHED not in log:
            raise self._ended(processor)
        if STARTED not in log:
            raise ParsingError(
                f"{folder}: Airflow finds no DAG file here. It parses a .py file only if the words "
                '"dag" and "airflow" occur in it.'
            )
        return self._report(log, parses)

    def parsed_again(
        self, folder: Path | str, change: Callable[[], object], *, look: bool = True, timeout: float = 900
    ) -> list[str]:
        """See which files Airflow's DAG processor parses again immediately when some have changed.

        It runs on while ``change`` is called, with a `min_file_process_interval` of an hour, so that no file's
        ordinary turn comes meanwhile.

        Args:
            folder: a DAG folder.
            change: changes files of it; called when each file has been parsed once.
            look: whether to wait until Airflow looks for new files, which it does every `refresh_interval`. Without,
                it does not look at all.
            timeout: seconds until each file has been parsed, and again until each changed one has.

        Returns:
            The files that were parsed after the change, relative to the folder, sorted.

        Raises:
            ParsingError: when the DAG processor fails, or has not parsed what it should in time.
        """
        folder = Path(folder).resolve()
        before = _times(folder)
        rarely = {} if look else {"dag_processor.refresh_interval": 3600}
        with (
            progress("Airflow's DAG processor is parsing the folder, and again what changes") as line,
            self._processor(folder, **{"dag_processor.min_file_process_interval": 3600, **rarely}) as (
                processor,
                parses,
            ),
        ):

            def wait_for(condition: Callable[[], bool]) -> None:
                deadline = time.monotonic() + timeout
                while not condition():
                    line.say(f"{len(parses.last())} files")
                    _wait(processor)
                    if processor.returncode is not None or time.monotonic() > deadline:
                        raise self._ended(processor)

            wait_for(lambda: parses.include(before, since=0))
            changed = time.time()
            change()
            after = _times(folder)
            changes = {file for file, modified in after.items() if before.get(file) != modified}
            due = [file for file in changes if look or file in before]
            wait_for(lambda: parses.include(due, since=changed))
            settled = time.monotonic() + WATCHED_SECONDS  # long enough to see that no other file is
            wait_for(lambda: time.monotonic() > settled)
            return sorted(file for file in after if parses.include([file], since=changed))

    def dags(self) -> pd.DataFrame:
        """What Airflow knows at this moment; see `Cycle.dags`."""
        return self._read(
            "SELECT dag_id, relative_fileloc AS file, is_stale AS stale, has_import_errors AS import_errors, "
            "(SELECT count(*) FROM dag_version WHERE dag_version.dag_id = dag.dag_id) AS versions "
            "FROM dag ORDER BY dag_id"
        ).astype({"stale": bool, "import_errors": bool})

    def begin_runs(self, dag_ids: Iterable[str]) -> None:
        """Give each of some DAGs a run. It stays at its beginning, because no scheduler runs here.

        Raises:
            ParsingError: when Airflow does not know one of the DAGs.
        """
        environment = {**clean_environment(os.environ), **airflow_environment(self.home)}
        with progress("Waiting for Airflow to start runs"):
            result = subprocess.run(
                [sys.executable, "-c", BEGIN_RUNS, *dag_ids], env=environment, capture_output=True, text=True
            )
        if result.returncode:
            raise ParsingError(result.stderr)

    @contextmanager
    def _processor(
        self, folder: Path, *options: str, **more: object
    ) -> Iterator[tuple[subprocess.Popen[bytes], Parses]]:
        """Run Airflow's DAG processor; it is ended with the block, if it has not ended by itself."""
        # With --num-runs, one run is over only when every file is in the processor's statistics, and it puts them
        # there when it prints these for the first time; without the print it stops before it has parsed anything.
        settings = {
            "core.dags_folder": folder,
            "core.fernet_key": "",
            "dag_processor.print_stats_interval": 30,
            "logging.logging_level": "INFO",
            "logging.colored_console_log": False,
            **self.settings,
            **more,
        }
        environment = {**clean_environment(os.environ), **airflow_environment(self.home, settings)}
        command = [sys.executable, "-m", "workbook.stack.dag_processor", *options]
        (self.home / NOTES).unlink(missing_ok=True)
        with (
            (self.home / "processor.log").open("w") as log,
            subprocess.Popen(
                [sys.executable, "-m", "workbook.stack.lifeline", *command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.home,
                env=environment,
                start_new_session=True,
            ) as processor,
        ):
            try:
                yield processor, Parses(self.home / NOTES)
            finally:
                assert processor.stdin is not None
                processor.stdin.close()

    def _log(self) -> str:
        return (self.home / "processor.log").read_text()

    def _ended(self, processor: subprocess.Popen[bytes]) -> ParsingError:
        how = "has not finished" if processor.returncode is None else f"ended with {processor.returncode}"
        last = "\n".join(self._log().strip().splitlines()[-15:])
        return ParsingError(f"Airflow's DAG processor {how}. It said:\n{last}")

    def _read(self, query: str) -> pd.DataFrame:
        with closing(read_only(self.home / "airflow.db")) as database:
            return pd.read_sql(query, database)

    def _report(self, log: str, parses: Parses) -> Cycle:
        dags = self.dags()
        errors = self._read(
            "SELECT filename AS file, stacktrace AS error FROM import_error ORDER BY filename"
        )
        return Cycle(
            seconds=moment(log, FINISHED) - moment(log, STARTED),
            files=per_file(parses.last(), dags),
            dags=dags,
            import_errors=errors,
        )


def parse_cycle(folder: Path | str, settings: Mapping[str, object] | None = None) -> Cycle:
    """One cycle of Airflow's DAG processor over ``folder``, with an empty database and no memory.

    Args:
        folder: a DAG folder.
        settings: Airflow's own settings, such as ``{"core.dagbag_import_timeout": 3}``.

    Raises:
        FileNotFoundError, ParsingError: as ``ParsingHome.parse_cycle``.
    """
    with ParsingHome(settings) as home:
        return home.parse_cycle(folder)


def quicker_of_two(folder: Path) -> Cycle:
    """Parse a small folder twice and keep the faster parse, because other activity would distort it."""
    return min((parse_cycle(folder) for _ in range(2)), key=lambda cycle: cycle.files.seconds.sum())


def _wait(process: subprocess.Popen[bytes]) -> None:
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=0.2)


def _times(folder: Path) -> dict[str, int]:
    """The DAG files of a folder, relative to it, with their times of modification."""
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in dag_files(folder)}
