"""What this machine is, written next to every benchmark."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version

import psutil


def describe() -> dict[str, str]:
    """The machine in a few words: system, processor cores, memory, versions."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": str(os.cpu_count()),
        "memory": f"{psutil.virtual_memory().total / 1024**3:.0f} GB",
        "Python": platform.python_version(),
        "Airflow": version("apache-airflow"),
    }
