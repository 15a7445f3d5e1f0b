"""The package that a reader takes home is small and needs only Airflow; the workbook declares what it imports."""

from __future__ import annotations

import ast
import email
import email.message
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from workbook.workspace import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGE = sorted((ROOT / "dags" / "dagfreeze").rglob("*.py"))
OFFLINE = ("--offline", "--no-config", "--no-cache", "--python", sys.executable)


def uv(*arguments: str | Path) -> None:
    result = subprocess.run([sys.executable, "-m", "uv", *arguments], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("built")
    uv("build", *OFFLINE, "--no-build-isolation", "--out-dir", folder, ROOT)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (path,) = built.glob("dagfreeze-*.whl")
    return path


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> email.message.Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return email.message_from_bytes(archive.read(name))


def test_the_wheel_holds_the_package_alone(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if ".dist-info/" not in name]
    assert sorted(names) == [path.relative_to(ROOT / "dags").as_posix() for path in PACKAGE]


def test_the_source_archive_holds_what_the_wheel_is_built_from(built: Path) -> None:
    (path,) = built.glob("dagfreeze-*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    about = {".gitignore", "LICENSE", "LICENSE-prose", "PKG-INFO", "README.md", "pyproject.toml"}
    assert names == about | {path.relative_to(ROOT).as_posix() for path in PACKAGE}


def test_an_airflow_that_is_there_suffices(metadata: email.message.Message) -> None:
    assert metadata.get_all("Requires-Dist") == ["apache-airflow<4,>=3"]
    assert metadata.get_all("Provides-Extra") is None
    assert metadata["Requires-Python"] == "<3.14,>=3.11"


def test_the_installed_package_runs_where_the_repository_is_not_on_the_path(
    wheel: Path, tmp_path: Path
) -> None:
    uv("pip", "install", *OFFLINE, "--quiet", "--no-deps", "--target", tmp_path / "site", wheel)
    paths = [str(tmp_path / "site"), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "AIRFLOW_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-S", "-m", "dagfreeze", "--help"]  # -S: workbook.pth names the repository
    result = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert "python -m dagfreeze" in result.stdout and "--out" in result.stdout


def test_the_build_backend_is_the_one_that_the_lock_installs() -> None:
    (backend,) = PROJECT["build-system"]["requires"]
    assert backend in PROJECT["dependency-groups"]["dev"]


def test_the_package_imports_nothing_but_airflow_and_the_standard_library() -> None:
    """What Airflow itself brings may be imported where it is met, never at the head of a module."""
    heads = [statement for path in PACKAGE for statement in ast.parse(path.read_text()).body]
    assert modules(heads) <= {"airflow", "dagfreeze"}


def test_what_the_workbook_imports_is_declared_and_what_it_declares_is_imported() -> None:
    groups = {name: set(map(package, lines)) for name, lines in PROJECT["dependency-groups"].items()}
    assert distributions(ROOT / "dags", ROOT / "notebooks") >= groups["workbook"]
    everywhere = (ROOT / name for name in ("dags", "notebooks", "slides", "images", "tests"))
    assert distributions(*everywhere) <= groups["workbook"] | groups["dev"]


def distributions(*folders: Path) -> set[str]:
    """The packages that the sources in these folders import, but for dagfreeze and the factories that test it."""
    sources = (path for folder in folders for path in folder.rglob("*.py") if "dagfreeze" not in path.parts)
    names = modules(node for path in sources for node in ast.walk(ast.parse(path.read_text())))
    owners = {**packages_distributions(), "airflow": ["apache-airflow"]}  # which itself is empty
    return {package(owners[name][0]) for name in names & owners.keys()}


def modules(nodes: Iterable[ast.AST]) -> set[str]:
    """The top-level modules outside the standard library that these statements import."""
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names - sys.stdlib_module_names


def package(requirement: str) -> str:
    """The package that a requirement names, as indexes spell it: `PyYAML>=6` is `pyyaml`."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement)[0]).lower()


def test_text_keeps_its_line_ends_in_a_checkout_for_windows(tmp_path: Path) -> None:
    files = {name: (ROOT / name).read_bytes() for name in (".gitattributes", "Makefile", "pyproject.toml")}
    files |= {"dag.py": b"from airflow.sdk import DAG\n", "picture.png": b"looks like text\r\n"}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    windows = ("-c", "core.autocrlf=true", "-c", "core.eol=crlf")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    for command in (["init", "--quiet"], ["add", "."], ["checkout-index", "--all", "--prefix=checkout/"]):
        subprocess.run(["git", *windows, *command], cwd=tmp_path, env=environment, check=True)
    assert {path.name: path.read_bytes() for path in (tmp_path / "checkout").iterdir()} == files
