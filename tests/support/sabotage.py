"""Runs notebooks with their causes destroyed: a claim that does not come out false then says nothing."""

from __future__ import annotations

import copy
import json
import runpy
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode
from support.contract import code_cells

from workbook.stack.kernels import kernel_environment
from workbook.tools.notebook import execute
from workbook.workspace import ROOT

LESSONS = ROOT / "tests" / "notebooks" / "sabotages"


@dataclass(frozen=True)
class Sabotage:
    """An edit after which a claim must come out false.

    Attributes:
        claim: the claim's sentence.
        replace: text that occurs exactly once in the notebook's code.
        by: what it is replaced by.
        round: each notebook runs once with all edits ``a``, and if there are any, once with all edits ``b``. Claims
            whose edits would disturb each other are put into different rounds; those of the other round must stay true.
    """

    claim: str
    replace: str
    by: str
    round: str = "a"


def of_lessons() -> dict[str, list[Sabotage]]:
    """The sabotages of each lesson by its name; those of ``03_too_big`` are in the file of that name."""
    return {file.stem: runpy.run_path(str(file))["SABOTAGES"] for file in sorted(LESSONS.glob("*.py"))}


def problems(
    notebook: NotebookNode, sabotages: Sequence[Sabotage], round: str, folder: Path, scratch: Path
) -> list[str]:
    """Run one round and say which claims do not depend on their cause.

    Args:
        notebook: its sources are edited in a copy.
        sabotages: all of the notebook, those of the other round too.
        round: ``a`` or ``b``.
        folder: the kernel's working directory.
        scratch: a folder that both rounds, and other notebooks, may share.

    Returns:
        A sentence for each problem; none is good. An empty round is not run.
    """
    mine = [sabotage for sabotage in sabotages if sabotage.round == round]
    if not mine:
        return []
    edited = copy.deepcopy(notebook)
    sentences = _apply(edited, mine)
    if sentences:
        return sentences
    record = scratch / "claims.jsonl"
    record.unlink(missing_ok=True)
    environment = {**kernel_environment(scratch), "WORKBOOK_CLAIMS": str(record)}
    execute(edited, folder=folder, environment=environment, allow_errors=True)
    records = (
        [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]
        if record.exists()
        else []
    )
    truths = {line["claim"]: line["truth"] for line in records}
    stopped = "; ".join(_errors(edited))
    for sabotage in sabotages:
        name = f"round {round}: “{sabotage.claim}”"
        if sabotage.claim not in truths:
            sentences.append(f"{name} was never reached{f' ({stopped})' if stopped else ''}")
        elif sabotage.round == round and truths[sabotage.claim]:
            sentences.append(
                f"{name} stays true although “{sabotage.by}” stands where “{sabotage.replace}” was"
            )
        elif sabotage.round != round and not truths[sabotage.claim]:
            sentences.append(f"{name} comes out false, but its cause was not touched in this round")
    return sentences


def _apply(notebook: NotebookNode, sabotages: Sequence[Sabotage]) -> list[str]:
    """Make all edits of a round, each at the place where its text stood before the others."""
    problems = []
    cells = list(code_cells(notebook))
    edits: dict[int, list[tuple[int, Sabotage]]] = {}
    for sabotage in sabotages:
        times = sum(cell.source.count(sabotage.replace) for cell in cells)
        if times != 1:
            where = f"the sabotage of “{sabotage.claim}” replaces “{sabotage.replace}”"
            problems.append(f"{where}, which occurs {times} times")
            continue
        number = next(number for number, cell in enumerate(cells) if sabotage.replace in cell.source)
        edits.setdefault(number, []).append((cells[number].source.index(sabotage.replace), sabotage))
    for number, cell_edits in edits.items():
        source, end = cells[number].source, len(cells[number].source)
        for start, sabotage in sorted(cell_edits, key=lambda edit: -edit[0]):
            if start + len(sabotage.replace) > end:
                problems.append(
                    f"the sabotage of “{sabotage.claim}” overlaps another one of round {sabotage.round}"
                )
            source = source[:start] + sabotage.by + source[start + len(sabotage.replace) :]
            end = start
        cells[number].source = source
    return problems


def _errors(notebook: NotebookNode) -> list[str]:
    return [
        f"{output.ename} in code cell {number}: {output.evalue}"
        for number, cell in enumerate(code_cells(notebook), start=1)
        for output in cell.outputs
        if output.output_type == "error"
    ]
