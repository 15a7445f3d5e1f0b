"""What every committed notebook must show, beyond what nbval compares: nbval passes when outputs or claims are gone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nbformat import NotebookNode

from workbook.workspace import ROOT

CLAIM = re.compile(r"^(?P<verdict>✔ True|✘ False): (?P<claim>[^«]*?)(?: «[^»]*»)?$")
ALLOWED_TAGS = {"nbval-ignore-output", "raises-exception", "remove-input"}
UNCOMPARED = re.compile(r"^\s*#+\s*(NBVAL_\w+|PYTEST_VALIDATE_IGNORE_OUTPUT)", re.MULTILINE)
COMMANDS = re.compile(r"^\s*[!%]|;\s*$", re.MULTILINE)


def problems(notebook: NotebookNode, claims: Sequence[str]) -> list[str]:
    """Say what is wrong with a notebook as it is committed.

    Args:
        notebook: with its outputs.
        claims: the sentences that it must print, in order.

    Returns:
        A sentence for each problem; none is good.
    """
    sentences: list[str] = []
    printed: list[str] = []
    for number, cell in enumerate(code_cells(notebook), start=1):
        where = f"code cell {number} ({cell.source.strip().partition(chr(10))[0]})"
        if cell.execution_count != number:
            sentences.append(f"{where} was executed as number {cell.execution_count}")
        lines = [match for line in _stdout(cell).splitlines() if (match := CLAIM.match(line))]
        printed += [match["claim"] for match in lines]
        sentences += [
            f"{where} holds a claim that is false: {m['claim']}" for m in lines if m["verdict"] != "✔ True"
        ]
        sentences += [f"{where} {problem}" for problem in [*_source_problems(cell), *_output_problems(cell)]]
    if printed != list(claims):
        missing, extra = [c for c in claims if c not in printed], [c for c in printed if c not in claims]
        order = "" if missing or extra else "; they stand in another order, or more than once"
        sentences.append(
            f"its claims are not those of its sabotages: missing {missing}, without a sabotage {extra}{order}"
        )
    if "widgets" in notebook.metadata:
        sentences.append("it stores the state of widgets, which is different at every run")
    return sentences


def code_cells(notebook: NotebookNode) -> Iterator[NotebookNode]:
    """The cells that run, in order."""
    return (cell for cell in notebook.cells if cell.cell_type == "code")


def _source_problems(cell: NotebookNode) -> Iterator[str]:
    tags = set(cell.metadata.get("tags", []))
    if tags - ALLOWED_TAGS:
        yield f"carries tags that are not allowed: {sorted(tags - ALLOWED_TAGS)}"
    uncompared = tags & {"nbval-ignore-output", "raises-exception"} or UNCOMPARED.search(cell.source)
    if uncompared and re.search(r"\bclaim\(", cell.source):
        yield "makes a claim, but its output is not compared"
    if UNCOMPARED.search(cell.source):
        yield "is marked for nbval by a comment; use a tag, which the reader does not see"
    if COMMANDS.search(cell.source):
        yield "uses !, % or a trailing semicolon, which a test run cannot see failing"


def _output_problems(cell: NotebookNode) -> Iterator[str]:
    errors = [output for output in cell.outputs if output.output_type == "error"]
    expected = "raises-exception" in cell.metadata.get("tags", [])
    if errors and not expected:
        yield f"ends in an error: {errors[0].ename}: {errors[0].evalue}"
    if expected and not errors:
        yield "is said to raise, and does not"
    if any(output.get("name") == "stderr" for output in cell.outputs):
        yield "writes to standard error"
    for text in _texts(cell):
        if re.sub("«[^«»]*»", "", text).count("«") + re.sub("«[^«»]*»", "", text).count("»"):
            yield "has guillemets that do not come in pairs"
        if str(ROOT) in text:
            yield f"shows a path of the machine that built it ({ROOT})"
    if any("application/vnd.jupyter.widget-view+json" in output.get("data", {}) for output in cell.outputs):
        yield "stores a live widget, which no other kernel can show"


def _stdout(cell: NotebookNode) -> str:
    return "".join(output.text for output in cell.outputs if output.get("name") == "stdout")


def _texts(cell: NotebookNode) -> Iterator[str]:
    for output in cell.outputs:
        yield from (text for text in [output.get("text"), output.get("evalue")] if text)
        yield from (
            text
            for kind, text in output.get("data", {}).items()
            if isinstance(text, str) and kind != "image/png"
        )
