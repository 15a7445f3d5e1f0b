"""The measurements of waiting, small, on a real Airflow: they count what they say they count."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from workbook import stack
from workbook.bench.waiting import hold_and_crash, makespans, many_deferred
from workbook.measure.waiting_dags import SETTINGS, connect
from workbook.models.waiting import Case
from workbook.services import JobService, job_service
from workbook.stack.place import SLOTS

pytestmark = pytest.mark.airflow


@pytest.fixture(scope="module")
def airflow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[stack.Airflow]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBOOK_AIRFLOW", str(tmp_path_factory.mktemp("bench") / "airflow"))
        yield stack.start({**SETTINGS, "scheduler.pool_metrics_interval": 1})
        stack.stop()


@pytest.fixture
def service(airflow: stack.Airflow) -> Iterator[JobService]:
    with job_service() as service:
        connect(airflow, service)
        yield service


def test_blocking_holds_every_slot_deferred_none_and_a_crash_loses_nothing(
    airflow: stack.Airflow, service: JobService
) -> None:
    jobs = SLOTS + 2
    figures = hold_and_crash(airflow, service, jobs)
    assert {name: figure.value for name, figure in figures.items()} == {
        "slots_held_blocking": SLOTS,
        "slots_held_deferrable": 0,
        "crash_jobs": 2 * jobs,
        "crash_submitted": 2 * jobs,
        "crash_lost": 0,
    }
    assert figures["slots_held_blocking"].how.endswith(f"blocking, {SLOTS} jobs at the same time")
    assert figures["slots_held_deferrable"].how.endswith(f"deferred, {2 * jobs} jobs at the same time")


def test_counts_the_tasks_that_wait_and_what_they_ask(airflow: stack.Airflow, service: JobService) -> None:
    figures = many_deferred(airflow, service, jobs=4, runs=5, poll_interval=1)
    assert figures["deferred_at_once"].value == figures["deferred_completed"].value == 20
    assert figures["triggerer_memory"].value > 20
    assert 10 < figures["triggerer_polls"].value < 30


def test_a_makespan_is_no_shorter_than_its_jobs(airflow: stack.Airflow, service: JobService) -> None:
    case = Case("blocking", jobs=SLOTS + 1, seconds=2)
    assert makespans(airflow, service, [case])[case] >= case.least_seconds == 4
