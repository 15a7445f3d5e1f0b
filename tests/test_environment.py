"""What a shell brings along disturbs neither Airflow nor the looks at an import."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from workbook.environment import clean_environment
from workbook.measure.imports import audit
from workbook.workspace import airflow_environment

DISTURBING = {
    "PYTHONWARNINGS": "error",
    "PYTHONINSPECT": "1",
    "PYTHONIOENCODING": "latin-1",
    "LC_ALL": "POSIX",
    "AIRFLOW__CORE__DAGS_FOLDER": "/nowhere",
}


@pytest.fixture
def disturbed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pandas.py").write_text("raise ImportError('another pandas')\n")
    for name, value in {**DISTURBING, "PYTHONPATH": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)


@pytest.mark.airflow
@pytest.mark.usefixtures("disturbed")
def test_an_import_is_looked_at_whatever_the_shell_tells_python(tmp_path: Path) -> None:
    file = tmp_path / "überfällig.py"
    file.write_text("# dag airflow\nimport pandas\nopen(__file__).close()\n")
    (row,) = audit(file).to_dict("records")
    assert (row["line"], row["what"]) == (3, "opens a file")


@pytest.mark.usefixtures("disturbed")
def test_airflow_sees_nothing_of_what_the_shell_tells_python() -> None:
    environment = clean_environment(os.environ)
    assert environment.keys() & DISTURBING.keys() == {"LC_ALL"} and environment["PYTHONUTF8"] == "1"
    assert (
        "another" not in environment["PYTHONPATH"] and len(environment["PYTHONPATH"].split(os.pathsep)) == 2
    )


def test_a_user_without_a_name_has_one_for_airflow(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(uid: int) -> None:
        raise KeyError(uid)

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    environment = clean_environment({"PATH": "/bin"})
    assert environment["USER"] == f"user{os.getuid()}" and Path(environment["HOME"]).is_absolute()
    assert clean_environment({"USER": "me", "HOME": "/home/me"})["USER"] == "me"


NAMELESS = """
import pwd
def unknown(uid):
    raise KeyError(uid)
pwd.getpwuid = unknown
import getpass
import airflow.models
print(getpass.getuser())
"""


@pytest.mark.airflow
def test_airflow_is_imported_for_a_user_without_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pwd, "getpwuid", {}.__getitem__)
    environment = {**clean_environment({"PATH": os.environ["PATH"]}), **airflow_environment(tmp_path)}
    command = [sys.executable, "-c", NAMELESS]
    result = subprocess.run(command, env=environment, cwd="/", capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip().endswith(f"user{os.getuid()}")
