"""What a build changes in a folder: its own files only, as little as can be, and nothing if somebody is in the way."""

from __future__ import annotations

import os
import tempfile
from codecs import BOM_UTF8
from collections import Counter
from pathlib import Path

import pytest
from frozen_folders import A, B, build, changes_of, content, dags, stamps, tree
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from dagfreeze.files.folder import Changes, FolderError, check_removals, compare, headers
from dagfreeze.files.header import EACH, Header, read_header
from dagfreeze.files.replace import replace
from dagfreeze.files.shards import arrange, choose


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "frozen"


def test_a_folder_that_is_not_there_is_compared_like_an_empty_one(out: Path) -> None:
    changes = changes_of(out, {A: dags(5)})
    assert (len(changes.added), changes.removed, changes.moved, changes.dags) == (5, (), (), 0)
    assert changes.write
    assert headers(out) == {}
    assert not out.exists()


def test_one_dag_more_another_or_fewer_changes_its_file_only(out: Path) -> None:
    texts = dags(30)
    build(out, {A: texts}, 6)
    file_of = {dag: name for name, header in headers(out).items() for dag in header.dags}
    for edit, count in [({"a7": "edited"}, "unchanged"), ({"new": "first"}, "added")]:
        texts |= edit
        before = stamps(out)
        changes = build(out, {A: texts}, 6)
        assert len(changes.write) == 1
        assert changes.added == (tuple(edit) if count == "added" else ())
        assert (changes.moved, changes.removed, changes.remove) == ((), (), ())
        after = stamps(out)
        assert {name for name in before if before[name] != after[name]} <= changes.write.keys()
    del texts["a7"]
    changes = build(out, {A: texts}, 6)
    assert [*changes.write] == [file_of["a7"]]
    assert (changes.removed, changes.dags) == (("a7",), 31)
    assert changes.before.keys() == changes.write.keys()
    assert b"edited" in changes.before[file_of["a7"]]
    assert not build(out, {A: texts}, 6)


def test_nothing_at_all_happens_when_everything_is_current(out: Path) -> None:
    build(out, {A: dags(10)})
    before = stamps(out), out.stat().st_mtime_ns, out.stat().st_ctime_ns
    changes = build(out, {A: dags(10)})
    assert not changes
    assert set(changes.unchanged) == tree(out).keys()
    assert (stamps(out), out.stat().st_mtime_ns, out.stat().st_ctime_ns) == before


def test_what_was_edited_or_removed_by_hand_is_restored(out: Path) -> None:
    build(out, {A: dags(10)})
    good = tree(out)
    first, second, *_ = sorted(out.iterdir())
    first.write_text(first.read_text() + "# by hand\n")
    second.unlink()
    changes = build(out, {A: dags(10)})
    assert changes.write.keys() == {first.name, second.name}
    assert changes.moved == changes.removed == ()
    assert tree(out) == good


def test_ends_of_lines_that_git_changed_make_a_file_neither_foreign_nor_changed(out: Path) -> None:
    build(out, {A: dags(10)})
    for path in out.iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert not changes_of(out, {A: dags(10)})
    changes = build(out, {A: {**dags(10), "a3": "edited"}})
    assert len(changes.write) == 1
    resharded = build(out, {A: dags(10)}, 100, reshard=True)
    assert tree(out).keys() == {"team__a.py"}
    assert len(resharded.moved) == 10


def test_files_of_others_are_never_touched(out: Path) -> None:
    build(out, {A: dags(30), B: dags(9, "b")})
    mine = {
        "own.py": b"print('mine')",
        "notes.md": b"#",
        "__pycache__/own.pyc": b"\0",
        "sub/team__a_0.py": b"x",
    }
    for name, text in mine.items():
        (out / name).parent.mkdir(exist_ok=True)
        (out / name).write_bytes(text)
    one = next(out.glob("team__a*.py"))
    (out / "sub" / "frozen.py").write_bytes(one.read_bytes())
    (out / "copy.txt").write_bytes(one.read_bytes())
    (out / "link.py").symlink_to(one.name)
    (out / "taken_over.py").write_bytes(one.read_bytes().split(b"\n", 1)[1])
    os.mkfifo(out / "pipe.py")
    before = stamps(out)
    assert len(build(out, {A: dags(2)}).remove) > 1
    other_stamps = {name: stamp for name, stamp in before.items() if not name.startswith("team__a")}
    assert other_stamps.items() <= stamps(out).items()
    assert (out / "sub" / "frozen.py").exists()
    assert build(out, {}, covers=[A]).remove
    assert other_stamps.items() <= stamps(out).items()
    assert [name for name, header in headers(out).items() if header.source == A] == []


def test_a_copy_of_a_frozen_file_would_make_its_dags_twice_and_goes(out: Path) -> None:
    build(out, {A: dags(2)})
    (out / "copy.py").write_bytes((out / "team__a.py").read_bytes())
    changes = build(out, {A: dags(2)})
    assert (changes.remove, changes.removed, changes.moved, changes.dags) == (("copy.py",), (), (), 2)


@pytest.mark.parametrize("kind", ["file", "link", "dangling", "folder", "pipe"])
def test_what_has_a_name_that_is_wanted_is_named_and_kept(out: Path, kind: str) -> None:
    out.mkdir()
    path = out / "b.py"
    if kind == "file":
        path.write_text("print('mine')")
    elif kind == "link":
        (out / "target").write_bytes(Header(B, 1, 0, ("b0",)).text().encode())
        path.symlink_to("target")
    elif kind == "dangling":
        path.symlink_to("nowhere")
    elif kind == "folder":
        path.mkdir()
    else:
        os.mkfifo(path)
    before = stamps(out)
    with pytest.raises(
        FolderError, match=r"frozen/b\.py is wanted for b\.py, but is not a file that dagfreeze"
    ) as error:
        build(out, {A: dags(3), B: dags(1, "b")})
    assert error.value.remedy == "Move it away, or choose another --out."
    assert stamps(out) == before


def test_a_file_of_another_source_that_has_a_name_that_is_wanted_is_kept(out: Path) -> None:
    build(out, {A: dags(1)})
    (out / "team__a.py").rename(out / "b.py")
    with pytest.raises(FolderError, match=r"b\.py is wanted for b\.py, but was frozen from team/a\.py"):
        build(out, {B: dags(1, "b")})


def test_a_dag_that_another_source_has_is_refused_with_both_sources(out: Path) -> None:
    build(out, {A: dags(3)})
    with pytest.raises(FolderError) as error:
        build(out, {B: {"b0": "", "a1": ""}})
    assert error.value.reason == f"DAG a1 of b.py is already in {out}/team__a.py, frozen from team/a.py"
    assert error.value.remedy.startswith("Was team/a.py renamed, or has it the DAG no more?")
    assert tree(out).keys() == {"team__a.py"}


def test_a_dag_that_goes_from_one_source_to_another_moves(out: Path) -> None:
    build(out, {A: dags(2), B: dags(2, "b")})
    changes = build(out, {A: {"a0": "first"}, B: {**dags(2, "b"), "a1": "first"}})
    assert list(changes.write) == ["b.py", "team__a.py"]
    assert (changes.moved, changes.added, changes.removed) == (("a1",), (), ())


def test_files_that_gain_come_before_files_that_lose_along_any_chain_and_around_a_circle(out: Path) -> None:
    sources = {f"{letter}.py": {f"{letter}{number}": "" for number in range(2)} for letter in "pqrst"}
    build(out, sources)
    # p gives to t, t to q, q to s: against any order of names; r only edits
    chain = {"p.py": "p0", "t.py": "p1 t0", "q.py": "t1 q0", "s.py": "q1 s0 s1", "r.py": "r0 r1"}
    changes = changes_of(out, {source: dict.fromkeys(ids.split(), "new") for source, ids in chain.items()})
    order = list(changes.write)
    assert len(order) == 5
    assert order.index("s.py") < order.index("q.py") < order.index("t.py") < order.index("p.py")
    circle = chain | {"p.py": "p0 s1", "s.py": "q1 s0"}
    changes = changes_of(out, {source: dict.fromkeys(ids.split(), "new") for source, ids in circle.items()})
    assert len(changes.write) == 5


def test_a_source_that_is_gone_takes_its_files_along_if_the_build_covers_it(out: Path) -> None:
    build(out, {A: dags(7), B: dags(2, "b")})
    assert not build(out, {B: dags(2, "b")})
    changes = build(out, {B: dags(2, "b")}, covers=[A])
    assert (len(changes.removed), changes.dags) == (7, 9)
    assert headers(out).keys() == {"b.py"}


def removals(removed: int, dags: int) -> Changes:
    names = tuple(f"a{number:03}" for number in range(removed))
    return Changes({}, (), (), {}, (), names, (), (), dags)


@pytest.mark.parametrize(
    ("removed", "dags", "refused"),
    [
        *[
            (0, 0, False),
            (1, 1, False),
            (1, 3, False),
            (3, 3, False),
            (4, 6, True),
            (4, 40, False),
            (7, 8, True),
        ],
        *[(4, 24, True), (58, 60, True), (11, 1_000, True), (10, 1_000, False)],
    ],
)
def test_many_dags_do_not_go_unasked(removed: int, dags: int, refused: bool) -> None:
    if refused:
        with pytest.raises(
            FolderError, match=f"{removed} of {dags} DAGs would be removed: a000, a001, a002, a003"
        ):
            check_removals(removals(removed, dags))
    else:
        check_removals(removals(removed, dags))
    check_removals(removals(removed, dags), removed)
    if removed:
        with pytest.raises(FolderError, match=f"{removed} of {dags}"):
            check_removals(removals(removed, dags), removed - 1)


def test_the_first_dags_that_would_go_are_named() -> None:
    with pytest.raises(FolderError) as error:
        check_removals(removals(58, 60))
    assert error.value.reason == "58 of 60 DAGs would be removed: a000, a001, a002, a003, a004 and 53 more"
    assert "--max-removed 58" in error.value.remedy


def test_a_file_that_is_removed_while_the_folder_is_read_was_not_there(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(out, {A: dags(10)})
    first, *others = sorted(out.iterdir())
    read = Path.read_bytes

    def read_after_a_removal(path: Path) -> bytes:
        first.unlink(missing_ok=True)
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", read_after_a_removal)
    assert headers(out).keys() == {path.name for path in others}


def test_a_file_without_a_header_cannot_be_wanted(out: Path) -> None:
    with pytest.raises(ValueError, match=r"x\.py has no header"):
        compare(out, {"x.py": b"x = 1"}, lambda source: True)


def test_a_file_in_place_of_the_folder_and_below_a_file_are_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("nowhere")
    for name in ("file", "file/below", "link"):
        with pytest.raises(FolderError) as error:
            build(tmp_path / name, {A: dags(1)})
        assert error.value.reason.startswith(f"{tmp_path}/{name}: ")
        assert "--out has to be a folder" in error.value.remedy
    assert tree(tmp_path).keys() == {"file", "link"}


class History(RuleBasedStateMachine):
    """Two sources, people, and git work on one folder; a build always makes of it what a fresh one makes."""

    def __init__(self) -> None:
        super().__init__()
        self.out = Path(tempfile.mkdtemp(dir=os.environ["HISTORY"])) / "out"
        self.sources: dict[str, dict[str, str]] = {A: {}, B: {}}
        self.mine: dict[str, bytes] = {}

    def frozen(self) -> list[Path]:
        return [self.out / name for name in sorted(headers(self.out))]

    @rule(source=st.sampled_from([A, B]), number=st.integers(0, 12), text=st.sampled_from("xyz"))
    def write_a_dag(self, source: str, number: int, text: str) -> None:
        self.sources[source][f"{source[0]}{number}"] = text

    @rule(source=st.sampled_from([A, B]), data=st.data())
    def remove_a_dag(self, source: str, data: st.DataObject) -> None:
        if texts := self.sources[source]:
            del texts[data.draw(st.sampled_from(sorted(texts)))]

    @rule(
        data=st.data(),
        what=st.sampled_from(["edit", "remove", "crlf", "bom", "copy", "rename", "merge", "cut"]),
    )
    def do_something_to_a_file(self, data: st.DataObject, what: str) -> None:
        if not (files := self.frozen()):
            return
        path = data.draw(st.sampled_from(files))
        text = path.read_bytes()
        if what == "remove":
            path.unlink()
        elif what == "rename":
            path.rename(self.out / f"renamed_{path.name}")
        elif what == "copy":
            (self.out / f"copy_of_{path.name}").write_bytes(text)
        elif what == "edit":
            path.write_bytes(text + b"# by hand\n")
        elif what == "bom":
            path.write_bytes(BOM_UTF8 + text.removeprefix(BOM_UTF8))
        elif what == "crlf":
            path.write_bytes(text.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
        elif what == "merge":
            path.write_bytes(
                text.replace(b"#   ", b"<<<<<<< HEAD\n#   gone\n=======\n>>>>>>> other\n#   ", 1)
            )
        else:
            path.write_bytes(text.partition(b"\n")[0])

    @rule(
        name=st.sampled_from(["own.py", "team__a_old.py", "b_0.py.bak", "notes.md"]),
        text=st.binary(max_size=9),
    )
    def write_a_file_of_ones_own(self, name: str, text: bytes) -> None:
        self.out.mkdir(exist_ok=True)
        (self.out / name).write_bytes(text)
        self.mine[name] = text

    @rule(source=st.sampled_from([A, B]), dags_per_file=st.sampled_from([1, 2, 5]))
    def branch_off_and_reshard_and_merge(self, source: str, dags_per_file: int) -> None:
        if not self.out.exists():
            return
        count = choose(dict.fromkeys(self.sources[source], 1), dags_per_file)
        for name, header in arrange(source, self.sources[source], count).items():
            (self.out / name).write_bytes(content(header, self.sources[source]))

    @rule(
        covered=st.sampled_from([(A,), (B,), (A, B)]),
        dags_per_file=st.sampled_from([1, 2, 5]),
        reshard=st.booleans(),
    )
    def build(self, covered: tuple[str, ...], dags_per_file: int, reshard: bool) -> None:
        before, stamps_before = headers(self.out), stamps(self.out)
        old = {name: text.replace(b"\r\n", b"\n") for name, text in tree(self.out).items()}
        changes = build(
            self.out, {source: self.sources[source] for source in covered}, dags_per_file, reshard=reshard
        )
        expected: dict[str, bytes] = {}
        for source in covered:
            counts = {header.count for header in before.values() if header.source == source} - {None}
            count = EACH if EACH in counts else max(counts, default=None)  # type: ignore[type-var]
            if reshard or count is None:
                count = choose(dict.fromkeys(self.sources[source], 1), dags_per_file)
            files = arrange(source, self.sources[source], count)
            expected |= {name: content(header, self.sources[source]) for name, header in files.items()}
        self.check(covered, before, expected, old, stamps_before)
        after = {dag for name in expected for dag in headers(self.out)[name].dags}
        then = {dag for header in before.values() if header.source in covered for dag in header.dags}
        assert (set(changes.added), set(changes.removed)) == (after - then, then - after)

    def check(
        self,
        covered: tuple[str, ...],
        before: dict[str, Header],
        expected: dict[str, bytes],
        old: dict[str, bytes],
        stamps_before: dict[str, tuple[int, int]],
    ) -> None:
        others = {name: old[name] for name, header in before.items() if header.source not in covered}
        files = {name: text.replace(b"\r\n", b"\n") for name, text in tree(self.out).items()}
        mine = {name: text.replace(b"\r\n", b"\n") for name, text in self.mine.items()}
        assert files == expected | others | mine
        assert {name for name in files if old.get(name) == files[name]} == {
            name for name, stamp in stamps(self.out).items() if stamps_before.get(name) == stamp
        }
        assert {name: self.out.joinpath(name).read_bytes() for name in self.mine} == self.mine
        twice = Counter(
            dag for name in expected for dag in (read_header(expected[name]) or Header("", 1, 0, ())).dags
        )
        assert set(twice.values()) <= {1}


def test_any_history_ends_in_what_a_fresh_build_makes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HISTORY", str(tmp_path))
    run_state_machine_as_test(
        History, settings=settings(max_examples=150, stateful_step_count=15, deadline=None)
    )


def test_a_build_that_was_compared_and_not_made_changes_nothing(out: Path) -> None:
    build(out, {A: dags(5)})
    before = tree(out)
    changes = changes_of(out, {A: dags(9)})
    assert changes
    assert tree(out) == before
    replace(out, changes)
    assert tree(out) != before
