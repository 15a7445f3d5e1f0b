"""A command of a lesson shows what it says, and nothing that differs from run to run."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook.lesson import run


def test_command_shows_what_it_says_and_how_it_ends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "say.py").write_text(
        "import sys; print('http://127.0.0.1:4711/x'); sys.exit('not like this')"
    )
    result = run("python say.py", tmp_path)
    assert result.status == 1
    assert "not like this" in result.said
    assert capsys.readouterr().out == (
        "$ python say.py\n«http://127.0.0.1:4711»/x\nnot like this\nexit status 1\n"
    )


def test_command_shows_its_last_lines_and_returns_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "count.py").write_text("print('one'); print('two'); print('three')")
    assert run("python count.py", tmp_path, last=2).said == "one\ntwo\nthree\n"
    assert capsys.readouterr().out == "$ python count.py\n…\ntwo\nthree\nexit status 0\n"
    run("python count.py", tmp_path, last=3)
    assert "…" not in capsys.readouterr().out


def test_git_of_a_lesson_goes_by_nobody_s_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "gitconfig").write_text(
        "[commit]\ngpgsign = true\n[core]\nhooksPath = nowhere\n[user]\nname = Nobody"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))  # as inside a hook
    repository = tmp_path / "repository"
    repository.mkdir()
    (repository / "a.txt").write_text("a")
    for command in ("init -q -b main", "add .", "commit -q -m one"):
        assert run(f"git {command}", repository).status == 0
    assert run("git log --format=%an", repository).said == "learner\n"
    assert not (tmp_path / "elsewhere").exists()


def test_command_shows_paths_below_its_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "say.py").write_text("import pathlib; print(pathlib.Path('a').resolve())")
    run("python say.py", tmp_path)
    assert capsys.readouterr().out == "$ python say.py\na\nexit status 0\n"
