"""Starts JupyterLab on the workbook: ``python -m workbook.tools.lab [options of jupyter lab]``."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from workbook.stack.kernels import jupyter_folders
from workbook.workspace import WORK

SETTINGS = Path(__file__).with_name("jupyterlab")


def run(arguments: Sequence[str], home: Path = WORK / "jupyter") -> NoReturn:
    """Run JupyterLab in this process until it is stopped, then end the process.

    Args:
        arguments: options of ``jupyter lab``, such as ``--no-browser``; they win over the workbook's settings.
        home: where Jupyter keeps what it writes.
    """
    os.environ.update(jupyter_folders(home, create=True))
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # or Airflow compiles every DAG file at every parse
    from jupyterlab.labapp import LabApp  # reads the folders when it is imported

    status: object = 0
    try:
        LabApp.launch_instance([f"--config={SETTINGS / 'jupyter_lab_config.py'}", *arguments])
    except SystemExit as end:
        status = end.code
    sys.stdout.flush()
    sys.stderr.flush()
    # a request that was under way leaves worker threads of anyio behind, for which Python would wait for ever
    os._exit(status if isinstance(status, int) else int(status is not None))


if __name__ == "__main__":
    run(sys.argv[1:])
