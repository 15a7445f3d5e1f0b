"""A layout is what dagfreeze would write."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook.catalog import configurations, dag_folder
from workbook.lesson import run
from workbook.measure.layouts import lay_out, places


@pytest.mark.parametrize("limit", [1, 4])
def test_a_layout_is_what_dagfreeze_writes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], limit: int
) -> None:
    pipelines = configurations(12)
    lay_out(tmp_path, pipelines, limit)
    dag_folder(tmp_path / "source", "from_json", pipelines)
    command = "python -m dagfreeze source/dynamic/from_json.py --out frozen --dags-per-file"
    assert run(f"{command} {limit}", tmp_path).status == 0
    frozen_files, layout_files = (
        {file.name: file.read_text() for file in (tmp_path / folder).glob("*.py")}
        for folder in ("frozen", "dags")
    )
    assert layout_files == frozen_files
    assert places(tmp_path / "dags").keys() == {config.id for config in pipelines}


def test_a_layout_without_limit_is_one_file(tmp_path: Path) -> None:
    lay_out(tmp_path, configurations(12), 12)
    assert set(places(tmp_path / "dags").values()) == {"from_json.py"}


def test_laying_out_again_replaces_the_pipelines(tmp_path: Path) -> None:
    pipelines = configurations(6)
    assert len(lay_out(tmp_path, pipelines, 1).write) == 6
    changes = lay_out(tmp_path, pipelines[:2], 1)
    assert (len(changes.write), len(changes.unchanged), len(changes.remove)) == (0, 2, 4)
    assert len(list((tmp_path / "dags").glob("*.py"))) == 2
