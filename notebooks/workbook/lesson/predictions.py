"""Guesses: a lesson asks for a number before it measures, and writes down what the learner says."""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
from numbers import Integral
from pathlib import Path
from typing import Any

import ipywidgets

from workbook.workspace import WORK


def predict(question: str, unit: str = "") -> Guess:
    """Ask for a guess before a measurement; show the result as a cell's last expression.

    Args:
        question: what is to be guessed, with everything that the guess depends on.
        unit: the unit of the number.

    Returns:
        The guess, whose ``value`` is None while there is none; a restarted kernel still knows it.
    """
    return Guess(question, unit)


class Guess:
    """What a learner expects of a measurement; it is written down, and afterwards shown next to what was measured.

    Attributes:
        question: what is guessed.
        unit: of the number.
        value: the number, or None.
        text: what the learner wrote, whatever it is.
        file: where it is written down.
    """

    def __init__(self, question: str, unit: str = "") -> None:
        self.question, self.unit = question, unit
        self.file = _learner_folder() / "predictions" / f"{_short_hash(question)}.json"
        self.value: float | None = None
        try:
            self.text = str(json.loads(self.file.read_text(encoding="utf-8"))["text"])
            self.value = _number(self.text)
        except (OSError, ValueError, KeyError, TypeError):
            self.text = ""  # never written, or damaged: the learner is asked again

    def write(self, text: str) -> None:
        """Write down what the learner says.

        Raises:
            ValueError: when it is no number; the guess is none then.
        """
        self.text, self.value = text, None
        try:
            self.value = _number(text)
        finally:
            record = {"question": self.question, "unit": self.unit, "text": text.strip(), "value": self.value}
            self.file.parent.mkdir(parents=True, exist_ok=True)
            replacement = self.file.with_suffix(f".{os.getpid()}")
            replacement.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            replacement.replace(self.file)

    def beside(self, measured: float, usual: str = "", *, talk: float | None = None) -> None:
        """Print the guess next to what was measured and, after a wrong guess, the usual reason.

        Args:
            measured: a count, which is the same on every machine, or another number, which is not.
            usual: a sentence on why people often guess otherwise.
            talk: what the talk said.
        """
        is_count = isinstance(measured, Integral)
        answer = self._shown(measured) if is_count else f"«{self._shown(measured)}»"
        line = f"your guess: «{'none' if self.value is None else self._shown(self.value)}»; here: {answer}"
        print(line + ("" if talk is None else f"; the talk: {self._shown(talk)}"))
        if self.value is not None and usual:
            is_right = self.value == measured if is_count else abs(self.value - measured) <= measured / 4
            if not is_right:
                print(usual)

    def _shown(self, number: float) -> str:
        return f"{number:,.{0 if number == int(number) or number >= 20 else 1}f} {self.unit}".strip()

    def __repr__(self) -> str:
        unit = f" ({self.unit})" if self.unit else ""
        return f"Your guess: {self.question}{unit}. Run this cell to enter it."

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = GuessBox(self)._repr_mimebundle_(**kwargs)
        return {**bundle, "text/plain": repr(self)}  # ipywidgets cuts it off at 110 characters


class GuessBox(ipywidgets.VBox):
    """A number box that writes a guess down."""

    def __init__(self, guess: Guess) -> None:
        self.guess = guess
        label = ipywidgets.HTML(f"<b>Your guess</b>: {guess.question}")
        self.box = ipywidgets.Text(
            value=guess.text,
            placeholder="a number",
            continuous_update=False,
            layout=ipywidgets.Layout(width="9em"),
        )
        self.note = ipywidgets.Label()
        super().__init__([label, ipywidgets.HBox([self.box, ipywidgets.Label(guess.unit), self.note])])
        self._say()
        self.box.observe(lambda change: self._take(change["new"]), "value")

    def _take(self, text: str) -> None:
        try:
            self.guess.write(text)
        except ValueError:
            self.note.value = "write digits, such as 20 or 2.5"
        else:
            self._say()

    def _say(self) -> None:
        unit = f" {self.guess.unit}" if self.guess.unit else ""
        value = self.guess.value
        self.note.value = (
            "(you may leave this empty)"
            if value is None
            else f"noted: {value:,g}{unit}; go on with the next cell"
        )


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
