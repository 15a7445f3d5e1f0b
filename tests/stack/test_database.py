"""The migrated database is made once per Airflow version, whole or not at all, however many ask at once."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from workbook.stack import database


def head(path: Path) -> str:
    connection = sqlite3.connect(path)
    try:
        return str(connection.execute("select version_num from alembic_version").fetchone()[0])
    finally:
        connection.close()


@pytest.mark.airflow
def test_several_at_once_migrate_once_and_all_get_a_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "TEMPLATES", tmp_path / "templates")
    unfinished = tmp_path / "templates" / "migrating-killed"
    unfinished.mkdir(parents=True)
    migrations = []
    run = subprocess.run

    def counted(*args: Any, **options: Any) -> Any:
        migrations.append(args)
        return run(*args, **options)

    monkeypatch.setattr(subprocess, "run", counted)
    targets = [tmp_path / f"a home with spaces {number}" / "airflow.db" for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(database.migrated_database, targets)) == targets
    assert len(migrations) == 1
    assert len({head(target) for target in targets}) == 1
    assert [item.suffix for item in (tmp_path / "templates").iterdir() if item.name != "lock"] == [".db"]
    assert all([item.name for item in target.parent.iterdir()] == ["airflow.db"] for target in targets)


def test_what_still_waits_in_the_log_of_a_migration_is_part_of_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "TEMPLATES", tmp_path / "templates")
    leaving = (  # a migration that ends without closing its database
        "import os, sqlite3\n"
        "connection = sqlite3.connect('airflow.db', isolation_level=None)\n"
        "connection.execute('pragma journal_mode=wal')\n"
        "connection.execute('create table alembic_version as select 7 as version_num')\n"
        "os._exit(0)\n"
    )
    run = subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda _, **rest: run([sys.executable, "-c", leaving], **rest))
    assert head(database.migrated_database(tmp_path / "airflow.db")) == "7"


def test_a_failed_migration_says_why_and_leaves_no_template(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "TEMPLATES", tmp_path / "templates")
    failing = tmp_path / "python"
    failing.write_text("#!/bin/sh\necho no space left on device >&2\nexit 3\n")
    failing.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(failing))
    with pytest.raises(database.DatabaseError, match=r"ended with 3(.|\n)*no space left on device"):
        database.migrated_database(tmp_path / "airflow.db")
    assert not list((tmp_path / "templates").glob("*.db"))
    assert not (tmp_path / "airflow.db").exists()


def test_the_log_of_a_former_database_does_not_leak_into_the_new_one(tmp_path: Path) -> None:
    target = tmp_path / "airflow.db"
    for name in ("airflow.db", "airflow.db-wal", "airflow.db-shm"):
        (tmp_path / name).write_text("former")
    database.migrated_database(target)
    assert [item.name for item in tmp_path.iterdir()] == ["airflow.db"]
