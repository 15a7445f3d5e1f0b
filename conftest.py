"""Lets `make test` run several files at once; what shares something stays together, what takes long begins first."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

SLOW = ("airflow", "notebook", "browser")
INDEPENDENT = {"test_lifeline.py", "test_sabotage.py"}
"""Files whose tests share nothing, and each of which would take minutes in one process."""

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A script that starts the suite in the background lets it ignore Ctrl-C, and so would all that the tests interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)


class FileByFile(LoadScopeScheduling):
    """Keeps a file in one process: a notebook's cells share a kernel, and a file's tests often an Airflow."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return nodeid if Path(file).name in INDEPENDENT else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> FileByFile:
    config.option.loadscopereorder = False  # xdist's order is by the number of tests, ours is below
    return FileByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with notebooks, and what else waits for Airflow or a browser, so that none is left alone at the end."""
    items.sort(key=lambda item: (item.path.suffix != ".ipynb", not _is_slow(item)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Count the exercises and questions that passed their tests."""
    passed = [report.nodeid for report in terminalreporter.stats.get("passed", [])]
    tests = {
        "exercises": "test_exercise.py::test_solution_passes",
        "misconceptions": "test_exercise.py::test_misconception",
        "questions": "test_exercise.py::test_question",
    }
    counts = {name: sum(test in nodeid for nodeid in passed) for name, test in tests.items()}
    if any(counts.values()):
        terminalreporter.write_line(", ".join(f"{count} {name}" for name, count in counts.items()))


def _is_slow(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in SLOW)
