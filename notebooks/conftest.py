"""Makes a test of every notebook cell: it runs again, and what it puts out must equal what is committed (nbval)."""

from __future__ import annotations

import contextlib
import functools
import os
import tempfile
from pathlib import Path

import nbval.kernel
import pytest

from workbook.stack.kernels import jupyter_folders, keep_airflow, kernel_environment
from workbook.workspace import ROOT

CELL_TIMEOUT_SECONDS = 900  # nbval's own is 2,000, and it notices a dead kernel only then


def pytest_configure(config: pytest.Config) -> None:
    """Set nbval's options here, so that a plain ``pytest`` does the same as ``make test``."""
    config.option.nbval = True
    config.option.nbval_current_env = True
    config.option.nbval_cell_timeout = CELL_TIMEOUT_SECONDS
    config.option.nbval_sanitize_with = str(ROOT / "tests" / "notebooks" / "sanitize.cfg")
    temporary = tempfile.TemporaryDirectory(prefix="workbook-test-")
    config.add_cleanup(temporary.cleanup)
    scratch = config.stash[SCRATCH] = Path(temporary.name)
    os.environ.update(jupyter_folders(scratch, create=True))
    nbval.kernel.start_new_kernel = functools.partial(start_kernel, scratch)


SCRATCH = pytest.StashKey[Path]()
AIRFLOW = pytest.StashKey[contextlib.ExitStack]()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """From the first notebook on, keep the Airflow that one notebook starts for the next."""
    if AIRFLOW not in item.config.stash:
        stack = item.config.stash[AIRFLOW] = contextlib.ExitStack()
        stack.enter_context(keep_airflow(item.config.stash[SCRATCH]))
        item.config.add_cleanup(stack.close)


def start_kernel(scratch: Path, *arguments: object, **options: object) -> object:
    """nbval's own, in an environment without pytest's variables: with them ipykernel loses what children print."""
    return START_NEW_KERNEL(*arguments, env=kernel_environment(scratch), **options)


START_NEW_KERNEL = nbval.kernel.start_new_kernel
