"""Is loaded by its path."""

TIMES = 2


def shout():
    return "A" * TIMES
