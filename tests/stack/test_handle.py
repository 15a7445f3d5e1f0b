"""What a notebook does with its Airflow: publish DAGs, run them, read what happened, restart a part."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.waiting import until

from workbook import stack
from workbook.stack import handle
from workbook.stack.__main__ import main
from workbook.stack.place import COMPONENTS, Place, processes_of, sweep
from workbook.stack.runs import TASK

pytestmark = pytest.mark.airflow

SETTINGS = {"core.dagbag_import_timeout": 5}
DAG = """
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG
with DAG({name!r}, schedule=None):
    BashOperator(task_id="first", bash_command={command!r}) >> BashOperator(task_id="second", bash_command="true")
"""


def lay_out(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    return folder


@pytest.fixture(scope="module")
def airflow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[stack.Airflow]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBOOK_AIRFLOW", str(tmp_path_factory.mktemp("a workbook") / "airflow"))
        patch.setenv("AIRFLOW__CORE__EXECUTOR", "NoSuchExecutor")  # a learner's own Airflow is none of ours
        patch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        yield stack.start(SETTINGS)
        stack.stop()
        assert processes_of(handle.folder()) == []
        sweep(handle.folder())


def test_dags_come_change_and_go(airflow: stack.Airflow, tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "dags", a=DAG.format(name="a", command="true"))
    lay_out(folder / "deeper", a=DAG.format(name="b", command="true"))  # the same file name again
    lay_out(folder / "helpers", nothing="# speaks of an airflow dag, has none")
    assert airflow.publish("lesson", folder) == ["a", "b"]
    assert airflow.publish("other", lay_out(tmp_path / "c", c=DAG.format(name="c", command="true"))) == ["c"]
    assert airflow.dag_ids() == ["a", "b", "c"]

    (folder / "deeper" / "a.py").unlink()
    lay_out(folder, a=DAG.format(name="a", command="false"))
    assert airflow.publish("lesson", folder) == ["a"]
    assert airflow.dag_versions("a") == 1  # Airflow rewrites a version that no run has used
    assert airflow.dag_ids() == ["a", "c"]
    assert list(airflow.dags("lesson").file) == ["lesson/a.py", "lesson/deeper/a.py"]
    assert list(airflow.dags("lesson").stale) == [False, True]

    airflow.unpublish("lesson")
    airflow.unpublish("other")
    assert airflow.dag_ids() == []
    assert list((airflow.folder / "dags").iterdir()) == []


def test_files_that_airflow_cannot_import_are_named_with_the_reason(
    airflow: stack.Airflow, tmp_path: Path
) -> None:
    slow = "import time\ntime.sleep(60)\n" + DAG.format(name="slow", command="true")
    wrong = "from airflow.sdk import DAG, no_such_name"
    killed = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)  # a dag of airflow"
    good = DAG.format(name="good", command="true")
    folder = lay_out(tmp_path / "dags", good=good, killed=killed, slow=slow, wrong=wrong)
    with pytest.raises(stack.ImportErrors) as caught:
        airflow.publish("broken", folder)
    message = str(caught.value)
    assert "could not import 3 of 4 files" in message
    assert "  killed.py: killed by SIGKILL" in message
    assert "  slow.py: airflow.sdk.exceptions.AirflowTaskTimeout: DagBag import timeout for" in message
    assert "  wrong.py: ImportError: cannot import name 'no_such_name'" in message
    assert sorted(caught.value.errors.file) == ["killed.py", "slow.py", "wrong.py"]
    (folder / "slow.py").unlink()
    assert airflow.publish("broken", folder, allow_errors=True) == ["good"]
    until(
        lambda: list(airflow.import_errors("broken").file) == ["wrong.py"],
        "the error of the file that is gone goes",
    )
    airflow.unpublish("broken")
    assert len(airflow.import_errors()) == 0


def test_runs_are_triggered_awaited_and_read_back(airflow: stack.Airflow, tmp_path: Path) -> None:
    command = "sleep 1; test $ANSWER = yes"
    folder = lay_out(
        tmp_path / "dags",
        good=DAG.format(name="good", command="true"),
        conf=DAG.format(name="conf", command=command.replace("$ANSWER", "{{ dag_run.conf.answer }}")),
    )
    airflow.publish("runs", folder)
    with pytest.raises(stack.StackError, match=r"2 runs of conf: not all have ended after 0 s"):
        airflow.run("conf", times=2, conf={"answer": "yes"}).wait(seconds=0)
    good, bad = (airflow.run("conf", conf={"answer": answer}) for answer in ("yes", "no"))
    good.wait_until("running", 1)
    assert [*good.wait().state, *bad.wait().state] == ["success", "failed"]
    assert good.makespan() >= 1
    good.wait_until("success", 2)
    with pytest.raises(
        stack.StackError, match=r"1 tasks should be deferred; after 0 s they are {'success': 2}"
    ):
        good.wait_until("deferred", 1)
    tasks = good.tasks()
    assert list(tasks.columns) == list(TASK)
    assert tasks[["task_id", "state", "try_number"]].values.tolist() == [
        ["first", "success", 1],
        ["second", "success", 1],
    ]
    assert tasks.duration[0] >= 1
    assert tasks.start[1] >= tasks.end[0]
    states = bad.tasks().set_index("task_id").state
    assert list(states[["first", "second"]]) == ["failed", "upstream_failed"]
    assert "test no = yes" in bad.log("first")
    until(lambda: (airflow.metrics().name == "ti.finish").sum() >= 3, "every task that ran has told so")
    metrics = airflow.metrics()
    assert {"executor.open_slots", "dag_processing.last_duration", "triggers.running"} <= set(metrics.name)
    assert set(metrics[metrics.name == "executor.open_slots"].value) <= {0.0, 1.0, 2.0, 3.0, 4.0}
    running, queued = airflow.gauges("executor.open_slots", "pool.queued_slots")
    assert 0 <= running <= airflow.slots == 4 and queued >= 0
    airflow.unpublish("runs")


def test_a_killed_part_is_restarted_and_its_end_is_said(airflow: stack.Airflow, tmp_path: Path) -> None:
    before = {name: airflow.pid(name) for name in COMPONENTS}
    os.killpg(airflow.pid("dag-processor"), signal.SIGKILL)
    until(lambda: airflow.state()["components"]["dag-processor"]["returncode"] == -9, "the end is noticed")
    folder = lay_out(tmp_path / "dags", d=DAG.format(name="d", command="true"))
    with pytest.raises(stack.StackError, match=r"Airflow's dag-processor ended with -9.*dag-processor\.log"):
        airflow.publish("restarted", folder)
    airflow.restart("dag-processor")
    airflow.restart("triggerer")  # lives: ended and started
    after = {name: airflow.pid(name) for name in COMPONENTS}
    assert {name for name in before if before[name] != after[name]} == {"dag-processor", "triggerer"}
    assert set(airflow.health().values()) == {"healthy"}
    assert airflow.publish("restarted", folder) == ["d"]

    airflow.kill("scheduler")
    until(lambda: airflow.state()["components"]["scheduler"]["returncode"] == -9, "the end is noticed")
    assert stack.start() is airflow  # a start mends what is broken
    assert list(airflow.run("d").wait().state) == ["success"]
    airflow.unpublish("restarted")


def test_questions_that_cannot_be_answered_are_refused(airflow: stack.Airflow, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="the parts are api-server, scheduler, dag-processor, triggerer"):
        airflow.pid("webserver")
    with pytest.raises(ValueError, match="cannot be the name of a folder"):
        airflow.publish("../escape", tmp_path)
    with pytest.raises(FileNotFoundError, match="there is no such folder"):
        airflow.publish("lesson", tmp_path / "missing")
    assert main(["dance"]) == 2


def test_other_settings_replace_airflow_and_the_same_do_not(airflow: stack.Airflow) -> None:
    assert stack.start(SETTINGS) is airflow
    other = stack.start({"core.parallelism": 2})
    assert other is not airflow
    assert str(airflow) == "Airflow (ended)"
    with pytest.raises(stack.StackError, match=r"Run the cell with start\(\) again"):
        airflow.run("a")
    assert other.state()["settings"] == {"core.parallelism": "2"} and other.slots == 2
    assert len([p for p in processes_of(handle.folder()) if "LocalExecutor" in " ".join(p.cmdline())]) in (
        0,
        2,
    )
    assert Place(handle.folder()).state.exists()
