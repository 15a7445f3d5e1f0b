"""One cycle of the real DAG processor: what it counts, what a timeout takes away, and what a bad folder is told."""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from workbook.catalog import configurations, dag_folder
from workbook.measure import ParsingError, ParsingHome, parse_cycle, parsing_home
from workbook.measure.layouts import lay_out, places
from workbook.services import ConfigService, config_service

pytestmark = pytest.mark.airflow

PIPELINES = 50
LATENCY = 0.03
TOO_LONG = 0.2
TIMEOUT = 5
"""Seconds: many times what a busy machine needs without waiting, half of what the calls take at ``TOO_LONG`` each."""


@pytest.fixture
def service() -> Iterator[ConfigService]:
    with config_service(PIPELINES, latency=LATENCY) as running:
        yield running


def test_calls_at_parse_time_are_counted_and_paid_for_at_every_cycle(
    service: ConfigService, tmp_path: Path
) -> None:
    folder = dag_folder(tmp_path / "dags", "from_service", service_url=service.url)
    with ParsingHome() as home:
        for cycle_number in (1, 2):
            cycle = home.parse_cycle(folder)
            assert service.requests == cycle_number * PIPELINES
            assert cycle.active == PIPELINES
            assert cycle.files.to_dict("records")[0]["dags"] == PIPELINES
            assert cycle.files.seconds[0] >= PIPELINES * LATENCY
            assert cycle.seconds >= cycle.files.seconds[0]


@pytest.mark.parametrize("name", ["ws#1 'a'; b&c", "a%20b", "what?", "überfällig"])
def test_a_folder_of_any_name_is_parsed_and_its_database_lies_in_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names become parts of URLs and of settings, in which some letters mean something."""
    monkeypatch.setattr(parsing_home, "WORK", tmp_path / name)
    with ParsingHome() as home:
        assert home.parse_cycle(dag_folder(tmp_path / name / "dags", "from_json", 2)).active == 2
        assert (home.home / "airflow.db").is_relative_to(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_past_the_import_timeout_every_dag_of_the_file_is_gone_until_it_is_fast_again(
    service: ConfigService, tmp_path: Path
) -> None:
    folder = dag_folder(tmp_path / "dags", "from_service", service_url=service.url)
    service.set(latency=0)
    with ParsingHome({"core.dagbag_import_timeout": TIMEOUT}) as home:
        assert home.parse_cycle(folder).active == PIPELINES

        service.set(latency=TOO_LONG)
        slow = home.parse_cycle(folder)
        assert list(slow.import_errors.file) == ["dynamic/from_service.py"]
        assert "AirflowTaskTimeout: DagBag import timeout" in slow.import_errors.error[0]
        assert slow.active == 0
        assert (slow.dags.stale | slow.dags.import_errors).sum() == PIPELINES

        service.set(latency=0)
        assert home.parse_cycle(folder).active == PIPELINES

        service.down()
        unreachable = home.parse_cycle(folder)
        assert len(unreachable.import_errors) == 1
        assert unreachable.active == 0


def test_frozen_files_of_the_same_dags_do_not_notice_the_service(
    service: ConfigService, tmp_path: Path
) -> None:
    asking = parse_cycle(dag_folder(tmp_path / "asking", "from_service", service_url=service.url))
    lay_out(tmp_path / "frozen", configurations(PIPELINES), 50)
    service.reset()
    service.down()
    frozen = parse_cycle(tmp_path / "frozen" / "dags")
    service.up()
    assert list(frozen.dags.dag_id) == list(asking.dags.dag_id)
    assert frozen.active == PIPELINES
    assert service.requests == service.lists == 0


DAG = """
import os, signal, time
from airflow.sdk import DAG
{before}
with DAG("{dag_id}", schedule=None):
    pass
"""


def dag(dag_id: str, before: str = "") -> str:
    """A DAG file that does something before it makes its DAG."""
    return DAG.format(dag_id=dag_id, before=before)


KINDS = {
    "killed.py": (dag("killed", "os.kill(os.getpid(), signal.SIGKILL)"), 0, "killed by SIGKILL"),
    "left.py": (dag("left", "os._exit(3)"), 0, "exited with 3"),
    "left_quietly.py": (dag("quiet", "os._exit(0)"), 0, "exited with 0"),
    "raised.py": (dag("raised", "raise LookupError"), 0, "import error"),
    "no_dag_today.py": ("# a factory of airflow dags without any today", 0, "no DAG"),
    "team_a/load.py": (dag("a", "time.sleep(1)"), 1, "parsed"),
    "team_b/load.py": (dag("b"), 1, "parsed"),
    "team_b/pre_load.py": (dag("pre"), 1, "parsed"),
    "team_c/load orders v1.2.py": (dag("c"), 1, "parsed"),
    "team c/load_orders v1.2.py": (dag("d"), 1, "parsed"),
}
"""Files with what they hold, the DAGs that Airflow has from them afterwards, and what becomes of them."""


def test_every_file_has_its_row_whatever_became_of_it(tmp_path: Path) -> None:
    for file, (text, *_) in KINDS.items():
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(text)
    for archive, before in {"packed.zip": "", "spoilt.zip": "raise LookupError"}.items():
        with zipfile.ZipFile(tmp_path / archive, "w") as packed:
            packed.writestr("inside.py", dag(archive))
            packed.writestr("another.py", dag(f"another_in_{archive}", before))
    files = parse_cycle(tmp_path).files.set_index("file")
    rows = {str(row.Index): (row.dags, row.outcome) for row in files.itertuples()}
    expected_rows = {file: (dags, outcome) for file, (_, dags, outcome) in KINDS.items()}
    assert rows == {**expected_rows, "packed.zip": (2, "parsed"), "spoilt.zip": (0, "import error")}
    assert dict(files.errors[files.errors > 0]) == {"raised.py": 1, "spoilt.zip": 1}
    assert files.seconds["team_a/load.py"] >= 1
    assert files.seconds.is_unique, "each has seconds of its own"


def test_a_file_that_hangs_has_its_row(tmp_path: Path) -> None:
    (tmp_path / "hangs.py").write_text(dag("hangs", "time.sleep(3600)"))
    cycle = parse_cycle(tmp_path, {"dag_processor.dag_file_processor_timeout": 1})
    row = cycle.files.iloc[0]
    assert (row.file, row.dags) == ("hangs.py", 0)
    assert row.outcome == "killed after [dag_processor] dag_file_processor_timeout, 1 s"
    assert row.seconds > 1


def test_two_files_that_make_a_dag_of_one_id_name_each_other(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.py").write_text(dag("shared"))
    (tmp_path / "three.py").write_text(dag("own"))
    files = parse_cycle(tmp_path).files.set_index("file")
    assert dict(files.outcome) == {
        "one.py": "parsed; shared is also in two.py",
        "three.py": "parsed",
        "two.py": "parsed; shared is also in one.py",
    }
    assert files.dags["one.py"] + files.dags["two.py"] == 1


def test_a_file_that_is_gone_has_no_row(tmp_path: Path) -> None:
    for name in ("stays", "goes"):
        (tmp_path / f"{name}.py").write_text(dag(name))
    with ParsingHome() as home:
        assert list(home.parse_cycle(tmp_path).files.file) == ["goes.py", "stays.py"]
        (tmp_path / "goes.py").unlink()
        cycle = home.parse_cycle(tmp_path)
    assert list(cycle.files.file) == ["stays.py"]
    assert list(cycle.dags.dag_id) == ["goes", "stays"]


def test_of_two_files_of_one_name_only_the_one_that_changed_is_parsed_again(tmp_path: Path) -> None:
    for folder in ("team c", "team_c"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "load.py").write_text(dag(folder.replace(" ", "")))
    changed = tmp_path / "team_c" / "load.py"
    with ParsingHome() as home:
        again = home.parsed_again(tmp_path, lambda: changed.write_text(f"{changed.read_text()}# changed\n"))
    assert again == ["team_c/load.py"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="there is no such folder"):
        parse_cycle(tmp_path / "nowhere")


def test_a_folder_without_dag_files(tmp_path: Path) -> None:
    (tmp_path / "notes.py").write_text("x = 1\n")
    with pytest.raises(ParsingError, match="no DAG file here"):
        parse_cycle(tmp_path)


def test_a_setting_that_airflow_refuses_is_shown(tmp_path: Path) -> None:
    folder = dag_folder(tmp_path / "dags", "from_json", 1)
    with pytest.raises(ParsingError, match="parsing_processes"):
        parse_cycle(folder, {"dag_processor.parsing_processes": "many"})


def test_a_home_leaves_nothing_behind(tmp_path: Path) -> None:
    home = ParsingHome()
    home.parse_cycle(dag_folder(tmp_path / "dags", "from_json", 1))
    assert not _processes_of(home.home)
    home.close()
    assert not home.home.exists()


def _processes_of(home: Path) -> list[psutil.Process]:
    """The processes whose Airflow lives there; other tests have theirs elsewhere."""
    processes = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get("AIRFLOW_HOME") == str(home):
                processes.append(process)
    return processes


def test_a_changed_file_is_parsed_again_at_once_and_no_other(tmp_path: Path) -> None:
    lay_out(tmp_path, configurations(4), 1)
    changed, *_ = sorted((tmp_path / "dags").glob("*.py"))
    with ParsingHome() as home:
        again = home.parsed_again(
            tmp_path / "dags", lambda: changed.write_text(f"{changed.read_text()}# changed\n")
        )
    assert again == [changed.name]


def test_a_dag_that_moves_to_a_new_file_is_where_airflow_does_not_look_and_gets_a_new_version(
    tmp_path: Path,
) -> None:
    pipelines = configurations(4)
    lay_out(tmp_path, pipelines, 4)
    with ParsingHome() as home:
        home.parse_cycle(tmp_path / "dags")
        home.begin_runs(config.id for config in pipelines)

        def split() -> None:
            lay_out(tmp_path, pipelines, 2)
            (tmp_path / "dags" / "from_json.py").write_text("# airflow: this dag file is empty now\n")

        assert home.parsed_again(tmp_path / "dags", split, look=False) == ["from_json.py"]
        assert set(home.dags().file) == {"from_json.py"}
        cycle = home.parse_cycle(tmp_path / "dags")
    assert dict(zip(cycle.dags.dag_id, cycle.dags.file, strict=True)) == places(tmp_path / "dags")
    assert set(cycle.dags.versions) == {2}


def test_a_run_of_an_unknown_dag_is_said(tmp_path: Path) -> None:
    with ParsingHome() as home, pytest.raises(ParsingError, match="nobody"):
        home.begin_runs(["nobody"])


def test_a_processor_that_does_not_start_is_shown_when_a_change_is_watched(tmp_path: Path) -> None:
    lay_out(tmp_path, configurations(1), 1)
    with (
        ParsingHome({"dag_processor.parsing_processes": "many"}) as home,
        pytest.raises(ParsingError, match="parsing_processes"),
    ):
        home.parsed_again(tmp_path / "dags", lambda: None)
