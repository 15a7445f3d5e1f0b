"""What a lesson asks of its learner and what it promises: predictions and claims."""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ipywidgets
import pandas as pd

from workbook.workspace import WORK


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
            f"{sentence}: not here" + (f", measured: {measured}" if measured else "") + ".\n"
            "It held on every machine that we tried. The usual reasons: a cell above was left out or changed "
            "(Kernel → Restart Kernel and Run All Cells puts that right), or the machine was busy with something "
            "else or asleep while it measured (run this section again)."
        )


def claim_line(sentence: str, holds: bool, measured: str = "") -> str:
    """The line that `claim` prints."""
    value = f" «{re.sub('[«»]', '', measured)}»" if measured else ""
    return f"{'✔ True' if holds else '✘ False'}: {sentence}{value}"


def _record_claim(file: Path, sentence: str, holds: bool, measured: str) -> None:
    """Append one line; the sabotage test reads the file instead of having claims stop the notebook."""
    with file.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({"claim": sentence, "truth": holds, "measured": measured}) + "\n")


def predict(question: str, unit: str = "") -> Prediction:
    """Ask for a guess before a measurement; show the result as a cell's last expression.

    Args:
        question: what is to be guessed, with everything that the guess depends on.
        unit: the unit of the number.

    Returns:
        A number box. Its ``value`` is the guess, or None while there is none; a restarted kernel still knows it.
    """
    return Prediction(question, unit)


class Prediction(ipywidgets.VBox):
    """A number box that writes the learner's guess down."""

    def __init__(self, question: str, unit: str = "") -> None:
        self.question = question
        self.unit = unit
        self.file = _learner_folder() / "predictions" / f"{_short_hash(question)}.json"
        self.value: float | None = None
        label = ipywidgets.HTML(f"<b>Your guess</b>: {question}")
        self.box = ipywidgets.Text(
            value=self._stored_text(),
            placeholder="a number",
            continuous_update=False,
            layout=ipywidgets.Layout(width="9em"),
        )
        self.note = ipywidgets.Label()
        super().__init__([label, ipywidgets.HBox([self.box, ipywidgets.Label(unit), self.note])])
        self.box.observe(lambda change: self._take(change["new"]), "value")
        self._read(self.box.value)

    def __repr__(self) -> str:
        unit = f" ({self.unit})" if self.unit else ""
        return f"Your guess: {self.question}{unit}. Run this cell to write it down."

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs)
        return {**bundle, "text/plain": repr(self)}  # ipywidgets cuts it off at 110 characters

    def _take(self, text: str) -> None:
        self._read(text)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        written = {"question": self.question, "unit": self.unit, "text": text.strip(), "value": self.value}
        replacement = self.file.with_suffix(f".{os.getpid()}")
        replacement.write_text(json.dumps(written, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        replacement.replace(self.file)

    def _read(self, text: str) -> None:
        try:
            self.value = _number(text)
        except ValueError:
            self.value = None
            self.note.value = "write digits, such as 20 or 2.5"
        else:
            unit = f" {self.unit}" if self.unit else ""
            self.note.value = (
                "no guess is fine too" if self.value is None else f"noted: {self.value:,g}{unit}"
            )

    def _stored_text(self) -> str:
        try:
            return str(json.loads(self.file.read_text(encoding="utf-8"))["text"])
        except (OSError, ValueError, KeyError, TypeError):
            return ""  # never written, or damaged: the learner is asked again


def _number(text: str) -> float | None:
    """A guess as people write it: 20 · 2.5 · 2,5 · 1,000; None when there is none."""
    plain = text.strip().replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
    if not plain:
        return None
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    number = float(plain.replace(",", "."))
    if not math.isfinite(number) or number < 0:
        raise ValueError(text)
    return number


def _learner_folder() -> Path:
    return Path(os.environ.get("WORKBOOK_LEARNER") or WORK / "learner")


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class Table:
    """A small table whose measured columns stand between guillemets, so that runs can be compared."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        rows = [list(map(str, self.frame.columns)), *self.frame.astype(str).to_numpy().tolist()]
        # no padding: the width of a measured value would move what stands behind it
        text = "\n".join(" · ".join(row) for row in rows)
        return {"text/html": self.frame.to_html(index=False, border=0), "text/plain": text}


def table(frame: pd.DataFrame, measured: Mapping[str, str] | None = None) -> Table:
    """Show figures as a table.

    Args:
        frame: the figures; its index is not shown.
        measured: the columns that differ from run to run, each with the format of its values,
            such as ``{"seconds": ".2f"}``.

    Returns:
        The table, to be a cell's last expression.
    """
    shown = frame.astype(object)
    for column, form in (measured or {}).items():
        shown[column] = [f"«{value:{form}}»" for value in frame[column]]
    return Table(shown)
