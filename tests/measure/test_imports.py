"""What a DAG file does while Airflow imports it is found, and said by its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook.catalog import configurations
from workbook.measure.imports import (
    ImportFailed,
    audit,
    import_seconds,
    imports_in_turns,
    profile,
    task_starts,
)
from workbook.measure.layouts import lay_out

pytestmark = pytest.mark.airflow

BUSY = """
import time

def work(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass

def rest():
    work(0.001)
"""

FACTORY = """
import sys, time
from pathlib import Path
from airflow.sdk import DAG, get_parsing_context
HERE = Path(__file__).parent
sys.path.append(str(HERE))
from busy import rest, work
for number in range(3):
    (HERE / "busy.py").read_text()
time.sleep(0.2)
work(0.3)
rest()
for name in ("one", "two"):
    if get_parsing_context().dag_id in (None, name):
        globals()[name] = DAG(name, schedule=None)
"""


@pytest.fixture
def factory(tmp_path: Path) -> Path:
    (tmp_path / "busy.py").write_text(BUSY)
    (tmp_path / "factory.py").write_text(FACTORY)
    return tmp_path / "factory.py"


def test_the_audit_counts_for_each_line_what_it_does(factory: Path) -> None:
    rows = audit(factory).to_dict("records")
    assert {"line": 9, "code": '(HERE / "busy.py").read_text()', "what": "opens a file", "times": 3} in rows
    assert {"line": 10, "code": "time.sleep(0.2)", "what": "sleeps", "times": 1} in rows
    assert len(rows) == 2, "what the import of a module does is not the file's own doing"


def test_the_profile_names_what_takes_longest_first(factory: Path) -> None:
    rows = profile(factory)
    busy_rows = rows[rows.defined_in.str.endswith("busy.py")]
    assert busy_rows.function.iloc[0] == "work"
    assert busy_rows.seconds.iloc[0] >= 0.25


def test_the_seconds_of_an_import_hold_what_it_waits_and_works(factory: Path) -> None:
    assert import_seconds(factory) >= 0.5


def test_the_start_of_a_task_makes_the_dags_that_the_file_leaves_in(factory: Path) -> None:
    text = factory.read_text()
    careless = factory.with_name("careless.py")
    careless.write_text(text.replace("get_parsing_context().dag_id", "None"))
    assert list(task_starts([(factory, "two"), (careless, "two")], rounds=1).dags) == [1, 2]


def test_imports_say_how_many_dags_and_whether_they_are_the_same(factory: Path) -> None:
    same, other = factory.with_name("same.py"), factory.with_name("other.py")
    same.write_text(factory.read_text())
    other.write_text(factory.read_text().replace('("one", "two")', '("one", "three")'))
    imports = imports_in_turns([(factory, None), (same, None), (other, None), (same, "one")], rounds=2)
    assert list(imports.dags) == [2, 2, 2, 1]
    assert [len(seconds) for seconds in imports.seconds] == [2, 2, 2, 2]
    assert min(map(min, imports.seconds)) >= 0.3, "what the import computes counts"
    assert list(imports.content == imports.content[0]) == [True, True, False, False]


@pytest.mark.parametrize("look", [audit, profile, import_seconds])
def test_a_file_that_airflow_cannot_import_is_told_in_airflows_words(look: object, tmp_path: Path) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("# dag airflow\nraise LookupError('no tables today')\n")
    with pytest.raises(ImportFailed, match="no tables today"):
        look(broken)  # type: ignore[operator]


def test_task_start_makes_the_wanted_dag_only_where_there_is_a_guard(tmp_path: Path) -> None:
    pipelines = configurations(6)
    lay_out(tmp_path, pipelines, 50)
    guarded = tmp_path / "dags" / "from_json.py"
    bare = tmp_path / "bare.py"
    bare.write_text(guarded.read_text().replace("get_parsing_context().dag_id", "None"))
    starts = task_starts([(guarded, pipelines[3].id), (bare, pipelines[3].id)], rounds=1)
    assert list(starts.dags) == [1, 6]
    assert (starts.seconds > 0).all()
    bare.write_text("from airflow.sdk import DAG\nraise ValueError('broken on purpose')\n")
    with pytest.raises(ImportFailed, match="broken on purpose"):
        task_starts([(bare, pipelines[3].id)])
