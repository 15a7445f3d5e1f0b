"""The catalog: believable, unique, the same to the byte, and committed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from pipelines.config import read_catalog
from workbook.catalog import COMMITTED, FACTORIES, configurations, dag_folder, write_catalog
from workbook.workspace import DAGS


def test_the_committed_catalog_is_the_first_pipelines_of_the_seed(tmp_path: Path) -> None:
    write_catalog(tmp_path, configurations(COMMITTED))
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    committed = {path.name: path.read_bytes() for path in (DAGS / "catalog").glob("*.json*")}
    assert committed == files


def test_fewer_pipelines_are_the_first_of_more() -> None:
    assert configurations(1_000)[:30] == configurations(30)
    assert configurations(30, seed=1) != configurations(30)


def test_the_bytes_depend_on_the_seed_alone() -> None:
    text = "".join(config.model_dump_json() for config in configurations(500)).encode()
    assert hashlib.sha256(text).hexdigest()[:16] == "30c703ebf5dae961"


def test_ids_are_unique_even_without_regard_to_case() -> None:
    assert len({config.id.casefold() for config in configurations(100_000)}) == 100_000


def test_kinds_are_mixed_and_steps_are_about_four() -> None:
    configs = configurations(2_000)
    assert 900 < sum(config.kind == "full" for config in configs) < 1_100
    assert 3.8 < sum(config.steps for config in configs) / 2_000 < 4.3


@pytest.mark.parametrize("suffix", [".json", ".json5"])
def test_a_written_catalog_reads_back_equal(suffix: str, tmp_path: Path) -> None:
    configs = configurations(20)
    write_catalog(tmp_path, configs, suffix)  # type: ignore[arg-type]
    assert read_catalog(tmp_path) == sorted(configs, key=lambda config: config.id)


@pytest.mark.parametrize("factory", FACTORIES)
def test_a_dag_folder_is_laid_out_anew_each_time(factory: str, tmp_path: Path) -> None:
    address = "http://127.0.0.1:1"
    dag_folder(tmp_path / "dags", factory, 5, address)
    folder = dag_folder(tmp_path / "dags", factory, 3, address)
    asks = factory in ("from_service", "parsing_context")
    assert len(list(folder.glob("dynamic/*.py"))) == (3 if factory == "file_per_dag" else 1)
    assert len(list(folder.glob("catalog/*"))) == (0 if asks else 3)


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years")
    with pytest.raises(FileExistsError, match=r"thesis\.txt"):
        dag_folder(tmp_path, "from_json", 3)
    assert (tmp_path / "thesis.txt").exists()


def test_factories_are_checked_by_name_and_address(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="from_yaml"):
        dag_folder(tmp_path, "from_yaml", 3)
    with pytest.raises(ValueError, match="service_url"):
        dag_folder(tmp_path, "from_service", 3)
