"""Histories of edits through the whole command: real factories, a reader that looks at every write, and kills."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from folder_reader import Look, look
from frozen_bundles import LIBRARY, Bundle, judge, let_the_reader_look, merged, plain, put
from frozen_folders import stamps, tree
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import dagfreeze.__main__ as command
from dagfreeze.worker import workers

pytestmark = [pytest.mark.airflow, pytest.mark.usefixtures("_warm")]

ODD = """
made = {}
exec("def work(): pass", made)
from airflow.providers.standard.operators.python import PythonOperator
with DAG("odd", schedule=None):
    PythonOperator(task_id="work", python_callable=made["work"])
"""


@pytest.fixture(scope="module")
def _warm() -> Iterator[None]:
    """Lets `command.main` find its workers started, and calls the reader at each write."""
    sys.addaudithook(let_the_reader_look)  # stays, and does nothing without a reader
    with workers() as started, pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "workers", lambda: contextlib.nullcontext(started))
        yield


def add_a_dag(bundle: Bundle, random: Random) -> None:
    bundle.write({**bundle.texts, f"new_{random.randrange(100)}": "new"})
    bundle.freeze(f"--dags-per-file={random.choice([1, 2, 50])}")


def change_a_dag(bundle: Bundle, random: Random) -> None:
    bundle.write({**bundle.texts, random.choice([*bundle.texts]): f'"{random.random()}"'})
    bundle.freeze()


def remove_a_dag(bundle: Bundle, random: Random) -> None:
    gone = random.choice([*bundle.texts])
    bundle.write({dag: text for dag, text in bundle.texts.items() if dag != gone})
    bundle.freeze()
    assert gone not in look(bundle.out).dags


def change_all_dags(bundle: Bundle, random: Random) -> None:
    shop = bundle.factories / "shop.py"
    shop.write_text(shop.read_text().replace("load $TABLE", f"load {random.random()} $TABLE"))
    bundle.freeze()


def second_factory(bundle: Bundle, random: Random) -> None:
    """It comes with a function of its own, loses it, is renamed, is hidden from Airflow, and perhaps shown again."""
    library, books = bundle.factories / "library.py", bundle.factories / "books.py"
    lent = {"lend_emma", "lend_faust"}
    library.write_text(LIBRARY)
    bundle.freeze("--dags-per-file=1")
    library.rename(books)
    bundle.freeze(moves="lend_")
    if random.random() < 0.5:
        books.write_text(LIBRARY.replace("=lend,", "=print,"))
        bundle.freeze(moves="lend_")
    assert lent <= look(bundle.out).dags.keys()
    ignore = bundle.factories / ".airflowignore"
    ignore.write_text("/books.py\n")
    bundle.freeze()
    assert not lent & look(bundle.out).dags.keys()
    if random.random() < 0.5:
        ignore.unlink()
        bundle.freeze()


def rename_the_factory(bundle: Bundle, random: Random) -> None:
    before = stamps(bundle.out)
    (bundle.factories / "shop.py").rename(bundle.factories / "store.py")
    bundle.freeze()
    assert stamps(bundle.out) == before
    (bundle.factories / "store.py").rename(bundle.factories / "shop.py")


def git_and_people_at_work(bundle: Bundle, random: Random) -> None:
    """Ends of lines change, a file of a person comes, a frozen one is gone, and one is edited."""
    (bundle.out / "notes.md").write_text("mine")
    for path in sorted(bundle.out.glob("*.py")):
        path.write_bytes(plain(path.read_bytes()).replace(b"\n", b"\r\n"))
    before = stamps(bundle.out)
    bundle.freeze()
    assert stamps(bundle.out) == before
    (bundle.out / random.choice(sorted(bundle.frozen()))).unlink()
    bundle.freeze()
    with (bundle.out / random.choice(sorted(bundle.frozen()))).open("a") as file:
        file.write("# by hand\n")
    bundle.freeze()


def reshard(bundle: Bundle, random: Random) -> None:
    for dags_per_file in (5, 2, random.choice([1, 2, 3])):
        bundle.freeze("--reshard", f"--dags-per-file={dags_per_file}", moves="")


def merge_two_branches(bundle: Bundle, random: Random) -> None:
    """Both change one DAG and add one, and theirs may be resharded."""
    base, texts, changed = tree(bundle.out), bundle.texts, random.choice([*bundle.texts])
    resharded = random.random() < 0.5
    sides = []
    for side, options in (("theirs", ["--reshard", "--dags-per-file=2"] * resharded), ("ours", [])):
        put(bundle.out, base)
        bundle.write({**texts, changed: side, f"of_{side}": "new"})
        assert bundle.run("factories", *options) == 0
        sides.append(tree(bundle.out))
    put(bundle.out, merged(base, *sides))
    bundle.write({**bundle.texts, "of_theirs": "new"})
    bundle.freeze(moves="" if resharded else None)


def refuse_and_mend(bundle: Bundle, random: Random) -> None:
    shop = bundle.factories / "shop.py"
    good, before = shop.read_text(), stamps(bundle.out)
    shop.write_text(good + ODD)
    bundle.write({**bundle.texts, "meanwhile": "new"})
    bundle.freeze(status=2)
    shop.write_text(good)
    assert stamps(bundle.out) == before
    bundle.freeze()


def begin_with_one(bundle: Bundle, random: Random) -> None:
    bundle.write({**bundle.texts, "now": "new", "later": "new"})
    bundle.freeze("--only=now")
    assert "now" in look(bundle.out).dags and "later" not in look(bundle.out).dags
    bundle.freeze()
    assert "later" in look(bundle.out).dags


Edit = Callable[[Bundle, Random], None]
EDITS: list[Edit] = [
    *(add_a_dag, change_a_dag, remove_a_dag, change_all_dags, second_factory, rename_the_factory),
    *(git_and_people_at_work, reshard, merge_two_branches, refuse_and_mend, begin_with_one),
]


@given(edits=st.permutations(EDITS), seed=st.integers())
@settings(max_examples=3, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
def test_after_any_history_the_folder_is_what_a_fresh_build_makes_and_no_reader_misses_a_dag(
    tmp_path_factory: pytest.TempPathFactory, edits: list[Edit], seed: int
) -> None:
    random = Random(seed)
    with Bundle(tmp_path_factory.mktemp("bundle")).read() as bundle:
        bundle.freeze("--dags-per-file=3")
        for edit in edits:
            edit(bundle, random)
            bundle.check()
        assert bundle.run("factories", "--check") == 0


def test_airflow_itself_never_misses_a_dag_while_its_file_is_written(tmp_path: Path) -> None:
    random = Random(1)
    with Bundle(tmp_path / "dags").read(asks_airflow=True) as bundle:
        bundle.freeze("--dags-per-file=3")
        for edit in (add_a_dag, change_all_dags, remove_a_dag, reshard):
            edit(bundle, random)


# Before each write that a reader can see or that leaves something lying; test_replace kills before all others, too.
KILL = """
import os, signal, sys
if "dagfreeze" in sys.orig_argv:  # and not "dagfreeze.worker"
    from frozen_folders import is_write
    left = int(os.environ["KILL_AT"])
    def kill(event, arguments):
        global left
        if event in ("open", "os.rename", "os.remove") and is_write(event, arguments):
            left -= str(arguments[0]).startswith(os.environ["KILL_IN"])
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(kill)
"""


def killed(bundle: Bundle, at: int, site: Path) -> int:
    """Run the real command and kill it before a certain write into the folder."""
    path = os.pathsep.join([str(site), *filter(None, sys.path)])
    places = [str(bundle.factories), "--bundle", str(bundle.folder), "--out", str(bundle.out)]
    environment = {"PYTHONPATH": path, "KILL_AT": str(at), "KILL_IN": str(bundle.out), "TMPDIR": str(site)}
    result = subprocess.run(
        [sys.executable, "-P", "-m", "dagfreeze", *places],
        env={**os.environ, **environment},
        capture_output=True,
    )
    return result.returncode


def test_killed_before_any_write_the_command_is_completed_by_its_next_run(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(KILL)
    with Bundle(tmp_path / "dags").read() as bundle:
        bundle.freeze("--dags-per-file=1")
        start, before = tree(bundle.out), look(bundle.out)
        bundle.write({"shop_0": "edited", "shop_2": "t2", "shop_3": "t3", "new": "new"})
        states: list[Look] = []
        code = -signal.SIGKILL
        while code == -signal.SIGKILL:
            put(bundle.out, start)
            code = killed(bundle, len(states) + 1, tmp_path)
            states.append(look(bundle.out))
            bundle.freeze()  # by the next run
            judge([states[-1]], before, look(bundle.out))
        assert code == 0
        assert len(states) == 6, "two files are opened and renamed and one is removed; then nobody kills"
        assert len({frozenset(one.files.items()) for one in states}) == 4
