"""DAG folders in the Airflow of a notebook: published, parsed, listed, removed."""

from __future__ import annotations

import re
import secrets
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.progress import progress
from workbook.stack.errors import ImportErrors, until
from workbook.stack.parses import Parses
from workbook.stack.running import PAGE, Running, pages
from workbook.workspace import dag_files

if TYPE_CHECKING:
    import pandas as pd


class Publishing(Running):
    """An Airflow with DAG folders that a notebook publishes."""

    def __init__(self, folder: Path, lifeline: int) -> None:
        super().__init__(folder, lifeline)
        self._parses = Parses(self._place.parses)

    def publish(
        self, name: str, folder: Path | str, *, timeout: float = 600.0, allow_errors: bool = False
    ) -> list[str]:
        """Copy a DAG folder into Airflow's own, in one step, and wait until Airflow has parsed every file of it.

        What was published under the same name is replaced.

        Args:
            name: the folder's name there.
            folder: what to copy.
            timeout: seconds to wait.
            allow_errors: return the DAGs that could be imported instead of raising `ImportErrors`; see
                `import_errors`.

        Returns:
            The ids of the DAGs that Airflow now has from this folder.

        Raises:
            ImportErrors: when Airflow could not import a file, or the process that parsed it died.
            StackError: when Airflow has not parsed every file in time.
        """
        folder = Path(folder).resolve()
        if not folder.is_dir():
            raise FileNotFoundError(f"{folder}: there is no such folder")
        target = self._published(name)
        self._check()
        aside = self.folder / "publishing" / secrets.token_hex(4)
        shutil.copytree(
            folder, aside / "new", ignore=shutil.ignore_patterns("__pycache__"), copy_function=shutil.copy
        )
        published = time.time()
        if target.exists():
            target.rename(aside / "old")
        (aside / "new").rename(target)
        shutil.rmtree(aside)
        files = self._dag_files(target)
        with progress("Waiting for Airflow to parse the published files"):
            until(
                lambda: self._has_parsed(name, files, published),
                timeout,
                f"Airflow has not parsed every file of {folder}",
                self._place.log("dag-processor"),
            )
        errors = self.import_errors(name)
        parses = self._parses.last()
        for parse in (parses[file] for file in files if parses[file].died):  # Airflow records nothing of them
            row: list[Any] = [parse.file.removeprefix(f"{name}/"), parse.outcome, _utc(parse.started)]
            errors.loc[len(errors)] = row
        if len(errors) and not allow_errors:
            reasons = [f"  {row.file}: {_reason(str(row.error))}" for row in errors.itertuples()]
            complaint = f"{folder}: Airflow could not import {len(errors)} of {len(files)} files"
            raise ImportErrors("\n".join([complaint, *reasons]), errors)
        dags = self.dags(name)  # one that a file no longer defines stays active for a while
        return list(dags.dag_id[~dags.stale & ~dags.import_errors & (dags.parsed >= _utc(published))])

    def unpublish(self, name: str, *, timeout: float = 300.0) -> None:
        """Remove what was published under ``name`` and wait until Airflow has noticed."""
        target = self._published(name)
        if target.exists():
            aside = self.folder / "publishing" / secrets.token_hex(4)
            aside.mkdir(parents=True)
            target.rename(aside / "old")
            shutil.rmtree(aside)
        with progress("Waiting for Airflow to remove the DAGs"):
            until(
                lambda: not self.dag_ids(name) and not len(self.import_errors(name)),
                timeout,
                f"Airflow still has DAGs of {name}",
                self._place.log("dag-processor"),
            )

    def dag_ids(self, name: str | None = None) -> list[str]:
        """The ids of the DAGs that can run, in order; with ``name``, of those published under it."""
        dags = self.dags(name)
        return list(dags.dag_id[~dags.stale & ~dags.import_errors])

    def dags(self, name: str | None = None) -> pd.DataFrame:
        """A row per DAG that Airflow knows: ``dag_id``, ``file``, ``stale``, ``import_errors``, ``paused``, ``parsed``.

        Args:
            name: only those published under it.
        """
        import pandas as pd
        from airflow_client.client import DAGApi

        api = DAGApi(self.client)
        dags = pages(lambda offset: api.get_dags(limit=PAGE, offset=offset, exclude_stale=False).dags)
        rows = [
            {
                "dag_id": dag.dag_id,
                "file": dag.relative_fileloc,
                "stale": dag.is_stale,
                "import_errors": dag.has_import_errors,
                "paused": dag.is_paused,
                "parsed": dag.last_parsed_time,
            }
            for dag in dags
            if name is None or (dag.relative_fileloc or "").startswith(f"{name}/")
        ]
        columns = ["dag_id", "file", "stale", "import_errors", "paused", "parsed"]
        frame = pd.DataFrame(rows, columns=columns).astype(
            {"stale": bool, "import_errors": bool, "paused": bool}
        )
        return frame.sort_values("dag_id", ignore_index=True)

    def import_errors(self, name: str | None = None) -> pd.DataFrame:
        """A row per file that Airflow could not import: ``file``, ``error`` (Airflow's text), ``time``.

        Args:
            name: only those published under it, ``file`` being relative to that folder.
        """
        import pandas as pd
        from airflow_client.client import ImportErrorApi

        api = ImportErrorApi(self.client)
        errors = pages(lambda offset: api.get_import_errors(limit=PAGE, offset=offset).import_errors)
        prefix = f"{name}/" if name else ""
        rows = [
            (error.filename.removeprefix(prefix), error.stack_trace, error.timestamp)
            for error in errors
            if error.filename.startswith(prefix)
        ]
        return pd.DataFrame(rows, columns=["file", "error", "time"]).sort_values("file", ignore_index=True)

    def dag_versions(self, dag_id: str) -> int:
        """How many versions of a DAG Airflow has recorded."""
        from airflow_client.client import DagVersionApi

        return int(DagVersionApi(self.client).get_dag_versions(dag_id, limit=1).total_entries)

    def _published(self, name: str) -> Path:
        if not re.fullmatch(r"\w[\w.-]*", name):
            raise ValueError(
                f'"{name}" cannot be the name of a folder here; use letters, digits, "_", "-", "."'
            )
        return self._place.dags / name

    def _dag_files(self, folder: Path) -> list[str]:
        """The files of a published folder that Airflow takes for DAG files, relative to its DAG folder."""
        dags = self._place.dags
        return [str(path.relative_to(dags)) for path in dag_files(dags) if path.is_relative_to(folder)]

    def _has_parsed(self, name: str, files: list[str], published: float) -> bool:
        """Whether Airflow has parsed these files since and noticed that others are gone."""
        self._fail_for_the_dead(self.state())
        if not self._parses.include(files, since=published):
            return False
        dags = self.dags(name)
        return set(dags.file[~dags.stale]) <= set(files)


def _utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _reason(trace: str) -> str:
    """The line of a stack trace that names the exception; its message may go on for lines."""
    exceptions = re.findall(r"^[A-Za-z_][\w.]*: .*", trace, flags=re.MULTILINE)
    return str(exceptions[-1]) if exceptions else trace.strip().splitlines()[-1]
