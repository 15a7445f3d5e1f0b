"""The explorer of waiting follows its controls."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.charts import is_small_and_the_same_at_every_draw, words

from workbook.charts.waiting_explorer import WaitingExplorer, waiting_explorer
from workbook.models.waiting import Case, Overheads, simulate

WORK = Case("blocking", jobs=16, seconds=6)
SOME = Overheads(run=1.2, leg=0.3, handover=0.2, trigger=0.7)


def an_explorer() -> WaitingExplorer:
    measured = {WORK: 30.4, Case("deferrable", 16, 6): 10.9}
    return waiting_explorer(SOME, measured, megabytes_per_slot=40, begin=WORK)


def test_explorer_follows_its_controls() -> None:
    explorer = an_explorer()
    assert explorer.outcome == simulate(WORK, SOME)
    assert "16 jobs of 6 s on 4 slots, blocking" in words(explorer.picture.value)
    blocking = explorer.outcome.makespan
    explorer.mode_choice.value = "deferrable"
    assert explorer.outcome.makespan < blocking / 2
    assert explorer.outcome.waiting_seconds == 0
    explorer.jobs_slider.value = 100
    explorer.slots_slider.value = 1
    explorer.seconds_slider.value = 30
    assert explorer.outcome == simulate(Case("deferrable", 100, 30, slots=1), SOME)
    assert "100 jobs of 30 s on 1 slot, deferrable" in words(explorer.picture.value)
    assert "of 1 are held at the same time: 40 MB" in repr(explorer)


def test_explorer_draws_what_was_measured_only_where_it_belongs() -> None:
    explorer = an_explorer()
    assert "○ measured" in words(explorer.picture.value)
    explorer.slots_slider.value = 8
    assert "nothing measured with these settings" in words(explorer.picture.value)


def test_explorer_asks_as_often_as_the_dags_do() -> None:
    explorer = an_explorer()
    explorer.mode_choice.value = "reschedule"
    assert explorer.case == replace(WORK, mode="reschedule", poll_interval=5)


@pytest.mark.parametrize("jobs_and_slots", [(4, 128), (200, 1)])
def test_explorer_draws_at_both_ends(jobs_and_slots: tuple[int, int]) -> None:
    explorer = an_explorer()
    explorer.jobs_slider.value, explorer.slots_slider.value = jobs_and_slots
    explorer.seconds_slider.value = 1
    assert f"{jobs_and_slots[0]} jobs of 1 s" in words(explorer.picture.value)


def test_chart_is_small_and_the_same_at_every_draw() -> None:
    assert is_small_and_the_same_at_every_draw(an_explorer().chart)
