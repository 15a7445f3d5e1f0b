"""What notebooks quote of Airflow's logs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from workbook.stack.logs import excerpt, task_log


def test_quotes_the_last_line_with_what_differs_in_guillemets() -> None:
    log = "1 [error] it failed  id=1\n2 [error] it failed   id=«2»  path=x\n3 [info] all is well\n"
    assert excerpt(lambda: log, "it failed") == "«2 [error]» it failed «id=2 path=x»"
    assert excerpt(lambda: log, "3 [info]") == "3 [info] «all is well»"


def test_waits_for_a_line_that_another_process_has_yet_to_write() -> None:
    growing = iter(["", "1 it begins\n", "1 it begins\n2 it failed\n", "1 it begins\n2 it failed\n"])
    assert excerpt(lambda: next(growing), "it failed") == "«2» it failed"
    assert excerpt(lambda: "1 it begins\n", "it failed", seconds=0.3) == 'no line contains "it failed"'


@pytest.fixture
def airflow(tmp_path: Path) -> Path:
    folder = tmp_path / "logs" / "dag_id=loads" / "run_id=manual__1" / "task_id=step"
    folder.mkdir(parents=True)

    def line(second: int, event: str, **more: object) -> str:
        return json.dumps(
            {"timestamp": f"2026-11-24T10:00:0{second}Z", "level": "info", "event": event, **more}
        )

    problem = {"error_detail": [{"exc_type": "JobFailed", "exc_value": "job job-1: failed"}]}
    (folder / "attempt=1.log").write_text("\n".join([line(1, "deferred"), line(3, "it failed", **problem)]))
    (folder / "attempt=1.log.trigger.7.log").write_text(
        f"no JSON\n{line(2, 'fired')}\n{line(4, 'half')[:-9]}"
    )
    return tmp_path


def test_a_task_s_log_holds_what_worker_and_triggerer_said_in_the_order_of_time(airflow: Path) -> None:
    assert task_log(airflow, "loads", "manual__1", "step").splitlines() == [
        "2026-11-24T10:00:01Z info deferred",
        "2026-11-24T10:00:02Z info fired",
        "2026-11-24T10:00:03Z info it failed",
        "JobFailed: job job-1: failed",
    ]
    assert task_log(airflow, "loads", "manual__1", "another") == ""
