"""An empty SQLite database for Airflow in a moment: migrated once per version, copied from then on."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from workbook.environment import clean_environment
from workbook.locks import exclusive
from workbook.workspace import WORK, airflow_environment

TEMPLATES = WORK / "database"


class DatabaseError(RuntimeError):
    """Airflow could not make its database; the message holds what it said."""


def migrated_database(target: Path) -> Path:
    """Put Airflow's empty database at ``target``, replacing what is there.

    The first call for an Airflow version runs Airflow's own migrations (seconds); each later one copies the
    result (a millisecond). Any number of processes may call this at the same time.

    Args:
        target: the database file; its folder is made when it is missing.

    Returns:
        ``target``.

    Raises:
        DatabaseError: when Airflow's migration fails.
    """
    template = TEMPLATES / f"airflow-{version('apache-airflow-core')}.db"
    if not template.exists():
        with exclusive(TEMPLATES / "lock"):
            if not template.exists():
                _migrate(template)
    target.parent.mkdir(parents=True, exist_ok=True)
    # the log of a database that was here before would be read into this one
    for log in ("-wal", "-shm"):
        target.with_name(target.name + log).unlink(missing_ok=True)
    copy = target.with_name(f"{target.name}.{os.getpid()}")
    shutil.copyfile(template, copy)
    return copy.replace(target)


def read_only(database: Path) -> sqlite3.Connection:
    """Open a SQLite database to read it, wherever it lies: its path becomes a URI, in which # and % mean something."""
    return sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)


def _migrate(template: Path) -> None:
    # the database gets its name when it is whole, so that an interrupted migration is never used
    for unfinished in template.parent.glob("migrating-*"):
        shutil.rmtree(unfinished, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=template.parent, prefix="migrating-") as folder:
        home = Path(folder)
        environment = {**clean_environment(os.environ), **airflow_environment(home)}
        command = [sys.executable, "-m", "airflow", "db", "migrate"]
        result = subprocess.run(
            command, env=environment, cwd=home, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        if result.returncode != 0:
            last = "\n".join((result.stdout + result.stderr).strip().splitlines()[-15:])
            raise DatabaseError(
                f"{home}: `airflow db migrate` ended with {result.returncode}. It said:\n{last}"
            )
        _fold_log_into(home / "airflow.db")
        (home / "airflow.db").replace(template)


def _fold_log_into(database: Path) -> None:
    # Airflow switches SQLite to a write-ahead log, a second file, in which rows may still wait
    connection = sqlite3.connect(database)
    connection.execute("pragma wal_checkpoint(truncate)")
    connection.close()
