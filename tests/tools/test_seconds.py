"""What is read from a notebook that ran: the seconds of its sections, and claims that came out false."""

from __future__ import annotations

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from workbook.tools import seconds


def test_seconds_of_cells_are_added_up_by_section() -> None:
    times = {
        "iopub.execute_input": "2026-01-01T10:00:00.500000Z",
        "shell.execute_reply": "2026-01-01T10:01:02.000000Z",
    }
    ran = [new_code_cell(text, metadata={"execution": times}) for text in ("1", "2")]
    cells = [new_code_cell("0"), new_markdown_cell("## One"), *ran, new_markdown_cell("## Two")]
    assert seconds._seconds(new_notebook(cells=cells)) == {"the beginning": 0, "One": 123, "Two": 0}


def test_false_claims_are_found_and_true_ones_are_not() -> None:
    cell = new_code_cell("claim()", outputs=[new_output("stream", text="✔ True: a\n✘ False: b\n")])
    assert seconds._false_claims(new_notebook(cells=[cell])) == ["✘ False: b"]
