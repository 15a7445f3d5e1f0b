"""Replacing files one by one: killed at every write, watched all the time, two runs at once."""

from __future__ import annotations

import errno
import fcntl
import os
import resource
import shutil
import signal
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from frozen_folders import A, B, OnWrite, Texts, build, changes_of, dags, in_child, places, tree

from dagfreeze.files import replace as replacing
from dagfreeze.files.folder import FolderError
from dagfreeze.files.replace import locked, replace

KILLED = 86


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "frozen"


def killing(at: int) -> OnWrite:
    """End the process before a certain write, without any clean-up."""
    writes = 0

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal writes
        writes += 1
        if writes == at:
            os._exit(KILLED)

    return count


FEW = dags(12)
MANY = {**dags(40), **dags(6, "new"), "a3": "edited", "a9": "edited"}
LESS = {dag: text for dag, text in MANY.items() if dag not in ("a1", "a2", "new4")}
REST = {dag: text for dag, text in FEW.items() if dag not in dags(3)}
SCENES: dict[str, tuple[dict[str, Texts], dict[str, Texts], int, bool]] = {
    "first run": ({}, {A: FEW}, 3, False),
    "one edit": ({A: FEW}, {A: {**FEW, "a3": "edited"}}, 3, False),
    "many changes": ({A: MANY, B: dags(2, "b")}, {A: {**LESS, "more": "first"}, B: dags(3, "b")}, 3, False),
    "the last DAG of files": ({A: FEW}, {A: {"a0": "first"}}, 3, False),
    "more shards": ({A: FEW}, {A: FEW}, 2, True),
    "fewer shards": ({A: FEW}, {A: FEW}, 6, True),
    "one file per DAG": ({A: FEW}, {A: FEW}, 1, True),
    "to another source": ({A: FEW, B: dags(3, "b")}, {A: dags(3), B: {**REST, **dags(3, "b")}}, 50, False),
}


@pytest.mark.parametrize("scene", SCENES)
def test_killed_at_any_write_each_file_is_old_or_new_and_the_next_run_completes(
    scene: str, tmp_path: Path
) -> None:
    old_sources, sources, dags_per_file, reshard = SCENES[scene]
    start, goal = tmp_path / "start", tmp_path / "goal"
    for out in (start, goal):
        build(out, old_sources, 3)
    build(goal, sources, dags_per_file, reshard=reshard)
    old, new = tree(start) if start.exists() else {}, tree(goal)
    assert old != new
    stay = set(places(start)) & set(places(goal))
    moved = {dag for dag in stay if places(start)[dag] != places(goal)[dag]}
    code, states = KILLED, set()
    for at in range(1, 400):
        out = tmp_path / str(at)
        if start.exists():
            shutil.copytree(start, out)
        code = in_child(lambda out=out: build(out, sources, dags_per_file, reshard=reshard), killing(at))  # type: ignore[misc]
        files = (
            {name: text for name, text in tree(out).items() if name.endswith(".py")} if out.exists() else {}
        )
        states.add(frozenset(files.items()))
        assert files.items() <= old.items() | new.items(), f"a file is neither old nor new after write {at}"
        files_of = places(out)
        assert stay <= files_of.keys(), f"a DAG is lost after write {at}"
        assert {dag for dag in files_of if len(files_of[dag]) > 1} <= moved, (
            f"a DAG is there twice after write {at}"
        )
        build(out, sources, dags_per_file, reshard=reshard)  # the next run needs nobody's help
        assert tree(out) == new
        if code == 0:
            break
        assert code == KILLED
    assert code == 0, "the loop ended before the build did"
    # Before the first file and after each: as many states as there are changes, and one.
    assert (
        len(states)
        == len(changes_of(start, sources, dags_per_file, reshard=reshard).write) + len(old.keys() - new) + 1
    )


def test_killed_in_the_middle_of_a_file_the_old_one_is_there(out: Path) -> None:
    build(out, {A: dags(9)}, 50)
    before = tree(out)
    large = {A: {**dags(9), "a3": "x" * 50_000}}

    def cut_off() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
        build(out, large, 50)

    assert in_child(cut_off) == -signal.SIGXFSZ
    left = tree(out)
    assert len(left.pop(".team__a.py.dagfreeze")) == 20_000
    assert left == before
    assert build(out, large, 50).write
    assert tree(out).keys() == before.keys()


def test_what_a_crash_left_goes_even_when_everything_is_current(out: Path) -> None:
    build(out, {A: dags(9)})
    mine = {".mine.py": "", ".mine.dagfreeze": "", "mine.py.dagfreeze": ""}
    for name in [*mine, ".team__a_0.py.dagfreeze", ".gone.py.dagfreeze"]:
        (out / name).write_text("")
    good = {name for name in tree(out) if not name.endswith(".py.dagfreeze")} | {"mine.py.dagfreeze"}
    assert not build(out, {A: dags(9)})
    assert tree(out).keys() == good


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError(errno.ENOSPC, "No space left on device")])
def test_a_run_that_is_interrupted_leaves_nothing_half_done(
    out: Path, monkeypatch: pytest.MonkeyPatch, stop: BaseException
) -> None:
    build(out, {A: dags(30)})
    before, names = tree(out), []

    def interrupted(target: Path, temporary: Path, old: os.stat_result) -> None:
        names.append(target.name)
        if len(names) == 3:
            raise stop

    monkeypatch.setattr(replacing, "_take_over", interrupted)
    edited = {A: dict.fromkeys(dags(30), "edited")}
    with pytest.raises(FolderError if isinstance(stop, OSError) else KeyboardInterrupt) as error:
        build(out, edited)
    if isinstance(stop, OSError):
        assert str(error.value) == f"{out}: no space left on device"
    after = tree(out)
    assert {name for name in after if after[name] != before.get(name)} == set(names[:2])
    monkeypatch.undo()
    build(out, edited)
    assert not changes_of(out, edited)


def test_an_interruption_right_after_a_file_was_replaced_stays_one(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.replace

    def interrupted(path: Path, target: Path) -> None:
        rename(path, target)
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        build(out, {A: dags(1)})
    assert tree(out).keys() == {"team__a.py"}


def test_a_stale_file_that_somebody_removes_meanwhile_is_no_hindrance(out: Path) -> None:
    build(out, {A: dags(9)})
    changes = changes_of(out, {A: dags(9)}, 50, reshard=True)
    assert changes.remove
    replace(out, changes, lambda count, total: (out / changes.remove[-1]).unlink(missing_ok=True))
    assert tree(out).keys() == {"team__a.py"}


def test_a_reader_never_sees_a_dag_twice_or_misses_it(out: Path) -> None:
    texts = dags(60)
    build(out, {A: texts}, 6)
    stable = {f"a{number}" for number in range(30)}
    listings, stop, wrong = [0], threading.Event(), []

    def watch() -> None:
        while not stop.is_set():
            try:
                files_of = places(out)
            except FileNotFoundError:  # its only DAG was removed after the file was listed
                continue
            except SyntaxError as error:
                wrong.append(str(error))
                continue
            listings[0] += 1
            wrong.extend(f"{dag} twice" for dag, files in files_of.items() if len(files) > 1)
            wrong.extend(f"{dag} lost" for dag in stable - files_of.keys())

    reader = threading.Thread(target=watch)
    reader.start()
    number = 0
    while listings[0] < 50 or number < 100:
        number += 1
        texts[f"a{number % 30}"] = f"edited {number}"
        texts[f"new{number}"] = "first"
        texts.pop(f"a{30 + number}", None)
        texts.pop(f"new{number - 9}", None)
        build(out, {A: texts}, 6)
    stop.set()
    reader.join()
    assert not wrong


def test_dags_that_move_are_written_before_they_are_removed(out: Path) -> None:
    build(out, {A: dags(40)}, 3)
    counts = []
    for dags_per_file in (1, 9, 2, 40, 5):
        with locked(out, print):
            changes = changes_of(out, {A: dags(40)}, dags_per_file, reshard=True)
            progress: list[tuple[int, int]] = []

            def look(count: int, total: int, progress: list[tuple[int, int]] = progress) -> None:
                progress.append((count, total))
                files_of = places(out)
                assert files_of.keys() == dags(40).keys()
                counts.append(max(len(files) for files in files_of.values()))

            replace(out, changes, look)
        steps = len(changes.write) + len(changes.remove)
        assert progress == [(count, steps) for count in range(1, steps + 1)]
        assert Counter(len(files) for files in places(out).values()) == {1: 40}
    assert set(counts) == {1, 2}


def test_another_run_is_waited_for(out: Path) -> None:
    sentences: list[str] = []

    def second() -> None:
        with locked(out, sentences.append):
            sentences.append("in")

    with locked(out, sentences.append):
        assert not sentences
        waiter = threading.Thread(target=second)
        waiter.start()
        while not sentences:
            time.sleep(0.001)
        assert sentences == [f"waiting for another run that writes into {out}"]
        replace(out, changes_of(out, {A: dags(3)}))
    waiter.join()
    assert sentences[1:] == ["in"]


def test_who_waited_for_a_folder_that_is_gone_gets_a_new_one(out: Path) -> None:
    is_waiting = threading.Event()
    waiter = threading.Thread(target=lambda: locked_build(out, is_waiting))
    with locked(out, print):
        waiter.start()
        is_waiting.wait()
    waiter.join()
    assert tree(out).keys() == {"team__a.py"}


def locked_build(out: Path, is_waiting: threading.Event) -> None:
    with locked(out, lambda sentence: is_waiting.set()):
        replace(out, changes_of(out, {A: dags(3)}))


def test_runs_at_the_same_time_do_not_mix(out: Path) -> None:
    busy = out.with_name("busy")

    def run(source: str) -> None:
        for number in range(15):
            with locked(out, lambda sentence: None):
                busy.touch(exist_ok=False)
                replace(
                    out,
                    changes_of(out, {source: {f"{source[0]}{number}": "", f"{source[0]}": str(number)}}, 1),
                )
                busy.unlink()

    codes: list[int] = []
    runs = [
        threading.Thread(target=lambda source=source: codes.append(in_child(lambda: run(source))))
        for source in (A, B)
    ]
    for thread in runs:
        thread.start()
    for thread in runs:
        thread.join()
    assert codes == [0, 0]
    assert sorted(places(out)) == ["b", "b14", "t", "t14"]


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.EBADF, errno.EOPNOTSUPP])
def test_where_there_are_no_locks_the_run_goes_on_and_says_so(
    out: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(descriptor: int, operation: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(fcntl, "flock", refuse)
    sentences: list[str] = []
    with locked(out, sentences.append):
        replace(out, changes_of(out, {A: dags(3)}))
    assert sentences == [
        f"{out} cannot be locked ({os.strerror(code)}); see to it that no second run writes into it meanwhile"
    ]
    assert tree(out)


def test_without_locks_two_runs_do_not_write_into_each_others_files(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(out, {A: dags(1)})
    before = tree(out)
    monkeypatch.setattr(
        replacing, "_clear", lambda out: (out / ".team__a.py.dagfreeze").write_text("another run's")
    )
    with pytest.raises(FolderError, match="file exists"):
        build(out, {A: {"a0": "edited"}})
    assert tree(out) == {**before, ".team__a.py.dagfreeze": b"another run's"}
