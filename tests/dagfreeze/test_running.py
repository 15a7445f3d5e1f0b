"""Frozen DAGs do what their originals did: both run on a whole Airflow, one after the other, and are compared."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from support.waiting import PATIENCE_SECONDS, until

from workbook import stack

pytestmark = [pytest.mark.airflow, pytest.mark.timeout(1800)]

RUNNING = Path(__file__).with_name("running")
ATTEMPTS = 5

STATES = {
    "again": {"success": 3, "skipped": 2},
    "assets": {"success": 2},
    "assets_awaited": {"success": 1},
    "bash": {"success": 2, "skipped": 1},
    "branches": {"success": 6, "skipped": 2},
    "callbacks": {"success": 1, "skipped": 1, "failed": 1},
    "callbacks_of_a_success": {"success": 1},
    "groups": {"success": 5},
    "mapped": {"success": 5, "skipped": 1},
    "mapped_groups": {"success": 5},
    "operator_of_the_file": {"success": 2},
    "params_and_templates": {"success": 2},
    "params_and_templates_native": {"success": 2},
    "python": {"success": 2},
    "set_up_and_torn_down": {"success": 2, "failed": 1, "upstream_failed": 1},
    "taskflow": {"success": 3},
    "waiting": {"success": 4},
}
"""The DAGs of `running/kinds.py`, and in which states the tasks of each end."""
AWAITED = "assets_awaited"
"""Nobody triggers it: Airflow does, when the asset that it awaits is there."""
NOTES = {
    "callbacks bell",
    "callbacks end",
    "callbacks failure",
    "callbacks retry",
    "callbacks skip",
    "callbacks start",
    "callbacks success",
    "callbacks_of_a_success end",
}
"""What callbacks write. Airflow calls those of a DAG, and perhaps the last ones of a task, after the run's end."""

RUN_ID = "the_only_one"
LOGICAL_DATE = datetime(2026, 3, 14, tzinfo=UTC)
CONF = {"who": "Ada", "amount": 4}

OF_THIS_RUN = {
    "dag_run_id",  # that of the awaiting DAG is made of the time
    "dag_version",
    "dag_versions",
    "duration",
    "end_date",
    "hostname",
    "id",
    "last_scheduling_decision",
    "pid",
    "queued_at",
    "queued_when",
    "run_after",
    "run_id",
    "scheduled_when",
    "start_date",
    "timestamp",
    "trigger",
    "triggerer_job",
    "unixname",
}
"""What no two runs have in common; everything else that Airflow says about a run is compared."""


class Performance(NamedTuple):
    """What happened when every DAG of a folder ran once.

    Attributes:
        files: where Airflow had each DAG from.
        outcomes: for each DAG what became of its run: ``run``, ``tasks``, ``xcoms``, ``events``, ``assets``.
        notes: what the callbacks wrote, by file.
    """

    files: dict[str, str]
    outcomes: dict[str, dict[str, Any]]
    notes: dict[str, str]


class Stage:
    """A whole Airflow, on which folders of DAGs perform.

    Args:
        airflow: it.
        notes_folder: where callbacks write.
    """

    def __init__(self, airflow: stack.Airflow, notes_folder: Path) -> None:
        self.airflow = airflow
        self.notes_folder = notes_folder
        self.past: set[str] = set()
        self.client = httpx.Client(
            base_url=f"{airflow.url}/api/v2",
            headers={"Authorization": f"Bearer {airflow.client.configuration.access_token}"},
            timeout=60,
            trust_env=False,
        )

    def perform(self, folder: Path) -> Performance:
        """Publish a folder, run each of its DAGs once, and tell what happened."""
        shutil.rmtree(self.notes_folder, ignore_errors=True)
        self.notes_folder.mkdir()
        dag_ids = self.airflow.publish("running", folder, timeout=PATIENCE_SECONDS)
        dags = self.airflow.dags("running")
        began = datetime.now(UTC)
        for dag_id in dag_ids:
            if dag_id != AWAITED:
                self.trigger(dag_id)
        outcomes = {dag_id: self.outcome(dag_id, self.await_end(dag_id, began)) for dag_id in dag_ids}
        until(lambda: all(map(self.notes().get, NOTES)), f"the callbacks write {NOTES}")
        self.make_room(dag_ids)
        files = dict(zip(dags.dag_id, dags.file, strict=True))
        return Performance({dag_id: files[dag_id] for dag_id in dag_ids}, outcomes, self.notes())

    def ask(self, method: str, path: str, json: Any = None, **parameters: Any) -> Any:
        """Ask Airflow's REST API; again when its database was locked for too long, as on a busy machine."""
        for attempt in range(ATTEMPTS):
            answer = self.client.request(method, path, json=json, params=parameters)
            if attempt and answer.status_code in (404, 409):  # it had been done before the error
                return None
            if not answer.is_server_error:
                break
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def trigger(self, dag_id: str) -> None:
        """Start the run that a DAG has in every performance."""
        body = {
            "dag_run_id": RUN_ID,
            "logical_date": LOGICAL_DATE.isoformat(),
            "conf": {**CONF, "notes": str(self.notes_folder)},
        }
        self.ask("POST", f"dags/{dag_id}/dagRuns", body)

    def await_end(self, dag_id: str, began: datetime) -> datetime:
        """Wait for the run of a DAG; make it again when Airflow has lost it.

        A trigger that fires at once can overtake the scheduler, which then takes the task for lost ("state mismatch").

        Returns:
            When the run that counts began.
        """
        for _ in range(ATTEMPTS):
            until(partial(self.has_ended, dag_id), f"the run of {dag_id} has ended")
            (run,) = self.runs(dag_id)
            events = self.events(dag_id, run["dag_run_id"], began)
            if not any(event.startswith("state mismatch") for those in events.values() for event in those):
                break
            self.ask("DELETE", f"dags/{dag_id}/dagRuns/{RUN_ID}")
            began = datetime.now(UTC)
            self.trigger(dag_id)
        return began

    def make_room(self, dag_ids: list[str]) -> None:
        """Let the next performance have runs of the same ids and dates."""
        for dag_id in dag_ids:
            if dag_id == AWAITED:
                # this run tells Airflow which events of the asset are not for the next
                self.past |= {run["dag_run_id"] for run in self.runs(dag_id)}
            else:
                self.ask("DELETE", f"dags/{dag_id}/dagRuns/{RUN_ID}")

    def runs(self, dag_id: str) -> list[dict[str, Any]]:
        """The runs of a DAG in this performance."""
        runs = self.ask("GET", f"dags/{dag_id}/dagRuns")["dag_runs"]
        return [run for run in runs if run["dag_run_id"] not in self.past]

    def has_ended(self, dag_id: str) -> bool:
        runs = self.runs(dag_id)
        return bool(runs) and all(run["state"] in ("success", "failed") for run in runs)

    def notes(self) -> dict[str, str]:
        return {path.name: path.read_text() for path in self.notes_folder.iterdir()}

    def outcome(self, dag_id: str, began: datetime) -> dict[str, Any]:
        """What became of a DAG's run, as far as it must be the same in every performance."""
        (run,) = self.runs(dag_id)
        path = f"dags/{dag_id}/dagRuns/{run['dag_run_id']}"
        tasks = self.ask("GET", f"{path}/taskInstances", limit=1000)["task_instances"]
        assets = self.ask("GET", "assets/events", source_dag_id=dag_id, timestamp_gte=began.isoformat())
        return {
            "run": lasting(run),
            "tasks": {place(task): lasting(task) for task in tasks},
            "xcoms": self.xcoms(path),
            "events": self.events(dag_id, run["dag_run_id"], began),
            "assets": [
                (event["uri"], event["source_task_id"], event["extra"]) for event in assets["asset_events"]
            ],
        }

    def xcoms(self, path: str) -> dict[str, Any]:
        entries = self.ask("GET", f"{path}/taskInstances/~/xcomEntries", limit=1000)["xcom_entries"]
        return {
            f"{place(entry)} {entry['key']}": self.ask(
                "GET",
                f"{path}/taskInstances/{entry['task_id']}/xcomEntries/{entry['key']}",
                map_index=entry["map_index"],
            )["value"]
            for entry in entries
        }

    def events(self, dag_id: str, run_id: str, began: datetime) -> dict[str, list[str]]:
        """What happened to each task in turn: that it ran, deferred, failed, ran again, in which try."""
        events = self.ask(
            "GET",
            "eventLogs",
            dag_id=dag_id,
            run_id=run_id,
            after=began.isoformat(),
            order_by="event_log_id",
            limit=1000,
        )["event_logs"]
        happened: dict[str, list[str]] = {}
        for event in events:
            if event["task_id"]:
                happened.setdefault(place(event), []).append(f"{event['event']} {event['try_number']}")
        return happened


def lasting(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name not in OF_THIS_RUN}


def place(answer: dict[str, Any]) -> str:
    return f"{answer['task_id']}[{answer['map_index']}]"


def differences(was: Any, now: Any, where: str = "") -> list[str]:
    """What is not the same, and where: ``/tasks/price[-1]/state: success, now failed``."""
    if not (isinstance(was, dict) and isinstance(now, dict)):
        return [] if was == now else [f"{where}: {was}, now {now}"]
    names = sorted(was.keys() | now.keys())
    return [
        difference
        for name in names
        for difference in differences(was.get(name, "nothing"), now.get(name, "nothing"), f"{where}/{name}")
    ]


def freeze(folder: Path) -> None:
    """Freeze the factory in a folder, into a folder in it, and take away all that only the factory needs."""
    command = [sys.executable, "-P", "-m", "dagfreeze", str(folder / "kinds.py"), "--dags-per-file", "5"]
    command += ["--bundle", str(folder.parent), "--out", str(folder / "frozen")]
    result = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    assert result.returncode == 0, result.stderr
    (folder / "kinds.py").unlink()
    (folder / "shops.json").unlink()


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBOOK_AIRFLOW", str(tmp_path_factory.mktemp("stage") / "airflow"))
        stage = Stage(stack.start(), tmp_path_factory.mktemp("callbacks") / "notes")
        with stage.client:
            yield stage
        stack.stop()


@pytest.fixture(scope="module")
def performances(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> tuple[Performance, Performance]:
    """What the originals did, and what the frozen DAGs did."""
    folder = tmp_path_factory.mktemp("bundle") / "running"
    shutil.copytree(RUNNING, folder, ignore=shutil.ignore_patterns("__pycache__"))
    originals = stage.perform(folder)
    freeze(folder)
    return originals, stage.perform(folder)


@pytest.fixture
def originals(performances: tuple[Performance, Performance]) -> Performance:
    return performances[0]


@pytest.fixture
def frozen(performances: tuple[Performance, Performance]) -> Performance:
    return performances[1]


def test_the_frozen_dags_come_from_shared_files_and_need_no_factory(
    originals: Performance, frozen: Performance
) -> None:
    assert len(STATES) >= 10
    assert list(originals.files) == list(frozen.files) == sorted(STATES)
    assert set(originals.files.values()) == {"running/kinds.py"}
    shared = Counter(frozen.files.values())
    assert all(file.startswith("running/frozen/") for file in shared)
    assert max(shared.values()) > 1 < len(shared)


@pytest.mark.parametrize("dag_id", STATES)
def test_an_original_ends_in_many_states_and_returns_something(dag_id: str, originals: Performance) -> None:
    outcome = originals.outcomes[dag_id]
    assert Counter(task["state"] for task in outcome["tasks"].values()) == STATES[dag_id]
    assert outcome["run"]["state"] == ("failed" if "failed" in STATES[dag_id] else "success")
    assert any(outcome["xcoms"].values())


def test_the_originals_try_again_and_wait_and_tell_and_make_assets(originals: Performance) -> None:
    events = {dag_id: outcome["events"] for dag_id, outcome in originals.outcomes.items()}
    assert events["again"]["open_late[-1]"][-3:] == ["up_for_retry 2", "running 3", "success 3"]
    assert events["waiting"]["patient[-1]"] == [*["running 1", "deferred 1"] * 2, "running 1", "success 1"]
    assert events["waiting"]["sensor[-1]"] == ["running 1", "deferred 1", "running 1", "success 1"]
    assert "only_in_the_triggerer[-1]" not in events["waiting"]  # no worker has seen it
    labels = {task["rendered_map_index"] for task in originals.outcomes["mapped"]["tasks"].values()}
    assert {"apples by 3", "echo PEARS of the $SHOP"} <= labels
    assert [uri for uri, _, _ in originals.outcomes["assets"]["assets"]] == ["s3://shops/stock", "sold"]
    report = originals.outcomes["params_and_templates"]["xcoms"]["report[-1] return_value"]
    assert report == "Ada sells 4 at 5 on 2026-03-14: 40"
    assert set(originals.notes) == NOTES


@pytest.mark.parametrize("dag_id", STATES)
def test_a_frozen_dag_does_what_its_original_did(
    dag_id: str, originals: Performance, frozen: Performance
) -> None:
    assert differences(originals.outcomes[dag_id], frozen.outcomes[dag_id]) == []


def test_the_callbacks_of_frozen_dags_write_what_those_of_the_originals_wrote(
    originals: Performance, frozen: Performance
) -> None:
    assert frozen.notes == originals.notes
