"""Which DAG files a command line means, and the root of their bundle."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from dagfreeze.files.header import Header, read_header
from dagfreeze.refusal import Refused
from dagfreeze.versions import list_files


@dataclass(frozen=True)
class Source:
    """A DAG file.

    Attributes:
        path: where it is.
        name: the same below the root of the bundle, with ``/``.
        folder: the folder that the command line named, likewise, ``.`` for the bundle; None if it named the file.
    """

    path: Path
    name: str
    folder: str | None

    @property
    def family(self) -> str:
        """Whose frozen files its DAGs share, when nothing is copied from it."""
        return self.name if self.folder is None else self.folder

    @property
    def argument(self) -> str:
        """What the command line named: ``team/shop.py``, or ``team/`` for a folder."""
        return self.name if self.folder is None else f"{self.folder}/"


class SourceError(Refused):
    """A source or a bundle that is not what it should be."""


def bundle_of(paths: Sequence[Path], dags_folder: str) -> Path:
    """The root of the bundle when nobody names it: Airflow's DAG folder if all is in there, else what is common.

    Args:
        paths: files and folders, absolute.
        dags_folder: ``[core] dags_folder``.
    """
    folder = Path(dags_folder).resolve() if dags_folder else None
    if folder is not None and all(path.is_relative_to(folder) for path in paths):
        return folder
    return Path(os.path.commonpath([path if path.is_dir() else path.parent for path in paths]))


def check_same(
    out: Path, sources: Sequence[Source], dags: Collection[str], before: Collection[Header]
) -> None:
    """See to it that a source does not take over the files of another one, which lies elsewhere under the same name.

    Args:
        out: folder of the frozen files.
        sources: DAG files.
        dags: ids of all their DAGs.
        before: the headers of what is in ``out``.

    Raises:
        SourceError: when none of the DAGs that were frozen from a source of a name is among them.
    """
    names = {source.name for source in sources} | {source.family for source in sources}
    for name in sorted({header.source for header in before if header.source in names or "." in names}):
        old_dags = sorted(dag_id for header in before if header.source == name for dag_id in header.dags)
        if not set(old_dags) & set(dags):
            raise SourceError(
                f"{out} has DAGs of another {name}, such as {old_dags[0]}, and they would be removed",
                "With --bundle, name a folder that contains both. To remove these DAGs, say so with "
                "--max-removed.",
            )


def check(paths: Sequence[Path], out: Path, bundle: Path | None, frozen: Collection[str]) -> None:
    """Check what the command line names.

    Args:
        paths: files and folders; a file may be gone if something was frozen from it, which then goes as well.
        out: folder of the frozen files.
        bundle: root of the bundle, if it is named.
        frozen: DAG files, below the root of their bundle, from which something was frozen.

    Raises:
        SourceError: with the path and what it should be.
    """
    for path in paths:
        is_gone = any(path.as_posix().endswith(f"/{name}") for name in frozen)
        if not path.exists() and not is_gone:
            raise SourceError(f"{path}: no such file or folder", "Name a DAG file, or a folder of DAG files.")
        if path.is_file() and path.suffix != ".py":
            raise SourceError(
                f"{path}: not a Python file",
                "Name the DAG file that reads it; for YAML, the one that loads the YAML.",
            )
        if path.is_dir() and out.is_relative_to(path):
            # Airflow would have to ignore the DAG files, and then they are not found here either.
            raise SourceError(
                f"{path}: the folder contains {out}, which Airflow has to read, and DAG files that it must "
                "not read",
                "Name the DAG files instead, or put them into a folder of their own and name that.",
            )
        if bundle is not None and not path.is_relative_to(bundle):
            raise SourceError(
                f"{path} is not in the bundle {bundle}", "With --bundle, name the root of its bundle."
            )
    if bundle is not None and not bundle.is_dir():
        raise SourceError(f"{bundle}: no such folder", "--bundle is the root of the DAG folder.")


def listed(paths: Sequence[Path], bundle: Path) -> list[Source]:
    """DAG files as Airflow finds them; those that were frozen are left out.

    Runs in a worker, because Airflow is asked.

    Raises:
        SourceError: when a folder has none.
    """
    sources: dict[Path, Source] = {}
    for path in paths:
        if not path.is_dir():
            sources[path] = Source(path, _below(path, bundle), None)
            continue
        files = [
            file
            for file in list_files(path)
            if file.suffix == ".py" and not read_header(file.read_bytes()[:4096])
        ]
        if not files:
            raise SourceError(
                f"{path}: no DAG files",
                "Airflow reads only files with the words dag and airflow, and none named in .airflowignore. "
                "Name the files themselves.",
            )
        for file in files:
            sources.setdefault(file, Source(file, _below(file, bundle), _below(path, bundle)))
    return list(sources.values())


def gone(frozen: Collection[str], paths: Sequence[Path], bundle: Path) -> list[str]:
    """DAG files that are not there any more, and are not named, although frozen files of them are still there.

    Args:
        frozen: DAG files, below the root of their bundle, from which something was frozen.
        paths: what the command line names.
        bundle: root of the bundle.
    """
    files = {name: bundle / name for name in frozen}
    return sorted(
        name
        for name, file in files.items()
        if not file.exists() and not any(file.is_relative_to(path) for path in paths)
    )


def read_and_unread(
    sources: Sequence[Source], files: Sequence[Path], bundle: Path
) -> tuple[list[str], list[Path]]:
    """What Airflow reads of a bundle although it should not, and the other way round.

    Runs in a worker, because Airflow is asked.

    Args:
        sources: DAG files.
        files: frozen files in the bundle.
        bundle: its root.

    Returns:
        Lines for ``.airflowignore``, for sources that none names yet; and frozen files that a line of it hides.
    """
    from airflow.configuration import conf

    read = set(list_files(bundle))
    lines = [
        f"/{name}" for name in dict.fromkeys(source.argument for source in sources if source.path in read)
    ]
    if conf.get("core", "dag_ignore_file_syntax", fallback="glob") == "regexp":
        lines = [f"^{re.escape(line[1:])}" for line in lines]
    return lines, [file for file in files if file.exists() and file not in read]


def _below(path: Path, bundle: Path) -> str:
    return path.relative_to(bundle).as_posix()


def dags_folder() -> str:
    """``[core] dags_folder``, asked in a worker."""
    from airflow.configuration import conf

    return str(conf.get("core", "dags_folder", fallback=""))
