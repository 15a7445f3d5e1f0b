"""The simulation of waiting keeps the limits of slots, and does what Airflow does."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import get_args

import pytest

from workbook.models.waiting import Case, Mode, Outcome, Overheads, simulate

MODES = get_args(Mode)
NOTHING = Overheads(run=0, leg=0, handover=0, trigger=0)
SOME = Overheads(run=1.5, leg=0.4, handover=0.3, trigger=1.2)


def overlapping(outcome: Outcome) -> bool:
    """Whether two stays are in the same slot at the same time."""
    by_slot = sorted(outcome.stays, key=lambda stay: (stay.slot, stay.begin))
    return any(
        one.slot == two.slot and one.end > two.begin + 1e-9 for one, two in itertools.pairwise(by_slot)
    )


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("jobs", "slots"), [(1, 1), (16, 4), (17, 4), (3, 8), (40, 1)])
@pytest.mark.parametrize("series", [False, True])
def test_keeps_the_limits(mode: Mode, jobs: int, slots: int, series: bool) -> None:
    case = Case(mode, jobs, seconds=10, slots=slots, series=series)
    outcome = simulate(case, SOME)
    assert outcome.makespan >= case.least_seconds + SOME.run - 1e-9
    assert outcome.most_slots <= slots and not overlapping(outcome)
    assert {stay.slot for stay in outcome.stays} <= set(range(slots))
    assert len(outcome.spans) == jobs
    assert all(end - begin == pytest.approx(10) for begin, end in outcome.spans)
    assert outcome.most_concurrent <= (1 if series else jobs)
    assert outcome.makespan >= max(end for _, end in outcome.spans)


@pytest.mark.parametrize(("jobs", "slots"), [(16, 4), (17, 4), (3, 8)])
def test_blocking_without_overheads_is_exactly_its_waves(jobs: int, slots: int) -> None:
    outcome = simulate(Case("blocking", jobs, 10, slots), NOTHING)
    assert outcome.makespan == pytest.approx(math.ceil(jobs / slots) * 10)
    assert outcome.most_concurrent == min(jobs, slots)
    assert outcome.waiting_seconds == pytest.approx(jobs * 10)


@pytest.mark.parametrize("mode", ["deferrable", "from_trigger"])
def test_deferring_without_overheads_takes_as_long_as_one_job(mode: Mode) -> None:
    outcome = simulate(Case(mode, 500, 10, slots=4), NOTHING)
    assert outcome.makespan == pytest.approx(10)
    assert outcome.most_concurrent == 500
    assert outcome.waiting_seconds == 0


def test_only_blocking_and_poking_hold_slots_while_waiting() -> None:
    waiting = {mode: simulate(Case(mode, 16, 10), SOME).waiting_seconds for mode in MODES}
    assert waiting["blocking"] >= 160
    assert waiting["poke"] > 0
    assert waiting["reschedule"] == waiting["deferrable"] == waiting["from_trigger"] == 0


def test_from_the_trigger_needs_no_slot_at_all() -> None:
    assert simulate(Case("from_trigger", 16, 10), SOME).stays == []


def test_rescheduling_costs_a_process_for_every_question() -> None:
    outcome = simulate(Case("reschedule", 4, 10, poll_interval=1), SOME)
    assert outcome.slot_seconds > simulate(Case("deferrable", 4, 10, poll_interval=1), SOME).slot_seconds
    assert simulate(Case("reschedule", 4, 10, poll_interval=5), SOME).polls < outcome.polls


def test_in_series_every_way_takes_as_long_as_its_jobs_together() -> None:
    for mode in MODES:
        assert simulate(Case(mode, 5, 10, series=True), NOTHING).makespan == pytest.approx(50)


def test_a_triggerer_that_is_full_lets_the_others_wait() -> None:
    case = Case("from_trigger", 30, 10, capacity=10)
    outcome = simulate(case, NOTHING)
    assert outcome.makespan == pytest.approx(30) and case.least_seconds == 30
    assert outcome.most_concurrent == 10
    deferred = simulate(Case("deferrable", 30, 10, capacity=10), NOTHING)
    assert deferred.most_concurrent == 30, "the jobs run already, only nobody watches them"


@pytest.mark.parametrize("mode", MODES)
def test_more_of_what_is_scarce_never_hurts(mode: Mode) -> None:
    case = Case(mode, 24, 10, slots=2)
    for better in (replace(case, slots=8), replace(case, cores=4)):
        assert simulate(better, SOME).makespan <= simulate(case, SOME).makespan + 1e-9


def test_a_question_too_late_is_paid_for() -> None:
    assert simulate(Case("blocking", 1, 10, poll_interval=4), NOTHING).makespan == pytest.approx(12)


def test_the_same_case_gives_the_same_outcome() -> None:
    assert simulate(Case("deferrable", 50, 7), SOME) == simulate(Case("deferrable", 50, 7), SOME)


@pytest.mark.parametrize("wrong", [{"jobs": 0}, {"slots": 0}, {"seconds": -1}, {"poll_interval": 0}])
def test_refuses_cases_that_cannot_be(wrong: dict) -> None:
    with pytest.raises(ValueError, match="must"):
        replace(Case("blocking", 4, 10), **wrong)


def test_the_timeline_has_a_row_per_stay() -> None:
    table = simulate(Case("blocking", 4, 10, slots=2), SOME).timeline()
    assert list(table.columns) == ["slot", "job", "begin", "end", "waits"]
    assert table[table.waits].groupby("slot").size().to_dict() == {0: 2, 1: 2}
