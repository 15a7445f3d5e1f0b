"""Where things are, which ports are free, and what Airflow finds in its environment."""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import warnings
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[2]
DAGS = ROOT / "dags"
WORK = ROOT / ".workbook"
"""Everything that a run creates; deleting it resets the workbook."""

OWNER = "WORKBOOK_ROOT"
"""The variable that tells an environment made by this workbook from one that the user's own Airflow needs."""


def lesson_folder(name: str) -> Path:
    """An empty folder for what a lesson lays out; each kernel has its own, so two can run the same lesson."""
    folder = WORK / "lessons" / f"{name}-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def dag_files(folder: Path) -> list[Path]:
    """The files of a folder that Airflow takes for DAG files."""
    from airflow.utils.file import list_py_file_paths

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # it reads .airflowignore in an old-fashioned way
        return [Path(path) for path in list_py_file_paths(folder, safe_mode=True)]


def free_port() -> int:
    """A TCP port on loopback that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def prepare_environment() -> None:
    """Set what Airflow reads from the environment when it is imported into this process.

    Airflow fixes its home, its logging and its database address at import, so this runs first. A process that
    the workbook started with an environment of its own keeps it.
    """
    if os.environ.get(OWNER) != str(ROOT):
        os.environ.update(airflow_environment(WORK / "kernel"))


def airflow_environment(home: Path, settings: Mapping[str, object] | None = None) -> dict[str, str]:
    """Environment variables that make Airflow live in ``home`` and stay quiet, local and telemetry-free.

    Args:
        home: folder for Airflow's configuration, database and logs.
        settings: Airflow's own settings, ``{"core.dagbag_import_timeout": 3}``.

    Returns:
        Variables to add to a process's environment.
    """
    values: dict[str, object] = {
        "core.load_examples": False,
        "core.min_serialized_dag_update_interval": 0,  # not 30 seconds: a lesson sees a changed DAG immediately
        "core.dags_are_paused_at_creation": False,
        "core.simple_auth_manager_all_admins": True,
        # a URL, in which %, # and ? mean something
        "database.sql_alchemy_conn": f"sqlite:///{quote(str(home / 'airflow.db'))}",
        "logging.base_log_folder": home / "logs",
        "logging.logging_level": "WARNING",
        "usage_data_collection.enabled": False,
        **(settings or {}),
    }
    environment = {
        f"AIRFLOW__{name.upper().replace('.', '__')}": str(value) for name, value in values.items()
    }
    return {
        OWNER: str(ROOT),
        "AIRFLOW_HOME": str(home),
        "AIRFLOW_CONFIG": str(home / "airflow.cfg"),
        **environment,
    }
