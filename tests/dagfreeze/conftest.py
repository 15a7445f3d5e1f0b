"""Keeps Python from caching compiled DAG files, which tests write twice within one second and with one size."""

import sys

import pytest


@pytest.fixture(autouse=True)
def _no_compiled_files(monkeypatch: pytest.MonkeyPatch) -> None:
    # Python takes a compiled file for current when the source has the second and the size that it had then.
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
