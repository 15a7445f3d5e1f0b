"""The surroundings of a kernel that we start: its folders, nothing inherited by accident, one Airflow for all."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbook.locks import is_free
from workbook.stack.place import GRACE_SECONDS, Place
from workbook.waits import wait_until

END_SECONDS = 20


def jupyter_folders(home: Path, *, create: bool = False) -> dict[str, str]:
    """Environment variables that keep all that Jupyter, IPython and matplotlib write below ``home``.

    Args:
        home: a folder of their own; the user's own settings of Jupyter are neither read nor changed.

        create: make the folders; some of these programs warn when theirs does not exist.

    Returns:
        Variables to add to a process's environment.
    """
    folders = {
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"),
        "MPLCONFIGDIR": str(home / "matplotlib"),
    }
    if create:
        for folder in folders.values():
            Path(folder).mkdir(parents=True, exist_ok=True)
    return folders


def kernel_environment(scratch: Path, *, scale: str = "ci") -> dict[str, str]:
    """The whole environment of a kernel that runs a notebook without a learner.

    Args:
        scratch: a folder to throw away, for the run's own Airflow and for what a learner would write down.
        scale: the value of ``WORKBOOK_SCALE``.

    Returns:
        This process's environment with these, without pytest's variables (ipykernel and Airflow behave
        differently when they see them) and without the ban on bytecode (it would make every parse slower).
    """
    dropped = ("PYTEST_", "PYTHONDONTWRITEBYTECODE")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return {
        **inherited,
        "WORKBOOK_SCALE": scale,
        "WORKBOOK_LEARNER": str(scratch / "learner"),
        "WORKBOOK_AIRFLOW": str(scratch / "airflow"),
    }


@contextmanager
def keep_airflow(scratch: Path) -> Iterator[None]:
    """Keep the Airflow that one notebook starts for the next, until the block ends; does not start one itself.

    Args:
        scratch: as for `kernel_environment`; it can be removed after the block, when Airflow has ended.

    Airflow ends when nobody holds its lifeline, so a thread takes hold of every lifeline that appears.
    """
    over = threading.Event()
    place = Place(scratch / "airflow")
    thread = threading.Thread(target=_hold_lifelines, args=(place.lifeline, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        _wait_for_the_end(place)


def _hold_lifelines(path: Path, over: threading.Event) -> None:
    pipes: dict[int, int] = {}  # by inode: each new Airflow has a pipe of its own under the same name
    while not over.wait(GRACE_SECONDS / 10):
        try:
            lifeline = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:  # there is none, or it has no reader
            continue
        if pipes.setdefault(os.fstat(lifeline).st_ino, lifeline) != lifeline:
            os.close(lifeline)
    for lifeline in pipes.values():
        os.close(lifeline)


def _wait_for_the_end(place: Place) -> None:
    """Return when the supervisor has let go of its lock, or after a while."""
    wait_until(lambda: not place.living.exists() or is_free(place.living), END_SECONDS)
