"""The environment of processes that the workbook starts: what a learner's shell and kernel have, less what disturbs."""

from __future__ import annotations

import os
import pwd
import sys
from collections.abc import Mapping
from pathlib import Path

from workbook.workspace import DAGS, ROOT, WORK


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The part of a notebook's environment that Airflow may see, and what it needs to find this workbook's code.

    What a shell tells Python, such as another PYTHONPATH, PYTHONWARNINGS=error or a locale without UTF-8, is kept away.
    """
    # a kernel asks for colours, which nobody sees in a log
    foreign = ("AIRFLOW", "_AIRFLOW", "PYTHON", "PYTEST_", "JPY_", "PYDEVD_", "FORCE_COLOR", "CLICOLOR")
    variables = {key: value for key, value in environment.items() if not key.startswith(foreign)}
    variables.pop("MPLBACKEND", None)  # a kernel's, which only works in a kernel
    variables["PATH"] = os.pathsep.join(
        filter(None, [str(Path(sys.executable).parent), environment.get("PATH")])
    )
    variables["PYTHONPATH"] = os.pathsep.join([str(ROOT / "notebooks"), str(DAGS)])
    variables["PYTHONUTF8"] = "1"
    if not _has_name():  # as in a container with any user id; Airflow asks who it is
        variables.setdefault("USER", f"user{os.getuid()}")
        variables.setdefault("HOME", str(WORK))
    for name in ("NO_PROXY", "no_proxy"):  # tasks talk to the API server, which no proxy reaches
        variables[name] = ",".join(filter(None, ["127.0.0.1,localhost", environment.get(name)]))
    variables["SPT_NOENV"] = "1"  # else Airflow's process titles overwrite the environment and the marker
    return variables


def _has_name() -> bool:
    try:
        return bool(pwd.getpwuid(os.getuid()))
    except KeyError:
        return False
