"""What it costs to read configurations with one reader or another, such as json and json5."""

from __future__ import annotations

import timeit
from collections.abc import Callable, Sequence
from time import process_time


def reader_seconds(read: Callable[[str], object], texts: Sequence[str]) -> float:
    """CPU seconds to read all the texts once, the best of three rounds; what other programs do does not count."""
    return min(timeit.repeat(lambda: [read(text) for text in texts], timer=process_time, number=1, repeat=3))
