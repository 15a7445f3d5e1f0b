"""What the tests of the pipelines share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import DAG
from airflow.serialization.serialized_objects import DagSerialization
from hypothesis import HealthCheck, settings

Serialized = Callable[[DAG], dict[str, Any]]
Bag = Callable[[Path], DagBag]

# hypothesis fails what takes longer than 200 ms, and on a shared machine anything may
settings.register_profile("no clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no clock")


@pytest.fixture(scope="session")
def serialized() -> Serialized:
    """A DAG as Airflow stores it, without the place of its file."""

    def serialize(dag: DAG) -> dict[str, Any]:
        data = DagSerialization.to_dict(dag)["dag"]
        return {key: value for key, value in data.items() if "fileloc" not in key}

    return serialize


@pytest.fixture(scope="session")
def bag() -> Bag:
    """Import a file or a folder as Airflow does; there must be no error."""

    def import_all(folder: Path) -> DagBag:
        dags = DagBag(folder, safe_mode=False)
        assert dags.import_errors == {}
        return dags

    return import_all
