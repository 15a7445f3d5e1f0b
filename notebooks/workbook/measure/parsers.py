"""What it costs to read configurations with one parser or another."""

from __future__ import annotations

import timeit
from collections.abc import Callable, Sequence
from time import process_time


def parser_seconds(parse: Callable[[str], object], texts: Sequence[str]) -> float:
    """CPU seconds to parse all the texts once, the best of three rounds; what else the machine does is not in them."""
    return min(timeit.repeat(lambda: [parse(text) for text in texts], timer=process_time, number=1, repeat=3))
