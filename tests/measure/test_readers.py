"""What a reader costs is what it computes, for every text."""

from __future__ import annotations

import time

from workbook.measure.readers import reader_seconds


def test_every_text_is_read_in_each_round_and_computing_counts() -> None:
    texts: list[str] = []

    def read(text: str) -> None:
        texts.append(text)
        end = time.process_time() + 0.02
        while time.process_time() < end:
            pass

    assert reader_seconds(read, ["a", "b"]) >= 0.04
    assert texts == ["a", "b"] * 3


def test_waiting_does_not_count() -> None:
    assert reader_seconds(lambda _: time.sleep(0.5), ["a"]) < 0.25
