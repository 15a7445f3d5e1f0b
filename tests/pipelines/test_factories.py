"""The blueprint and the five factories: the same DAGs, and each factory's own cost counted."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import DAG

from pipelines.blueprint import build
from pipelines.config import ConfigError, PipelineConfig, fetch_config, fetch_ids
from pipelines.documentation import code_span, documentation
from workbook.catalog import configurations, dag_folder

Serialized = Callable[[DAG], dict[str, Any]]
Bag = Callable[[Path], DagBag]


class Service(BaseHTTPRequestHandler):
    """The smallest configuration service: five pipelines, and a list of what it was asked."""

    configs: ClassVar = {config.id: config for config in configurations(5)}
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        """Answer with the list of ids, one configuration, or 404."""
        self.asked.append(self.path)
        name = self.path.removeprefix("/pipelines").strip("/")
        known = not name or name in self.configs
        self.send_response(200 if known else 404)
        self.end_headers()
        body = self.configs[name].model_dump() if name in self.configs else {"ids": list(self.configs)}
        self.wfile.write(json.dumps(body if known else {}).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[str]:
    Service.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def expected(serialized: Serialized) -> dict[str, Any]:
    return {config.id: serialized(build(config)) for config in configurations(5)}


@pytest.mark.parametrize("factory", ["from_json", "from_json5", "file_per_dag"])
def test_factories_that_read_files_define_the_blueprints_dags(
    factory: str, tmp_path: Path, bag: Bag, serialized: Serialized, expected: dict[str, Any]
) -> None:
    dags = bag(dag_folder(tmp_path / "dags", factory, 5))
    assert {dag_id: serialized(dag) for dag_id, dag in dags.dags.items()} == expected


@pytest.mark.parametrize("factory", ["from_service", "parsing_context"])
def test_factories_that_ask_the_service_call_once_per_pipeline_and_parse(
    factory: str, service: str, tmp_path: Path, bag: Bag, serialized: Serialized, expected: dict[str, Any]
) -> None:
    dags = bag(dag_folder(tmp_path / "dags", factory, 5, service))
    assert {dag_id: serialized(dag) for dag_id, dag in dags.dags.items()} == expected
    assert len(Service.asked) == 1 + 5


def test_the_parsing_context_leaves_one_dag_and_one_call(
    service: str, tmp_path: Path, bag: Bag, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = dag_folder(tmp_path / "dags", "parsing_context", 5, service)
    one = configurations(5)[3].id
    monkeypatch.setenv("_AIRFLOW_PARSING_CONTEXT_DAG_ID", one)
    assert list(bag(folder).dags) == [one]
    assert Service.asked == [f"/pipelines/{one}"]


def test_a_file_per_dag_defines_that_dag_only(tmp_path: Path, bag: Bag) -> None:
    folder = dag_folder(tmp_path / "dags", "file_per_dag", 3)
    one = configurations(3)[1].id
    assert list(bag(folder / "dynamic" / f"{one}.py").dags) == [one]


def test_full_runs_steps_in_parallel_and_incremental_in_series() -> None:
    config = configurations(1)[0].model_copy(update={"steps": 3})
    full = build(config.model_copy(update={"kind": "full"}))
    series = build(config.model_copy(update={"kind": "incremental"}))
    steps = {"step_1", "step_2", "step_3"}
    assert full.get_task("preconditions").downstream_task_ids == steps
    assert full.get_task("end").upstream_task_ids == steps
    assert series.get_task("preconditions").downstream_task_ids == {"step_1"}
    assert series.get_task("step_2").downstream_task_ids == {"step_3"}
    assert series.get_task("end").upstream_task_ids == {"step_3"}
    assert full.get_task("start").downstream_task_ids == {"preconditions"}


def test_no_field_of_a_task_is_a_template() -> None:
    dag = build(configurations(1)[0].model_copy(update={"source_bucket": "{{ conn.aws.password }}"}))
    assert {task.template_fields for task in dag.tasks} == {()}


def test_documentation_is_never_the_name_of_a_file() -> None:
    secret = PipelineConfig.model_validate(
        {**configurations(1)[0].model_dump(), "destination": "s3://x/README.md"}
    )
    assert not documentation(secret).endswith(".md")
    assert build(secret).doc_md == documentation(secret)


@pytest.mark.parametrize(
    ("text", "span"), [("a", "`a`"), ("a`b", "`` a`b ``"), ("`", "`` ` ``"), ("``<b>", "``` ``<b> ```")]
)
def test_markdown_in_a_value_is_shown_and_not_obeyed(text: str, span: str) -> None:
    assert code_span(text) == span


def test_a_service_that_answers_nonsense_is_named(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    config = configurations(5)[0]
    with pytest.raises(OSError, match="404"):
        fetch_config(service, "unknown")
    monkeypatch.setattr(Service, "configs", {"a": config, "../b": config})
    with pytest.raises(ConfigError, match=f'found "{config.id}", asked for a'):
        fetch_config(service, "a")
    with pytest.raises(ConfigError, match=r"found \"\.\./b\""):
        fetch_ids(service)
