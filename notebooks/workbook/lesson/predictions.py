"""Guesses: a lesson asks for a number before it measures, and writes down what the learner says."""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
from pathlib import Path
from typing import Any

import ipywidgets

from workbook.workspace import WORK


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
        return f"Your guess: {self.question}{unit}. Run this cell to enter it."

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs)
        return {**bundle, "text/plain": repr(self)}  # ipywidgets cuts it off at 110 characters

    def _take(self, text: str) -> None:
        self._read(text)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        record = {"question": self.question, "unit": self.unit, "text": text.strip(), "value": self.value}
        replacement = self.file.with_suffix(f".{os.getpid()}")
        replacement.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
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
                "you may leave this empty" if self.value is None else f"noted: {self.value:,g}{unit}"
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
