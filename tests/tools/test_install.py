"""What is installed before anything else is there, and what is said when that fails."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import pytest

from workbook.tools import install
from workbook.workspace import ROOT


@pytest.mark.parametrize("version", [(3, 10, 13), (3, 14, 0)])
def test_an_unsuitable_python_is_told_so_in_a_sentence(
    version: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(SystemExit, match=r"This is Python 3\.1\d; the workbook needs 3.11, 3.12 or 3.13"):
        install.main()


@pytest.mark.parametrize(
    ("output", "cause"),
    [
        ("error: failed to write: No space left on device (os error 28)", "the disk is full"),
        ("Could not fetch: Temporary failure in name resolution", "could not be reached"),
        ("ProxyError: Name resolution failed", "could not be reached"),
        ("error: Request failed after 3 retries\n  dns error", "could not be reached"),
        (
            "The virtual environment was not created because ensurepip is not available",
            "apt install python3-venv",
        ),
        ("error: Hash mismatch for `x==1`", "differs from the one that was pinned"),
        ("first line\nsomething new\n", "something new"),
    ],
)
def test_a_failed_installation_names_its_likely_cause(output: str, cause: str) -> None:
    assert cause in install.reason(output)


def test_a_full_disk_is_noticed_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(install, "STAMP", str(tmp_path / ".venv" / "installed-from"))
    monkeypatch.setattr(install, "NEEDED_BYTES", 1 << 60)
    with pytest.raises(SystemExit, match="Make room, then run the command again"):
        install.main()
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize("closed", ["", ".workbook", ".venv"])
def test_a_folder_that_is_read_only_or_of_another_user_is_one_sentence(
    closed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may write anywhere, so the answer of the system is put in its place."""
    place = tmp_path / closed
    place.mkdir(exist_ok=True)
    for name, folder in {"ROOT": "", "WORK": ".workbook", "VENV": ".venv"}.items():
        monkeypatch.setattr(install, name, str(tmp_path / folder))
    monkeypatch.setattr(install, "STAMP", str(tmp_path / "nothing"))
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != place)
    with pytest.raises(SystemExit, match=f"{place} cannot be written to: .* folder of your own"):
        install.main()


class Venv:
    """An installation that is whole, and a list of what is done to it; the commands themselves are not run."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.stamp = folder / "installed-from"
        self.python = folder / "python"
        self.steps: list[str] = []
        self.commands: list[list[str]] = []
        folder.mkdir()
        self.stamp.write_text(install.stamp())
        self.python.symlink_to(sys.executable)
        for name, value in {"VENV": folder, "STAMP": self.stamp, "PYTHON": self.python}.items():
            patch.setattr(install, name, str(value))
        patch.setattr(install, "NEEDED_BYTES", 0)
        patch.setattr(install, "run", self.run)
        patch.setattr(install, "add_to_path", lambda folders: None)

    def run(self, command: list[str], what: str) -> None:
        self.steps.append(what)
        self.commands.append(command)
        if what == "make a virtual environment":
            self.folder.mkdir()
            self.python.symlink_to(sys.executable)


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Venv:
    return Venv(tmp_path / ".venv", monkeypatch)


def test_a_folder_that_airflow_cannot_live_in_is_one_sentence(
    venv: Venv, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "ROOT", "/tmp/a$HOME")
    with pytest.raises(SystemExit, match=re.escape("/tmp/a$HOME has a $ in its name, which")):
        install.main()


def test_a_second_call_installs_nothing(venv: Venv) -> None:
    install.main()
    assert venv.steps == []


def test_another_lock_is_installed_into_the_same_environment(
    venv: Venv, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text((ROOT / "requirements.lock").read_text() + "# another\n")
    monkeypatch.setattr(install, "LOCK", str(lock))
    install.main()
    assert venv.steps == ["install uv", "install the packages"]
    pip, uv = map(set, venv.commands)  # whatever a pip.conf or a uv.toml says
    assert pip >= {"--no-user", "--target=", f"--prefix={venv.folder}", "--root=/"}
    assert uv >= {"--no-config", "--python", str(venv.python)}
    install.main()
    assert len(venv.steps) == 2  # it is noted


def test_half_an_environment_and_one_that_was_moved_or_is_of_another_python_are_made_from_nothing(
    venv: Venv,
) -> None:
    root, python, lock = install.stamp().splitlines()
    for stamp in ("", f"/another/place\n{python}\n{lock}\n", f"{root}\n3.11.0 (another)\n{lock}\n"):
        venv.stamp.write_text(stamp)
        (venv.folder / "leftover").touch()
        install.main()
        assert venv.steps == ["make a virtual environment", "install uv", "install the packages"]
        assert {entry.name for entry in venv.folder.iterdir()} == {"installed-from", "python", "uv.txt"}
        venv.steps.clear()


def test_no_setting_of_others_leads_an_installer_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("UV_SYSTEM_PYTHON", "UV_PYTHON", "UV_TARGET", "PIP_USER", "PIP_TARGET", "PYTHONPATH"):
        monkeypatch.setenv(name, "1")
    sources = {"UV_INDEX_URL": "a", "PIP_INDEX_URL": "b", "PIP_CERT": "c", "HTTPS_PROXY": "d"}
    for name, value in sources.items():
        monkeypatch.setenv(name, value)
    text = "import json, os, sys; open(sys.argv[1], 'w').write(json.dumps(dict(os.environ)))"
    install.run([sys.executable, "-c", text, str(tmp_path / "seen")], "look")
    environment = json.loads((tmp_path / "seen").read_text())
    assert environment.items() >= sources.items()
    assert {name for name in environment if name.startswith(("UV_", "PIP_"))} <= {
        *sources,
        "UV_CACHE_DIR",
        "UV_NO_PROGRESS",
        *(name for name in os.environ if any(part in name for part in install.SOURCES)),
    }
    assert "PYTHONPATH" not in environment and environment["PYTHONNOUSERSITE"] == "1"


def test_an_environment_whose_python_is_gone_is_made_from_nothing(venv: Venv) -> None:
    venv.python.unlink()
    venv.python.symlink_to("/nowhere/python")
    (venv.folder / "leftover").touch()
    install.main()
    assert venv.steps[0] == "make a virtual environment"
    assert not (venv.folder / "leftover").exists()


def test_the_lock_carries_hashes_and_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert "://" not in lock
    pinned = [line for line in lock.splitlines() if line[:1].isalnum()]
    assert len(pinned) > 200 and all("==" in line for line in pinned)
    assert lock.count("--hash=sha256:") >= len(pinned)
