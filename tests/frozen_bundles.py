"""A DAG folder that is frozen by the whole command again and again, with all checks that hold for any edit."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from folder_reader import Look, Reader, look
from frozen_folders import is_write, stamps, tree

import dagfreeze.__main__ as command
from dagfreeze.files.folder import headers
from dagfreeze.files.header import Header

SHOP = """\
import json
from pathlib import Path
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

for name, text in json.loads(Path(__file__).with_name("shop.json").read_text()).items():
    with DAG(name, schedule=None, doc_md=text):
        BashOperator(task_id="load", bash_command="load $TABLE", env={"TABLE": text})
"""
LIBRARY = """\
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

def lend(book):
    return book

for book in ("emma", "faust"):
    with DAG(f"lend_{book}", schedule=None):
        PythonOperator(task_id="lend", python_callable=lend, op_args=[book])
"""
FOREIGN_FILE = "from airflow.sdk import DAG\n\nown = DAG(dag_id='own', schedule=None)\n"

watching: list[Reader] = []


def let_the_reader_look(event: str, arguments: tuple[object, ...]) -> None:
    if watching and is_write(event, arguments) and str(arguments[0]).startswith(str(watching[0].out)):
        watching[0].look()


class Bundle:
    """A DAG folder with a factory of some DAGs, which is frozen after each edit while a reader looks.

    Args:
        folder: where it is to be.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.out = folder, folder / "frozen"
        self.factories = folder / "factories"
        self.texts = {f"shop_{number}": f"t{number}" for number in range(4)}
        self.factories.mkdir(parents=True)
        self.write(self.texts)
        (self.factories / "shop.py").write_text(SHOP)
        (folder / "others").mkdir()
        (folder / "others" / "library.py").write_text(LIBRARY.replace("lend_", "others_"))
        (folder / ".airflowignore").write_text("/factories/\n/others/\n")
        assert self.run("others/library.py") == 0
        (self.out / "own.py").write_text(FOREIGN_FILE)

    @contextlib.contextmanager
    def read(self, *, asks_airflow: bool = False) -> Iterator[Bundle]:
        """Have a reader of the folder."""
        self.reader = Reader(self.out, asks_airflow=asks_airflow)
        try:
            yield self
        finally:
            self.reader.end()

    def write(self, texts: dict[str, str]) -> None:
        self.texts = texts
        (self.factories / "shop.json").write_text(json.dumps(texts))

    def run(self, source: str, *options: str, out: Path | None = None) -> int:
        places = ["--bundle", str(self.folder), "--out", str(out or self.out)]
        return command.main([str(self.folder / source), *places, *options])

    def freeze(self, *options: str, moves: str | None = None, status: int = 0) -> None:
        """Run the command and check all that holds whatever was edited.

        Args:
            options: of the command.
            moves: what the ids of the DAGs begin with that may move.
            status: that it exits with.
        """
        old, before, stamps_before = tree(self.out), look(self.out), stamps(self.out)
        foreign = {name for name in old.keys() - self.frozen() if not name.endswith(".dagfreeze")}
        watching.append(self.reader)
        try:
            assert self.run("factories", *options) == status
        finally:
            watching.clear()
        new, after, now = tree(self.out), look(self.out), stamps(self.out)
        changed = {name for name in old | new if plain(old.get(name)) != plain(new.get(name))}
        assert {name for name in old | new if stamps_before.get(name) != now.get(name)} == changed
        assert new.keys() - self.frozen() == foreign and not changed & foreign
        assert not after.errors and all(len(files) == 1 for files in after.dags.values())
        twice = {dag for dag, files in before.dags.items() if len(files) > 1}
        for dag in moved(before, after) - twice:
            assert moves is not None and dag.startswith(moves)
        looks = self.reader.looks()
        judge(looks, before, after)
        states = {frozenset(one.files.items()) for one in looks if one.still}
        changes = sum(name.endswith(".py") for name in changed)
        assert len(states) == changes + 1, "the reader looks before each change and after all"
        assert all(one.dags == after.dags for one in looks if one.files == after.files)

    def check(self) -> None:
        """Check that the frozen files have all DAGs and are what a fresh build makes."""
        assert self.texts.keys() <= look(self.out).dags.keys()
        texts = tree(self.out)
        assert {name: plain(texts[name]) for name in self.frozen()} == self.made_afresh()

    def frozen(self) -> set[str]:
        return {name for name, header in headers(self.out).items() if header.source.startswith("factories")}

    def made_afresh(self) -> dict[str, bytes]:
        """The files that the command writes into another folder, of which history leaves nothing but the counts."""
        old_headers = headers(self.out)
        counts = {old_headers[name].source: old_headers[name].count for name in self.frozen()}
        out = self.folder / "fresh"
        out.mkdir()
        for number, (source, count) in enumerate(counts.items()):
            (out / f"count_{number}.py").write_text(Header(source, count, 0, ()).text())
        assert self.run("factories", out=out) == 0
        files = tree(out)
        shutil.rmtree(out)
        return files


def plain(text: bytes | None) -> bytes:
    return b"" if text is None else text.replace(b"\r\n", b"\n")


def moved(before: Look, after: Look) -> set[str]:
    return {dag for dag in before.dags.keys() & after.dags.keys() if before.dags[dag] != after.dags[dag]}


def judge(looks: list[Look], before: Look, after: Look) -> None:
    """Check what a reader saw while a folder became another."""
    stay, may = before.dags.keys() & after.dags.keys(), moved(before, after)
    contents = before.files.items() | after.files.items()
    gone = before.files.keys() - after.files.keys()
    contents |= {(name, None) for name in gone}
    for one in looks:
        assert one.files.items() <= contents, "a file is neither the old one nor the new one"
        assert stay - one.dags.keys() <= (set() if one.still else may), "a DAG is missing"
        assert {dag for dag, files in one.dags.items() if len(files) > 1} <= may, "a DAG is there twice"
        excused = before.errors or may or (gone and not one.still)
        assert excused or not one.errors, "a file cannot be imported"


def put(folder: Path, files: dict[str, bytes]) -> None:
    """Make the files of a folder those of another state, as git does: what is the same is not touched."""
    old_files = tree(folder)
    for name in old_files.keys() - files.keys():
        (folder / name).unlink()
    for name in sorted(name for name in files if old_files.get(name) != files[name]):
        (folder / name).write_bytes(files[name])


def merged(base: dict[str, bytes], theirs: dict[str, bytes], ours: dict[str, bytes]) -> dict[str, bytes]:
    """What git makes of two branches, with marks where they conflict."""
    files = {}
    for name in theirs.keys() | ours.keys():
        one, other, common = ours.get(name), theirs.get(name), base.get(name)
        text = other if one == common else one
        if one and other and one != other and common not in (one, other):
            text = three_way(one, common or b"", other)
        if text is not None:
            files[name] = text
    return files


def three_way(*texts: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("ours", "base", "theirs")]
        for path, text in zip(paths, texts, strict=True):
            path.write_bytes(text)
        return subprocess.run(["git", "merge-file", "-p", *paths], stdout=subprocess.PIPE).stdout
