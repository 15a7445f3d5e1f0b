"""A notebook shows a definition from a file of this repository."""

from __future__ import annotations

import pytest

from workbook.lesson import show


def test_shows_one_definition_of_a_file() -> None:
    shown = str(show("dags/pipelines/remote/jobs.py", name="JobFailed").data)
    assert shown.startswith(
        "`JobFailed` in `dags/pipelines/remote/jobs.py`\n\n```python\nclass JobFailed(RemoteJobError):\n"
    )
    assert shown.count("class ") == 1


def test_says_when_there_is_no_such_definition() -> None:
    with pytest.raises(ValueError, match=r"dags/pipelines/remote/jobs\.py defines no Nothing"):
        show("dags/pipelines/remote/jobs.py", name="Nothing")
