"""Starts JupyterLab on the learner's copy: ``python -m workbook.tools.lab [options of jupyter lab]``."""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from workbook.stack.kernels import jupyter_folders
from workbook.tools import desk
from workbook.workspace import WORK

ADDRESS = re.compile(r"http://127\.0\.0\.1:\S+")
VERBOSE = "--verbose"
QUIET = ("--Application.log_level=ERROR", "--ServerApp.log_level=ERROR", "--LabApp.log_level=ERROR")
SETTINGS = Path(__file__).with_name("jupyterlab")


def run(arguments: Sequence[str], folder: Path = desk.DESK, home: Path = WORK / "jupyter") -> NoReturn:
    """Run JupyterLab in this process until it is stopped, then end the process.

    Args:
        arguments: options of ``jupyter lab``, such as ``--no-browser``; they win over the workbook's settings. And
            ``--verbose``, without which JupyterLab prints its address and errors only.
        folder: what JupyterLab shows; its file browser begins at ``notebooks`` in it.
        home: where Jupyter keeps what it writes.
    """
    os.environ.update(jupyter_folders(home, create=True))
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # or Airflow compiles every DAG file at every parse
    from jupyterlab.labapp import LabApp  # reads the folders when it is imported

    options = [f"--config={SETTINGS / 'jupyter_lab_config.py'}", f"--ServerApp.root_dir={folder}"]
    options.append(f"--FileContentsManager.preferred_dir={folder / 'notebooks'}")
    if VERBOSE not in arguments:
        logging.getLogger("ServerApp").addFilter(_say_where)
        _silence_kernels(home / "ipython" / "profile_default")
        options += QUIET
    options += [argument for argument in arguments if argument != VERBOSE]
    status: object = 0
    try:
        LabApp.launch_instance(options)
    except SystemExit as end:
        status = end.code
    sys.stdout.flush()
    sys.stderr.flush()
    # a request that was under way leaves worker threads of anyio behind, for which Python would wait for ever
    os._exit(status if isinstance(status, int) else int(status is not None))


def _silence_kernels(profile: Path) -> None:
    """Each kernel warns that what it sends on this machine is not encrypted."""
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "ipython_kernel_config.py").write_text('get_config().IPKernelApp.log_level = "ERROR"\n')


def _say_where(record: logging.LogRecord) -> bool:
    """Print the address when JupyterLab logs it, and let nothing through but errors, such as that no port is free."""
    message = record.getMessage()
    address = ADDRESS.search(message) if "To access the server" in message else None
    if address:
        print(f"JupyterLab: {address[0]}  (Ctrl-C stops it)", flush=True)
    return record.levelno >= logging.ERROR and not address and "received signal" not in message


def lay_out() -> None:
    """Lay out the learner's copy, and say what is new in it."""
    for update in desk.lay_out():
        answers = f"; your {update.answers} cells are still there" if update.answers else ""
        print(f"{update.name}: {update.new} cells are new{answers}", flush=True)


if __name__ == "__main__":
    lay_out()
    run(sys.argv[1:])
