"""How long nobody asks the job service how its jobs are."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from workbook.progress import progress

if TYPE_CHECKING:
    from workbook.services import JobService


def longest_silence(service: JobService, until: Callable[[], bool], seconds: float = 300) -> float:
    """Watch a service until something is so; return the longest time in which nobody asked it how a job is.

    Raises:
        TimeoutError: when it is not so after ``seconds``.
    """
    begin = time.monotonic()
    polls, since, longest = service.polls, begin, 0.0
    with progress("Watching the service") as line:
        while not until():
            if time.monotonic() > begin + seconds:
                raise TimeoutError(f"what this waits for did not happen in {seconds:g} s")
            if (now := service.polls) != polls:
                polls, since = now, time.monotonic()
            longest = max(longest, time.monotonic() - since)
            line.say(f"{polls} polls")
            time.sleep(0.05)
    return longest
