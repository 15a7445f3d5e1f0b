"""The blueprint and the five factories: the same DAGs, and each factory's own cost counted."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import DAG

from pipelines.blueprint import build, code_span
from pipelines.config import PipelineConfig
from workbook.catalog import configurations, dag_folder
from workbook.workspace import DAGS

Serialized = Callable[[DAG], dict[str, Any]]
Bag = Callable[[Path], DagBag]


class Service(BaseHTTPRequestHandler):
    """The smallest configuration service: five pipelines, and a list of what it was asked."""

    configs: ClassVar = {config.id: config for config in configurations(5)}
    paths: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        """Answer with the list of ids, one configuration, or 404."""
        self.paths.append(self.path)
        name = self.path.removeprefix("/pipelines").strip("/")
        exists = not name or name in self.configs
        self.send_response(200 if exists else 404)
        self.end_headers()
        body = self.configs[name].model_dump() if name in self.configs else {"ids": list(self.configs)}
        self.wfile.write(json.dumps(body if exists else {}).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[str]:
    Service.paths.clear()
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
    assert len(Service.paths) == 1 + 5


def test_the_parsing_context_leaves_one_dag_and_one_call(
    service: str, tmp_path: Path, bag: Bag, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = dag_folder(tmp_path / "dags", "parsing_context", 5, service)
    one = configurations(5)[3].id
    monkeypatch.setenv("_AIRFLOW_PARSING_CONTEXT_DAG_ID", one)
    assert list(bag(folder).dags) == [one]
    assert Service.paths == [f"/pipelines/{one}"]


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
    config = configurations(1)[0].model_copy(update={"destination": "s3://x/README.md", "notify": "a@b.md"})
    assert build(config).doc_md == (
        f"Loads `{config.source_bucket}/{config.source_pattern}` into `s3://x/README.md`; ask `a@b.md`."
    )


@pytest.mark.parametrize(
    ("text", "span"), [("a", "`a`"), ("a`b", "`` a`b ``"), ("`", "`` ` ``"), ("``<b>", "``` ``<b> ```")]
)
def test_markdown_in_a_value_is_shown_and_not_obeyed(text: str, span: str) -> None:
    assert code_span(text) == span


@pytest.mark.parametrize(
    "text",
    ['"', "'''", "\\", "{{ conn.aws }}", "{% raw %}", "a`b", "\u202e\u200b.", "README.md", "😀", "e\u0301"],
)
def test_text_of_a_configuration_is_the_same_in_the_dag(text: str, serialized: Serialized) -> None:
    texts = dict.fromkeys(("name", "description", "source_bucket", "source_pattern"), text)
    values = {**configurations(1)[0].model_dump(), **texts, "destination": f"s3://{text}".replace(" ", "")}
    config = PipelineConfig.model_validate(values)
    dag = build(config)
    assert (dag.dag_display_name, dag.description, dag.owner) == (text, text, config.notify)
    assert vars(dag.get_task("preconditions")).items() >= {"bucket": text, "pattern": text}.items()
    assert vars(dag.get_task("step_1"))["destination"] == config.destination
    json.dumps(serialized(dag)).encode()


def test_copied_folders_work_beside_nothing_but_pydantic_and_the_providers(tmp_path: Path) -> None:
    """dags/pipelines and a factory in a DAG folder; whatever else this project installs is out of reach."""
    for name in ("pipelines", "catalog"):
        shutil.copytree(DAGS / name, tmp_path / name)
    (tmp_path / "dynamic").mkdir()
    shutil.copyfile(DAGS / "dynamic" / "from_json.py", tmp_path / "dynamic" / "from_json.py")
    code = f"""
import sys
REFUSED = {{"workbook", "dagfreeze", "json5", "pyjson5", "faker", "pandas", "matplotlib", "starlette", "uvicorn"}}
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in REFUSED:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Nothing())
ours = ({str(DAGS)!r}, {str(DAGS.parent / "notebooks")!r})
sys.path[:] = [{str(tmp_path)!r}] + [path for path in sys.path if path not in ours]
from airflow.dag_processing.dagbag import DagBag
bag = DagBag({str(tmp_path / "dynamic")!r}, safe_mode=False)
import pipelines
assert pipelines.__file__.startswith({str(tmp_path)!r}), pipelines.__file__
assert not bag.import_errors, bag.import_errors
print(len(bag.dags))
"""
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.split()[-1] == "24"
