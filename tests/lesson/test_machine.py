"""Whether this machine has what the workbook needs."""

from __future__ import annotations

import sys

import pytest

from workbook.lesson import machine_check


@pytest.mark.parametrize(
    ("version", "enough"),
    [((3, 9, 1), False), ((3, 11, 0), True), ((3, 13, 9), True), ((3, 14, 0), False)],
)
def test_a_python_is_enough_by_its_numbers_not_by_their_letters(
    version: tuple[int, int, int], enough: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs = machine_check(memory_gb=0, disk_gb=0).set_index("what")
    assert needs.enough.all()
    monkeypatch.setattr(sys, "version_info", version)
    assert machine_check().set_index("what").enough["Python"] == enough
