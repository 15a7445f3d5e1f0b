"""Replacing files all at once: killed at every write, watched by a reader, run twice at the same time."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines import publish
from pipelines.generate import Options, generate
from pipelines.publish import CannotExchange, state_folder
from workbook.catalog import configurations, write_catalog
from workbook.workspace import DAGS

KILLED = 86
WRITES = {
    "open",
    "os.chmod",
    "os.link",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.symlink",
    "pipelines.exchange",
}
Tree = dict[str, bytes]


def tree(folder: Path) -> Tree:
    """The files of a folder; a symbolic link by its target."""
    return {
        str(path.relative_to(folder)): str(path.readlink()).encode()
        if path.is_symlink()
        else path.read_bytes()
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }


def in_child(work: Callable[[], object], die_at: int | None = None, *, torn: bool = False) -> int:
    """Run something in a forked process, which is killed at a certain write.

    Args:
        work: what to run.
        die_at: number of the write at which the process ends, without any clean-up.
        torn: end it after half of the next content that it writes, instead of before the write.

    Returns:
        The exit code: 0, or `KILLED`.
    """
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 1
    try:
        writes = 0

        def count(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal writes
            if event not in WRITES or (event == "open" and not _writes(arguments)):
                return
            writes += 1
            if writes == die_at and not torn:
                os._exit(KILLED)

        def half(path: Path, content: bytes) -> int:
            with path.open("wb") as file:
                file.write(content[: len(content) // 2 if writes >= (die_at or 0) else None])
            if writes >= (die_at or 0):
                os._exit(KILLED)
            return len(content)

        if die_at:
            sys.addaudithook(count)
            if torn:
                Path.write_bytes = half  # type: ignore[method-assign, assignment]
        work()
        code = 0
    finally:
        os._exit(code)


def _writes(arguments: tuple[object, ...]) -> bool:
    mode, flags = arguments[1], arguments[2]
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))


class Scene:
    """A catalog, a folder with generated files and files of others, and a change to make."""

    def __init__(self, folder: Path, before: int, after: int, edited: int) -> None:
        self.folder = folder
        self.options = Options(folder / "dags", folder / "catalog", dags_per_file=3)
        if before:
            self.fill(before, 0)
            generate(self.options)
            (folder / "dags" / "sub").mkdir()
            (folder / "dags" / "sub" / "mine.py").write_text("mine")
            (folder / "dags" / "mine.py").write_text("mine")
            (folder / "dags" / "link").symlink_to("mine.py")
        self.fill(after, edited)

    def fill(self, count: int, edited: int) -> None:
        """Put pipelines into the catalog, some of them edited."""
        shutil.rmtree(self.folder / "catalog", ignore_errors=True)
        write_catalog(
            self.folder / "catalog",
            (
                config.model_copy(update={"steps": 50}) if number < edited else config
                for number, config in enumerate(configurations(count))
            ),
        )

    def found(self) -> Tree | None:
        """What a reader finds."""
        return tree(self.options.out) if self.options.out.exists() else None


SCENES = {"first run": (0, 9, 0), "one file": (9, 9, 1), "many files": (20, 8, 4), "more files": (8, 20, 2)}


@pytest.mark.parametrize("torn", [False, True], ids=["at the write", "half of it written"])
@pytest.mark.parametrize("scene", SCENES)
def test_killed_at_any_write_the_folder_is_the_old_one_or_the_new_one(
    scene: str, torn: bool, tmp_path: Path
) -> None:
    whole = Scene(tmp_path / "whole", *SCENES[scene])
    old = whole.found()
    generate(whole.options)
    new = whole.found()
    assert new is not None and new != old
    seen = set()
    for die_at in range(1, 400):
        killed = Scene(tmp_path / f"killed{die_at}", *SCENES[scene])
        code = in_child(lambda options=killed.options: generate(options), die_at, torn=torn)  # type: ignore[misc]
        found = killed.found()
        assert found in (old, new), f"a mixture after write {die_at}"
        seen.add("old" if found == old else "new")
        generate(killed.options)  # the next run needs nobody's help
        assert killed.found() == new
        generate(killed.options)
        left = {path.name for path in state_folder(killed.options.out).iterdir()}
        assert left == {".gitignore", ".airflowignore", "lock", "memory"}
        if code == 0:
            break
        assert code == KILLED
        shutil.rmtree(killed.folder)
    assert code == 0, "the loop ended before the generator did"
    assert torn or seen == {"old", "new"}
    assert "old" in seen


def test_a_reader_sees_the_old_files_or_the_new_ones(tmp_path: Path) -> None:
    few, many = Scene(tmp_path / "few", 0, 5, 0), Scene(tmp_path / "many", 0, 24, 5)
    folders = [Options(tmp_path / "dags", scene.folder / "catalog", dags_per_file=2) for scene in (few, many)]
    for options in folders:
        generate(options)
    listings = []
    for options in folders:
        generate(options)
        listings.append(frozenset(os.listdir(tmp_path / "dags")))  # noqa: PTH208
    seen = set()
    stop = threading.Event()

    def watch() -> None:
        while not stop.is_set():
            seen.add(frozenset(os.listdir(tmp_path / "dags")))  # noqa: PTH208

    reader = threading.Thread(target=watch)
    reader.start()
    for number in range(30):
        generate(folders[number % 2])
    stop.set()
    reader.join()
    assert seen == set(listings)


def test_two_runs_at_once_do_not_mix(tmp_path: Path) -> None:
    write_catalog(tmp_path / "a", configurations(300))
    write_catalog(tmp_path / "b", configurations(200)[100:])
    expected = []
    for name in "ab":
        generate(Options(tmp_path / f"only_{name}", tmp_path / name, dags_per_file=3))
        expected.append(tree(tmp_path / f"only_{name}"))
    command = [
        sys.executable,
        "-m",
        "pipelines.generate",
        "--dags-per-file=3",
        "--out",
        str(tmp_path / "dags"),
    ]
    runs = [
        subprocess.Popen(
            [*command, "--catalog", str(tmp_path / name)],
            stdout=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(DAGS)},
        )
        for name in "abab"
    ]
    assert [run.wait() for run in runs] == [0, 0, 0, 0]
    assert tree(tmp_path / "dags") in expected


def test_another_run_is_waited_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scene = Scene(tmp_path, 0, 3, 0)
    with publish.locked(scene.options.out, lambda: None):
        second = threading.Thread(target=generate, args=[scene.options])
        second.start()
        while "waiting for another run" not in capsys.readouterr().err:
            second.join(0.01)
        assert second.is_alive()
        assert not scene.options.out.exists()
    second.join()
    assert scene.options.out.exists()


def test_without_exchange_files_are_replaced_one_by_one_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = Scene(tmp_path / "whole", *SCENES["many files"])
    generate(whole.options)
    assert "one by one" not in capsys.readouterr().err

    def refuse(one: Path, other: Path) -> None:
        raise CannotExchange(f"{one} {other}")

    monkeypatch.setattr(publish, "exchange", refuse)
    scene = Scene(tmp_path / "scene", *SCENES["many files"])
    generate(scene.options)
    assert scene.found() == whole.found()
    assert "one by one" in capsys.readouterr().err


def test_what_others_do_meanwhile_is_carried_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(tmp_path, *SCENES["many files"])
    out = scene.options.out
    exchange = publish.exchange

    def meanwhile(one: Path, other: Path) -> None:
        (out / "new.py").write_text("new")
        (out / "sub" / "new.py").write_text("new")
        (out / "editor.tmp").write_text("saved by renaming")
        (out / "editor.tmp").rename(out / "mine.py")
        exchange(one, other)

    monkeypatch.setattr(publish, "exchange", meanwhile)
    generate(scene.options)
    assert (out / "new.py").read_text() == "new"
    assert (out / "sub" / "new.py").read_text() == "new"
    assert (out / "mine.py").read_text() == "saved by renaming"
    (out / "new.py").unlink()
    (out / "sub" / "mine.py").unlink()  # in the exchanged folder, too
    generate(scene.options)
    back = {"new.py", "sub/mine.py"} & tree(out).keys()
    assert not back, "what somebody removed later came back"


def test_what_others_did_meanwhile_is_carried_over_after_a_crash_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = Scene(tmp_path, *SCENES["many files"])
    exchange = publish.exchange

    def meanwhile(one: Path, other: Path) -> None:
        (scene.options.out / "new.py").write_text("new")
        exchange(one, other)
        raise SystemExit

    monkeypatch.setattr(publish, "exchange", meanwhile)
    with pytest.raises(SystemExit):
        generate(scene.options)
    monkeypatch.undo()
    generate(scene.options)
    assert (scene.options.out / "new.py").read_text() == "new"


def test_airflow_and_git_look_away_from_the_second_folder(tmp_path: Path) -> None:
    from airflow._shared.module_loading import find_path_from_directory

    scene = Scene(tmp_path, *SCENES["many files"])
    generate(scene.options)
    state = state_folder(scene.options.out)
    assert list(state.rglob("*.py")), "nothing there to look away from"
    for syntax in ("glob", "regexp"):
        found = {Path(path) for path in find_path_from_directory(tmp_path, ".airflowignore", syntax)}
        assert scene.options.out / "mine.py" in found
        assert not {path for path in found if state in path.parents and path.suffix == ".py"}
    assert (state / ".gitignore").read_text() == "*\n"


def test_modes_and_times_of_unchanged_files_survive_the_exchange(tmp_path: Path) -> None:
    scene = Scene(tmp_path, *SCENES["many files"])
    out = scene.options.out
    out.chmod(0o750)
    (out / "mine.py").chmod(0o600)
    before = (out / "mine.py").stat()
    generate(scene.options)
    after = (out / "mine.py").stat()
    assert (after.st_mode, after.st_mtime_ns, after.st_ino) == (
        before.st_mode,
        before.st_mtime_ns,
        before.st_ino,
    )
    assert out.stat().st_mode & 0o777 == 0o750
