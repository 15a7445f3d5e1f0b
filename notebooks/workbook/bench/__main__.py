"""Every figure that the README and the slides quote, measured side by side in one run: ``python -m workbook.bench``.

Writes ``slides/results.json``, which the slides are built from, and the tables in the README. With names of groups it
measures these again and keeps the other figures, if they are of the same machine.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from workbook.bench.factories import parse_time_calls, parsers, task_starts
from workbook.bench.figures import Measured
from workbook.bench.freeze import freezer
from workbook.bench.layouts import layouts
from workbook.bench.machine import describe
from workbook.bench.readme import as_tables
from workbook.bench.waiting import waiting
from workbook.workspace import ROOT, lesson_folder

RESULTS = ROOT / "slides" / "results.json"
README = ROOT / "README.md"
TABLE = re.compile(r"(<!-- measured by make bench -->\n).*?(<!-- end -->)", re.DOTALL)


class Group(NamedTuple):
    """Figures that are measured together.

    Attributes:
        title: above them in the README.
        measure: makes them.
    """

    title: str
    measure: Callable[[], Measured]


GROUPS = {
    "calls": Group("A factory that asks a service", parse_time_calls),
    "task_starts": Group("Task starts", task_starts),
    "parsers": Group("Reading configurations", parsers),
    "layouts": Group("DAGs per file", layouts),
    "freezer": Group("Frozen files and freezing", freezer),
    "waiting": Group("Waiting for jobs that run elsewhere", waiting),
}


def measure(names: Sequence[str], former_content: Mapping[str, Any]) -> dict[str, Any]:
    """Measure some groups, and put their figures in the place of the former ones.

    Args:
        names: some of `GROUPS`.
        former_content: what a results file says; empty to begin again.

    Returns:
        What to write into the results file.
    """
    figures: dict[str, dict[str, Any]] = {name: {} for name in GROUPS}
    charts = dict(former_content.get("charts", {}))
    for result, one in former_content.get("results", {}).items():
        if one["group"] in figures:  # not of a group that there was once
            figures[one["group"]][result] = one
    for number, name in enumerate(names, 1):
        group = GROUPS[name]
        print(f"{number} of {len(names)}, {name}: {(group.measure.__doc__ or '').strip()}", flush=True)
        measured, drawn = group.measure()
        # The text is that of the rounded number, not of another one.
        rounded = {result: replace(one, value=float(f"{one.value:.4g}")) for result, one in measured.items()}
        figures[name] = {
            result: {
                "value": one.value,
                "unit": one.unit,
                "text": one.text,
                "how": one.how,
                "measured": one.measured,
                "group": name,
            }
            for result, one in rounded.items()
        }
        charts |= drawn
    in_order = {result: one for of_group in figures.values() for result, one in of_group.items()}
    return {"machine": {"text": _machine()}, "results": in_order, "charts": charts}


def _machine() -> str:
    sentence = "{system} with {cores} cores, {memory} of memory, Python {Python} and Airflow {Airflow}"
    return sentence.format_map(describe())


def _former_content(names: Sequence[str]) -> dict[str, Any]:
    """The figures that stay when only these groups are measured.

    Raises:
        ValueError: when there is no such group, or the figures are not to be mixed with this machine's.
    """
    if unknown := [name for name in names if name not in GROUPS]:
        raise ValueError(f'there is no group "{unknown[0]}"; there are {", ".join(GROUPS)}')
    if not names:
        return {}
    if not RESULTS.exists():
        raise ValueError("there are no figures yet to keep the others of; measure all groups")
    content: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    if content["machine"]["text"] != _machine():
        raise ValueError(
            f"{RESULTS.relative_to(ROOT)} is of another machine ({content['machine']['text']}); measure all groups"
        )
    return content


def main(arguments: Sequence[str]) -> int:
    """Measure every group, or those that are named; print the table, write the results."""
    parser = argparse.ArgumentParser(prog="python -m workbook.bench", description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"one of {', '.join(GROUPS)}")
    names = parser.parse_args(arguments).groups
    try:
        former_content = _former_content(names)
    except ValueError as problem:
        print(f"Nothing was measured: {problem}.", file=sys.stderr)
        return 2
    os.environ["WORKBOOK_AIRFLOW"] = str(lesson_folder("bench-airflow"))
    try:
        content = measure(names or list(GROUPS), former_content)
    except KeyboardInterrupt:
        print("\nStopped. Nothing was written.", file=sys.stderr)
        return 130
    RESULTS.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    table = as_tables(content, {name: group.title for name, group in GROUPS.items()})
    readme = README.read_text(encoding="utf-8")
    README.write_text(TABLE.sub(lambda match: f"{match[1]}{table}{match[2]}", readme), encoding="utf-8")
    print(f"\n{table}\nWritten: {RESULTS.relative_to(ROOT)}, and the tables in README.md")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
