"""The benchmark measures what it is asked for, keeps the other figures, and writes a table in which they are found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from workbook.bench import __main__ as bench
from workbook.bench.__main__ import GROUPS, Group, main
from workbook.bench.figures import Figure, Measured
from workbook.bench.waiting import LARGE, SMALL, makespan_figures
from workbook.models.calibration import CALIBRATION, HELD_OUT
from workbook.models.waiting import Overheads, simulate


def group(name: str, value: float) -> Group:
    """A group of one figure that is measured, and one that is set."""

    def measure() -> Measured:
        """Two figures."""
        figures = {
            f"{name}_figure": Figure(value, "times", f"what {name} measures"),
            f"{name}_set": Figure(3, "DAGs", f"what {name} is given", measured=False),
        }
        return figures, {name: {"function": "bars", "data": {"value": value}}}

    return Group(f"About {name}", measure)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(bench, "ROOT", tmp_path)
    monkeypatch.setattr(bench, "RESULTS", tmp_path / "results.json")
    monkeypatch.setattr(bench, "README", tmp_path / "README.md")
    (tmp_path / "README.md").write_text("before\n<!-- measured by make bench -->\nold\n<!-- end -->\nafter\n")
    for name in ("one", "two"):
        monkeypatch.setitem(GROUPS, name, group(name, 7.12345))
    for name in set(GROUPS) - {"one", "two"}:
        monkeypatch.delitem(GROUPS, name)
    return tmp_path


def results(folder: Path) -> dict:
    return dict(json.loads((folder / "results.json").read_text()))


def test_measures_every_group_and_writes_both_files(files: Path) -> None:
    assert main([]) == 0
    figures = results(files)["results"]
    assert {name: (one["value"], one["text"], one["measured"]) for name, one in figures.items()} == {
        "one_figure": (7.123, "7.1", True),
        "one_set": (3, "3", False),
        "two_figure": (7.123, "7.1", True),
        "two_set": (3, "3", False),
    }
    lines = (files / "README.md").read_text().splitlines()
    assert lines[0] == "before" and lines[-1] == "after" and "old" not in lines
    assert [line for line in lines if line.startswith("| ")] == [
        "| what | measured |",
        "| **About one** | |",
        "| what one measures | 7.1 times |",
        "| **About two** | |",
        "| what two measures | 7.1 times |",
    ]


def test_measures_one_group_again_and_keeps_the_other(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main([]) == 0
    for name in ("one", "two"):
        monkeypatch.setitem(GROUPS, name, group(name, 9))
    assert main(["one"]) == 0
    content = results(files)
    values = {name: one["value"] for name, one in content["results"].items() if one["measured"]}
    assert values == {"one_figure": 9, "two_figure": 7.123}
    assert content["charts"]["one"]["data"] == {"value": 9}
    assert content["charts"]["two"]["data"] == {"value": 7.12345}


@pytest.mark.parametrize(
    ("names", "problem"),
    [(["nothing"], 'no group "nothing"; there are one, two'), (["one"], "another machine")],
)
def test_refuses_in_a_sentence(
    files: Path, names: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([]) == 0
    text = (files / "results.json").read_text().replace("cores", "many cores")
    (files / "results.json").write_text(text)
    capsys.readouterr()
    assert main(names) == 2
    output = capsys.readouterr()
    assert problem in output.err and output.err.count("\n") == 1 and not output.out
    assert (files / "results.json").read_text() == text


def test_says_when_there_is_nothing_to_keep(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["one"]) == 2
    assert capsys.readouterr().err.startswith("Nothing was measured: there are no figures yet")


def test_an_interrupt_leaves_the_figures_as_they_were(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main([]) == 0
    before = results(files)

    def interrupted() -> Measured:
        raise KeyboardInterrupt

    monkeypatch.setitem(GROUPS, "two", Group("About two", interrupted))
    assert main([]) == 130
    assert results(files) == before


def test_says_of_makespans_what_they_say() -> None:
    overheads = Overheads(run=1.5, leg=0.4, handover=0.3, trigger=1.2)
    cases = [*CALIBRATION, *HELD_OUT, *LARGE.values()]
    measured = {case: simulate(case, overheads).makespan for case in cases}
    figures = makespan_figures(measured)
    value = {name: figure.value for name, figure in figures.items()}
    assert "(160 s is the least possible)" in figures["makespan_blocking"].how
    assert value["makespan_blocking"] >= 160
    ratio = value["makespan_blocking"] / value["makespan_deferrable"]
    assert value["makespan_blocking_over_deferrable"] == ratio > 3
    assert value["makespan_small_ratio"] == measured[SMALL["blocking"]] / measured[SMALL["deferrable"]]
    # two stays of 0.4 s for each job, on two cores
    assert value["makespan_overhead"] == pytest.approx(0.4, rel=0.1)
    assert value["makespan_limit"] == 20 + 64 * value["makespan_overhead"]
    assert value["simulation_error"] <= value["simulation_error_worst"] < 10
    slower = {case: seconds * (1.3 if case == HELD_OUT[0] else 1) for case, seconds in measured.items()}
    assert makespan_figures(slower)["simulation_error_worst"].value > 20
