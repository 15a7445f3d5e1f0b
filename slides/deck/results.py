"""The figures that slides may state: measured results, Airflow's own defaults, and what the talk published.

A slide writes ``{{measured.NAME}}``, ``{{airflow.SECTION.KEY}}``, ``{{talk.NAME}}`` or ``{{machine}}``.
slides/results.json, which ``make bench`` writes, looks like this::

    {
      "machine": {"text": "Linux x86_64 with 2 cores, …"},
      "results": {NAME: {"value": 11.8, "unit": "times", "text": "12", "how": "cycle of 500 files / cycle of 10"}},
      "charts": {NAME: {"function": "bars", "data": {...keyword arguments of workbook.charts.bars}}}
    }
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from deck.source import DeckError, Slide

PLACEHOLDER = re.compile(r"\{\{\s*(?P<name>[\w.]+)\s*\}\}")
CONDITION = re.compile(r"^\s*(?P<name>\w+)\s*(?P<sign>>=|<=|==|>|<)\s*(?P<other>[\w.]+)\s*$")
TYPED_NUMBER = re.compile(r"(?<![\w#])\d[\d.,]*")
SPELLED = (
    "(?:two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|fifty|hundred|thousand|million)s?"
)
SPELLED_MEASURE = re.compile(
    rf"\b(?:(?:{SPELLED} )*{SPELLED}[ -](?:times|fold|seconds|minutes|hours|per ?cent)|half the|twice|thrice)\b",
    re.IGNORECASE,
)
"""A measure in words; a slide may say it when its ``holds`` says what must be true for it."""
NAMES_WITH_NUMBERS = re.compile(
    r"Airflow 3(\.3)?|EuroPython 2023|CC BY 4\.0|Apache-2\.0|S3|UTF-8|`[^`]*`|\]\(https?:[^)]*\)"
)
"""Numbers that measure nothing, code, and addresses of links: they may be typed."""


@dataclass(frozen=True)
class Results:
    """What was measured, and on what; see the module's text for the file."""

    path: Path
    machine: str
    results: dict[str, dict[str, Any]]
    charts: dict[str, dict[str, Any]]
    published: dict[str, dict[str, Any]]

    def fill(self, text: str, slide: Slide) -> str:
        """The text with every placeholder replaced.

        Raises:
            DeckError: when a value is missing, or when a number was typed by hand.
        """
        self._refuse_typed_numbers(text, slide)
        self._refuse_spelled_measures(text, slide)
        return PLACEHOLDER.sub(lambda match: self._value(match["name"], slide), text)

    def check(self, slide: Slide) -> None:
        """Raise when the results do not bear out what the slide's ``holds`` attribute demands."""
        for condition in filter(None, slide.attributes.get("holds", "").split(" and ")):
            match = CONDITION.match(condition)
            if not match:
                raise slide.error(
                    f'holds="{condition}" is no condition; write holds="NAME >= 5", or another name'
                )
            value = self._number(match["name"], slide)
            number = self._number(match["other"], slide)
            true = {
                ">=": value >= number,
                "<=": value <= number,
                "==": value == number,
                ">": value > number,
                "<": value < number,
            }[match["sign"]]
            if not true:
                raise slide.error(
                    f"needs {condition.strip()}, but {self.path.name} says {value:g}; "
                    "the slide's message is no longer true"
                )

    def chart(self, name: str, slide: Slide) -> dict[str, Any]:
        """Function and data of a chart."""
        if name not in self.charts:
            raise slide.error(
                f'shows the chart "{name}", which {self.path.name} does not have; run: make bench'
            )
        return self.charts[name]

    def _value(self, name: str, slide: Slide) -> str:
        source, _, rest = name.partition(".")
        if name == "machine":
            parts = self.machine.split(", ")  # a line may end between them, not in them
            return ", ".join(part.replace(" ", "\u00a0") for part in parts)
        if source == "measured":
            return str(self._measured(rest, slide)["text"]).replace(" ", "\u00a0")
        if source == "talk":
            if rest not in self.published:
                raise slide.error(f'quotes "{rest}" from the talk, which published.json does not have')
            return str(self.published[rest]["text"]).replace(" ", "\u00a0")
        if source == "airflow":
            return _airflow_default(rest, slide)
        raise slide.error(
            f"{{{{{name}}}}} is unknown; there are measured.NAME, airflow.SECTION.KEY, talk.NAME and machine"
        )

    def _number(self, words: str, slide: Slide) -> float:
        """A number, or the value of the result of that name."""
        return (
            float(words) if re.fullmatch(r"[\d.]+", words) else float(self._measured(words, slide)["value"])
        )

    def _measured(self, name: str, slide: Slide) -> dict[str, Any]:
        if name not in self.results:
            raise slide.error(
                f'needs the result "{name}", which {self.path.name} does not have; run: make bench'
            )
        return self.results[name]

    def _refuse_typed_numbers(self, text: str, slide: Slide) -> None:
        typed = TYPED_NUMBER.search(NAMES_WITH_NUMBERS.sub("", PLACEHOLDER.sub("", text)))
        if typed:
            raise slide.error(
                f'states the number "{typed[0].rstrip(".,")}" that no result bears out; write {{{{measured.NAME}}}}, '
                "{{airflow.SECTION.KEY}} or {{talk.NAME}}, or spell a number that measures nothing"
            )

    def _refuse_spelled_measures(self, text: str, slide: Slide) -> None:
        spelled = SPELLED_MEASURE.search(text)
        if spelled and "holds" not in slide.attributes:
            raise slide.error(
                f'says "{spelled[0]}" and no result bears it out; write {{{{measured.NAME}}}}, '
                'or holds="NAME >= …" in the heading\'s braces'
            )


def load(path: Path, published: Path) -> Results:
    """Read the results.

    Raises:
        DeckError: when the file is missing or is not what this module's text describes.
    """
    if not path.exists():
        raise DeckError(
            f"{path} is missing: the slides show what was measured on this machine; run: make bench"
        )
    try:
        content = json.loads(path.read_text("utf-8"))
        machine, results = content["machine"]["text"], content["results"]
        for name, result in results.items():
            if not {"value", "text", "how"} <= set(result):
                raise DeckError(f'{path}: the result "{name}" needs "value", "text" and "how"')
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        if isinstance(problem, DeckError):
            raise
        raise DeckError(
            f"{path} is not a results file ({type(problem).__name__}: {problem}); run: make bench"
        ) from None
    talk = json.loads(published.read_text("utf-8"))
    return Results(path, machine, results, content.get("charts", {}), talk)


def _airflow_default(name: str, slide: Slide) -> str:
    section, _, key = name.partition(".")
    try:
        default = _airflow_settings()[section]["options"][key]["default"]
    except KeyError:
        raise slide.error(
            f"quotes Airflow's setting [{section}] {key}, which this Airflow does not have"
        ) from None
    return f"{float(default):,g}" if re.fullmatch(r"[\d.]+", str(default)) else str(default)


@cache
def _airflow_settings() -> dict[str, Any]:
    """Airflow's settings with their defaults, read without importing Airflow."""
    spec = find_spec("airflow")
    assert spec and spec.submodule_search_locations
    folder = Path(spec.submodule_search_locations[0])
    return dict(yaml.safe_load((folder / "config_templates" / "config.yml").read_text("utf-8")))
