"""Waiting for what somebody else does: a process, a service, Airflow."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import nullcontext

from workbook.progress import progress

PAUSE_SECONDS = 0.1


def wait_until(
    condition: Callable[[], object], seconds: float = 300, pause: float = PAUSE_SECONDS, saying: str = ""
) -> bool:
    """Wait until something is so.

    Args:
        condition: what is waited for; it is asked at least once.
        seconds: after which to give up. They only end what hangs.
        pause: seconds between two looks.
        saying: shown meanwhile, as by `progress`; nothing where somebody else shows what goes on.

    Returns:
        Whether it is so.
    """
    deadline = time.monotonic() + seconds
    with progress(saying) if saying else nullcontext():
        while not condition():
            if time.monotonic() > deadline:
                return False
            time.sleep(pause)
    return True
