"""Folders in which files are replaced: mounts, links, folders and files of other users, with their modes."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from frozen_folders import GROUP, NOBODY, A, B, build, changes_of, dags, in_child, tree

from dagfreeze.files import replace
from dagfreeze.files.folder import FolderError
from dagfreeze.files.replace import locked

ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files and mounts to others")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "frozen"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder below which other users may work, too."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


def test_nothing_is_written_outside_of_the_folder_and_nothing_is_linked(out: Path) -> None:
    def inside(event: str, arguments: tuple[object, ...]) -> None:
        paths = [
            str(argument)
            for argument in arguments
            if isinstance(argument, str | Path) and os.sep in str(argument)
        ]
        if event == "os.link" or not paths or not all(path.startswith(str(out)) for path in paths):
            os._exit(3)

    for sources in ({A: dags(12)}, {A: dags(40)}, {A: {**dags(5), "a1": "edited"}}):
        assert in_child(lambda sources=sources: build(out, sources), inside) == 0  # type: ignore[misc]
    assert {path.name for path in out.parent.iterdir()} == {out.name}


def test_the_folder_stays_the_same_and_works_by_any_path(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(out, {A: dags(9)})
    inode = out.stat().st_ino
    monkeypatch.chdir(out)
    link = out.with_name("link")
    link.symlink_to(out.name)
    (out / "sub").mkdir()
    for number, path in enumerate((Path(), Path("sub/.."), link, out)):
        assert len(build(path, {A: {**dags(9), "a1": f"edit {number}"}}).write) == 1
        assert f"edit {number}" in "".join(path.read_text() for path in Path().glob("*.py"))
    assert out.stat().st_ino == inode
    assert link.is_symlink()


def test_mode_and_rights_of_a_file_stay_and_new_ones_get_those_of_the_folder(out: Path) -> None:
    before = os.umask(0o022)
    try:
        build(out, {A: dags(1)})
        path = out / "team__a.py"
        assert stat.S_IMODE(path.stat().st_mode) == 0o644
        for mode in (0o664, 0o600, 0o444, 0o755):
            path.chmod(mode)
            os.utime(path, (1, 1))
            os.umask(0o077)
            assert build(out, {A: {"a0": str(mode)}}).write
            assert stat.S_IMODE(path.stat().st_mode) == mode
            assert path.stat().st_mtime > 1
        build(out, {A: {"a0": "x"}, B: {"b0": "y"}})
        assert stat.S_IMODE((out / "b.py").stat().st_mode) == 0o600
    finally:
        os.umask(before)


def test_what_only_some_may_read_is_never_there_for_all(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(out, {A: dags(1)})
    (out / "team__a.py").chmod(0o600)
    modes = []
    monkeypatch.setattr(
        replace,
        "_take_over",
        lambda target, temporary, old: modes.append(stat.S_IMODE(temporary.stat().st_mode)),
    )
    build(out, {A: dags(2)})
    assert modes == [0o600]


def test_attributes_of_a_file_stay(out: Path) -> None:
    build(out, {A: dags(1)})
    try:
        os.setxattr(out / "team__a.py", "user.team", b"mine")
    except OSError as error:
        pytest.skip(f"this file system has no extended attributes: {error}")
    build(out, {A: {"a0": "edited"}})
    assert os.getxattr(out / "team__a.py", "user.team") == b"mine"


def test_a_file_system_without_modes_is_no_hindrance(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: object, *arguments: object, **keywords: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted", str(path))

    build(out, {A: dags(1)})
    monkeypatch.setattr(os, "chmod", refuse)
    monkeypatch.setattr(os, "chown", refuse)
    os.utime(out / "team__a.py", (1, 1))
    assert build(out, {A: dags(2)}).write
    assert not changes_of(out, {A: dags(2)})
    assert (out / "team__a.py").stat().st_mtime > 1


@ROOT
def test_owner_and_group_stay_and_a_new_file_gets_the_group_of_the_folder(out: Path) -> None:
    build(out, {A: dags(1)})
    os.chown(out, 0, GROUP)
    out.chmod(0o2775)
    path = out / "team__a.py"
    os.chown(path, 1234, GROUP)
    path.chmod(0o664)
    build(out, {A: {"a0": "edited"}, B: {"b0": "new"}})
    assert (path.stat().st_uid, path.stat().st_gid, stat.S_IMODE(path.stat().st_mode)) == (1234, GROUP, 0o664)
    assert ((out / "b.py").stat().st_uid, (out / "b.py").stat().st_gid) == (0, GROUP)
    assert stat.S_IMODE(out.stat().st_mode) == 0o2775


@ROOT
def test_without_the_right_to_give_files_away_the_group_stays_if_that_is_permitted(open_folder: Path) -> None:
    out = open_folder / "frozen"
    build(out, {A: dags(1)})
    out.chmod(0o777)
    path = out / "team__a.py"
    for group, expected in [(GROUP, GROUP), (GROUP + 1, NOBODY)]:
        os.chown(path, 1234, group)
        path.chmod(0o664)
        assert in_child(lambda: build(out, {A: {"a0": f"edited {group}"}}), user=NOBODY) == 0  # noqa: B023
        now = path.stat()
        assert (now.st_uid, now.st_gid, stat.S_IMODE(now.st_mode)) == (NOBODY, expected, 0o664)


@ROOT
def test_what_may_not_be_read_or_written_is_said_in_a_sentence(
    open_folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = open_folder / "frozen"
    build(out, {A: dags(1)})
    path = out / "team__a.py"
    cases = [(out, 0o555, f" ({out}/.team__a.py.dagfreeze)"), (out, 0o000, ""), (path, 0o600, f" ({path})")]
    for path, mode, where in cases:
        out.chmod(0o777)
        path.chmod(mode)
        assert in_child(lambda: build(out, {A: {"a0": "edited"}}), user=NOBODY) == 1
        assert f"FolderError: {out}: permission denied{where}\n" in capfd.readouterr().err
    assert tree(out).keys() == {"team__a.py"}


def test_a_folder_whose_parent_cannot_be_written_works(open_folder: Path) -> None:
    out = open_folder / "frozen"
    out.mkdir()
    out.chmod(0o777)
    open_folder.chmod(0o555)
    try:
        for sources in ({A: dags(12)}, {A: dags(40)}):
            assert in_child(lambda sources=sources: build(out, sources), user=NOBODY) == 0  # type: ignore[misc]
    finally:
        open_folder.chmod(0o777)
    assert not changes_of(out, {A: dags(40)})


def test_a_folder_and_its_parents_are_made_and_do_not_stay_if_nothing_is_written(tmp_path: Path) -> None:
    out = tmp_path / "one" / "two" / "three"
    with pytest.raises(FolderError, match="no"), locked(out, print):
        assert out.is_dir()
        raise FolderError("no")
    assert list(tmp_path.iterdir()) == []
    build(out, {A: dags(1)})
    assert out.is_dir()
    empty = tmp_path / "empty"
    empty.mkdir()
    build(empty, {A: {}})
    assert empty.is_dir()


def mounting(command: str, *arguments: Path) -> subprocess.Popen[str]:
    """Run shell lines in which mounts may be made, which nobody else sees."""
    process = subprocess.Popen(
        ["unshare", "-m", "sh", "-ec", command, "sh", *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return process


@pytest.fixture
def mounts(tmp_path: Path) -> None:
    if shutil.which("unshare") is None:
        pytest.skip("there is no unshare")
    result = mounting('mount -t tmpfs none "$1"', tmp_path)
    if output := result.communicate()[0]:
        pytest.skip(f"mounts are not permitted here: {output}")


@pytest.mark.usefixtures("mounts")
def test_the_folder_may_be_a_mount(out: Path) -> None:
    out.mkdir()
    code = """if True:
        import sys
        from pathlib import Path
        from frozen_folders import A, build, changes_of, dags, tree
        out = Path(sys.argv[1])
        for number in (5, 50, 2):
            build(out, {A: dags(number)})
            assert not changes_of(out, {A: dags(number)})
        print(*tree(out))
    """
    path = os.pathsep.join(path for path in sys.path if path)
    command = f'mount -t tmpfs none "$1"; PYTHONPATH="{path}" exec "{sys.executable}" -c "$2" "$1"'
    process = subprocess.run(
        ["unshare", "-m", "sh", "-ec", command, "sh", str(out), code],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (process.returncode, process.stderr) == (0, "")
    assert "team__a" in process.stdout
    assert tree(out) == {}


@pytest.mark.usefixtures("mounts")
def test_whoever_has_mounted_the_folder_sees_the_new_files(out: Path) -> None:
    build(out, {A: dags(9)})
    mount = out.with_name("mount")
    mount.mkdir()
    process = mounting(
        'export LC_ALL=C; mount --bind "$1" "$2"; echo; read line; cd "$2"; ls; cat *.py', out, mount
    )
    assert process.stdout
    process.stdout.readline()
    build(out, {A: {**dags(9), "a1": "edited"}})
    build(out, {A: {**dags(9), "a1": "edited", "new": "first"}})
    output = process.communicate("\n")[0]
    assert output.split("#")[0].split() == sorted(tree(out))
    assert output.partition("#")[2] == b"".join(text for _, text in sorted(tree(out).items())).decode()[1:]
    assert "edited" in output
