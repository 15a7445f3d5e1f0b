"""What a lesson promises: claims, each a line that only a true measurement can print."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path


class ClaimFailed(AssertionError):
    """A claim of the lesson does not hold on this machine, or not yet."""


def claim(sentence: str, truth: object, measured: str = "") -> None:
    """State what was measured, in a line that only a true measurement can print.

    Args:
        sentence: what is claimed; the same on every machine, so without measured numbers.
        truth: whether it holds; anything that has a truth value.
        measured: the measured value, as text with its unit; it may differ from run to run.

    Raises:
        ClaimFailed: when ``truth`` is false.
        ValueError: when the sentence is not one line without guillemets.
    """
    if not sentence.strip() or re.search(r"[«»\n]", sentence):
        raise ValueError(
            f"a claim is one line without « and »; put measured values into `measured`: {sentence!r}"
        )
    holds = bool(truth)
    print(claim_line(sentence, holds, measured))
    if "WORKBOOK_CLAIMS" in os.environ:
        _record_claim(Path(os.environ["WORKBOOK_CLAIMS"]), sentence, holds, measured)
    elif not holds:
        raise ClaimFailed(
            f"This claim is false here: {sentence}" + (f", measured: {measured}" if measured else "") + ".\n"
            "It was true on every machine that we tried it on. The usual reasons: a cell above was skipped "
            "or changed (Kernel → Restart Kernel and Run All Cells fixes that), or the machine was busy with "
            "something else or asleep while it measured (run this section again)."
        )


def claim_line(sentence: str, holds: bool, measured: str = "") -> str:
    """The line that `claim` prints."""
    value = f" «{re.sub('[«»]', '', measured)}»" if measured else ""
    return f"{'✔ True' if holds else '✘ False'}: {sentence}{value}"


def _record_claim(file: Path, sentence: str, holds: bool, measured: str) -> None:
    """Append one line; the sabotage test reads the file instead of having claims stop the notebook."""
    with file.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({"claim": sentence, "truth": holds, "measured": measured}) + "\n")
