"""Workbooks and kernels that do not outlive their test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.clones import Kernel, Workbook

from workbook.stack.place import sweep


@pytest.fixture
def new_workbook(tmp_path: Path) -> Iterator[Callable[[str], Workbook]]:
    """Makes workbooks; nothing of theirs outlives the test."""
    workbooks: list[Workbook] = []

    def make(name: str) -> Workbook:
        workbooks.append(Workbook(tmp_path / name))
        return workbooks[-1]

    yield make
    for workbook in workbooks:
        sweep(workbook.airflow)


@pytest.fixture
def workbook(new_workbook: Callable[[str], Workbook]) -> Workbook:
    # longer than a Unix socket's address may be, with what shells and addresses stumble over
    return new_workbook("a workbook, " + "deep & 100% long " * 6)


@pytest.fixture
def new_kernel() -> Iterator[Callable[[Workbook], Kernel]]:
    """Starts kernels; none outlives the test."""
    started: list[Kernel] = []

    def start(workbook: Workbook) -> Kernel:
        started.append(Kernel(workbook))
        return started[-1]

    yield start
    for kernel in started:
        kernel.close()
