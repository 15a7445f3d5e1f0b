"""The Makefile says what it can do."""

from __future__ import annotations

import re
import subprocess

from workbook.workspace import ROOT


def test_help_lists_every_target() -> None:
    output = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = re.findall("^\\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[0].split()
    assert len(targets) > 10
    assert [target for target in targets if f"make {target} " not in output] == []
