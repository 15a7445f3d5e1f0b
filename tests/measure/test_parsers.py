"""What a parser costs is what it computes, for every text."""

from __future__ import annotations

import time

from workbook.measure.parsers import parser_seconds


def test_every_text_is_parsed_in_each_round_and_computing_counts() -> None:
    parsed: list[str] = []

    def parse(text: str) -> None:
        parsed.append(text)
        end = time.process_time() + 0.02
        while time.process_time() < end:
            pass

    assert parser_seconds(parse, ["a", "b"]) >= 0.04
    assert parsed == ["a", "b"] * 3


def test_waiting_does_not_count() -> None:
    assert parser_seconds(lambda _: time.sleep(0.5), ["a"]) < 0.25
