"""What a parse asks a service is counted for that parse alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook.catalog import dag_folder
from workbook.measure import ParsingHome
from workbook.measure.calls import parse_asking, parse_beside
from workbook.services import config_service

pytestmark = pytest.mark.airflow


def test_a_factory_asks_for_each_pipeline_and_waits_for_each_answer(tmp_path: Path) -> None:
    row = parse_asking(tmp_path, 5, latency=0.1)
    assert row["pipelines"] == row["calls"] == row["active DAGs"] == 5
    assert row["concurrent calls"] == 1
    assert row["seconds"] >= 0.5


def test_what_was_asked_before_does_not_count(tmp_path: Path) -> None:
    with config_service(3, latency=0) as service, ParsingHome() as home:
        asking = dag_folder(tmp_path / "asking", "from_service", service_url=service.url)
        reading = dag_folder(tmp_path / "reading", "from_json", 3)
        calls = [parse_beside(service, folder, home)[1] for folder in (asking, asking, reading)]
    assert calls == [3, 3, 0]
