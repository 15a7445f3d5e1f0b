"""Whether this machine has what the lessons need."""

from __future__ import annotations

import platform
import shutil
import sys
from importlib.metadata import version

import pandas as pd
import psutil

from workbook.scale import scale
from workbook.workspace import ROOT


def machine_check(memory_gb: float = 2, disk_gb: float = 1) -> pd.DataFrame:
    """Compare this machine with what the lessons need.

    Args:
        memory_gb: free memory that a complete Airflow and a notebook take.
        disk_gb: free space for what the lessons write.

    Returns:
        A row per need: ``what``, ``here``, ``needed``, ``enough`` (bool).
    """
    memory = psutil.virtual_memory().available / 1024**3
    disk = shutil.disk_usage(ROOT).free / 1024**3
    rows = [
        (
            "Python",
            platform.python_version(),
            "3.11 to 3.13",
            (3, 11) <= sys.version_info[:2] <= (3, 13),
        ),
        ("Airflow", version("apache-airflow"), "3.3", version("apache-airflow").startswith("3.3.")),
        ("free memory", f"{memory:.1f} GB", f"{memory_gb:g} GB", memory >= memory_gb),
        ("free disk", f"{disk:.0f} GB", f"{disk_gb:g} GB", disk >= disk_gb),
        ("scale", scale().name, "ci, laptop or stage", True),
    ]
    return pd.DataFrame(rows, columns=["what", "here", "needed", "enough"])
