"""The chart of slots names what it draws."""

from __future__ import annotations

from support.charts import is_small_and_the_same_at_every_draw, words

from workbook.charts import Chart, slot_timeline
from workbook.models.waiting import Case, Overheads, simulate

WORK = Case("blocking", jobs=16, seconds=6)
SOME = Overheads(run=1.2, leg=0.3, handover=0.2, trigger=0.7)


def a_timeline(guess: float | None = 12) -> Chart:
    return slot_timeline(
        simulate(WORK, SOME).timeline(),
        least=24,
        guess=guess,
        queued=("the quick task", 2, 26),
        title="A title",
        sentence="All jobs take «30 s».",
    )


def test_timeline_names_what_it_draws() -> None:
    text = words(a_timeline().svg())
    for part in ("slot 1", "slot 4", "the quick task", "in the queue for 24 s", "at least 24 s", "12 s"):
        assert part in text
    assert "slot 5" not in text
    assert "your guess" not in words(a_timeline(guess=None).svg())
    assert "your guess: 300 s →" in words(a_timeline(guess=300).svg())


def test_chart_is_small_and_the_same_at_every_draw() -> None:
    assert is_small_and_the_same_at_every_draw(a_timeline())
