"""The simulation of waiting is fitted to measured runs, and predicts others."""

from __future__ import annotations

import pytest

from workbook.models.calibration import CALIBRATION, HELD_OUT, compare, fit
from workbook.models.waiting import Case, Overheads, simulate

SOME = Overheads(run=1.5, leg=0.4, handover=0.3, trigger=1.2)


def test_finds_the_overheads_of_a_machine_and_predicts_other_cases() -> None:
    measured = {
        case: simulate(case, SOME).makespan
        for case in (Case("blocking", 16, 6), Case("deferrable", 48, 6), Case("from_trigger", 16, 6))
    }
    overheads = fit(measured)
    others = [Case("blocking", 40, 3), Case("deferrable", 80, 6), Case("deferrable", 16, 20, slots=2)]
    table = compare({case: simulate(case, SOME).makespan for case in others}, overheads)
    assert table.error.abs().max() < 0.1
    assert list(table.columns) == ["mode", "jobs", "seconds", "slots", "measured", "simulated", "error"]


@pytest.mark.parametrize(
    ("calibration", "held_out"),
    [
        ((4.18, 28.4, 13.2, 16.0, 10.9), (33.29, 30.58, 17.69, 15.96, 10.80, 15.19)),
        ((4.45, 28.7, 11.7, 14.5, 9.6), (32.02, 30.27, 17.38, 15.50, 11.53, 15.34)),
        ((3.85, 29.0, 10.9, 17.6, 10.5), (33.08, 29.24, 19.46, 14.68, 10.80, 15.07)),
    ],
)
def test_is_within_a_fifth_of_measured_runs_that_it_was_not_calibrated_on(
    calibration: tuple[float, ...], held_out: tuple[float, ...]
) -> None:
    # real runs on two cores, November 2026, three times one after the other, in the order of the cases
    overheads = fit(dict(zip(CALIBRATION, calibration, strict=True)))
    table = compare(dict(zip(HELD_OUT, held_out, strict=True)), overheads)
    assert table.error.abs().max() < 0.2


def test_refuses_measurements_that_cannot_be() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        fit({})
    with pytest.raises(
        ValueError, match=r"39\.00 s were measured, but Case\(mode='blocking'.* at least 40 s"
    ):
        fit({Case("blocking", 16, 10, 4): 39.0})
