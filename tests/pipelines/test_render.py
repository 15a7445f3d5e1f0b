"""The text of DAG files: formatted, equal to the blueprint, and never more than data for what a configuration says."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import DAG
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.blueprint import build
from pipelines.config import ConfigError, PipelineConfig, read_catalog
from pipelines.render import dag_block, file_text, literal
from workbook.catalog import configurations

Serialized = Callable[[DAG], dict[str, Any]]
Bag = Callable[[Path], DagBag]

REFUSED = ["\n", "\r\n", "\t", "\0", "\ud800", "\u2028", "\x85", "\x1b[0m"]
FINE = [
    '"',
    "'",
    '"""',
    "'''",
    "\\",
    '\\"',
    "\u202e",
    "\ufeff",
    "\u200b",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "{# #}",
    "{}",
    "%s",
    "$x",
    "`",
    "README.md",
    "__import__('os')",
    "#",
    "é",
    "e\u0301",
    "😀",
    "\U000e0001",
    " ",
]
CLEAN = st.sampled_from(FINE) | st.text(
    st.characters(categories=("L", "M", "N", "P", "S", "Zs", "Cf")), max_size=5
)
ANY = CLEAN | st.sampled_from(REFUSED) | st.text(st.characters(exclude_categories=()), max_size=3)
TEXT = st.one_of(*[st.lists(part, max_size=6).map("".join) for part in (CLEAN, ANY)])
FOLDER_ONCE = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def values(**changes: object) -> dict[str, object]:
    return {**configurations(1)[0].model_dump(), **changes}


FREE = ("name", "description", "source_bucket", "source_pattern", "destination", "notify")


@st.composite
def anything(draw: st.DrawFn) -> dict[str, object]:
    """A configuration in which some fields hold any text."""
    chosen = draw(st.sets(st.sampled_from(FREE), min_size=1))
    changes: dict[str, object] = {field: draw(TEXT) for field in FREE if field in chosen}
    if "destination" in changes:
        changes["destination"] = f"s3://{changes['destination']}"
    if "notify" in changes:
        changes["notify"] = f"{changes['notify']}@a.example"
    return values(
        **changes, steps=draw(st.integers(1, 4)), kind=draw(st.sampled_from(["full", "incremental"]))
    )


@given(TEXT)
@settings(max_examples=400)
def test_a_literal_evaluates_to_its_text(text: str) -> None:
    assert ast.literal_eval(literal(text)) == text
    assert "\n" not in literal(text)
    literal(text).encode()


def test_literals_show_what_they_say() -> None:
    assert literal("Zürich 東京") == '"Zürich 東京"'
    assert literal("a\u202eb\u200bc\ufeff") == '"a\\u202eb\\u200bc\\ufeff"'
    assert literal('say "hi"') == "'say \"hi\"'"


@given(configuration=anything())
@settings(max_examples=150)
def test_any_text_comes_back_equal_in_the_dag_or_is_refused_with_file_and_field(
    configuration: dict[str, object], serialized: Serialized, bag: Bag
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "config.json"
        path.write_text(json.dumps(configuration), encoding="utf-8")
        try:
            config = read_catalog(folder)[0]
        except ConfigError as error:
            refused = {problem.field for problem in error.problems}
            assert refused <= set(FREE)
            assert {problem.place for problem in error.problems} == {str(path)}
            return
        assert config.model_dump() == configuration
        made = folder / "dags.py"
        made.write_text(file_text(made.name, [], [dag_block(config)]), encoding="utf-8")
        dag = bag(made).dags[config.id]
    assert serialized(dag) == serialized(build(config))
    assert (dag.dag_display_name, dag.description) == (config.name, config.description)
    check: Any = dag.get_task("preconditions")
    assert (check.bucket, check.pattern) == (config.source_bucket, config.source_pattern)
    steps: list[Any] = [task for task in dag.tasks if task.task_id.startswith("step_")]
    assert [(step.part, step.parts) for step in steps] == [
        (n, len(steps)) for n in range(1, config.steps + 1)
    ]
    assert {step.destination for step in steps} == {config.destination}
    assert dag.owner == config.notify
    assert {task.template_fields for task in dag.tasks} == {()}


@pytest.mark.parametrize("field", FREE)
@pytest.mark.parametrize(
    "text", ["nul\0", "lone\udc80", "bell\x07", "escape\x1b[31m", "c1\x9b", "separator\u2028"]
)
def test_text_that_nothing_can_show_is_refused_in_every_field(field: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(values(**{field: text})))
    with pytest.raises(ConfigError) as error:
        read_catalog(tmp_path)
    assert [problem.field for problem in error.value.problems] == [field]


@given(found=st.lists(anything(), min_size=20, max_size=40))
@settings(max_examples=3, suppress_health_check=FOLDER_ONCE)
def test_files_are_as_ruff_formats_them_at_any_usual_line_length(
    found: list[dict[str, object]], tmp_path: Path
) -> None:
    blocks = []
    for number, configuration in enumerate(found):
        try:
            config = PipelineConfig.model_validate({**configuration, "id": f"a{number}" * (1 + number // 2)})
        except ValueError:
            continue
        blocks.append(dag_block(config))
    longest = [
        PipelineConfig.model_validate(values(id="x" * 64, steps=50, kind=kind, name="'\"" * 90))
        for kind in ("full", "incremental")
    ]
    made = tmp_path / "dags.py"
    made.write_text(file_text(made.name, ["a.json"], [*blocks, *map(dag_block, longest)]), encoding="utf-8")
    for length in (88, 110, 120, 240):
        ruff = [sys.executable, "-m", "ruff", "format", "--isolated", "--diff", f"--line-length={length}"]
        result = subprocess.run([*ruff, str(made)], capture_output=True, text=True, check=False)
        assert (result.returncode, result.stdout) == (0, "")


def test_the_guard_leaves_the_dag_that_a_task_needs(
    tmp_path: Path, bag: Bag, monkeypatch: pytest.MonkeyPatch
) -> None:
    configs = configurations(5)
    made = tmp_path / "dags.py"
    made.write_text(file_text(made.name, [], map(dag_block, configs)))
    assert set(bag(made).dags) == {config.id for config in configs}
    monkeypatch.setenv("_AIRFLOW_PARSING_CONTEXT_DAG_ID", configs[2].id)
    assert set(bag(made).dags) == {configs[2].id}
