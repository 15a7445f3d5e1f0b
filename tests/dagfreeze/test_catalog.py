"""Every DAG file of the catalog is frozen, refused or named as its `# expect:` line says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest

from dagfreeze.build import Build, Options, build
from dagfreeze.sources import Source
from dagfreeze.worker import Workers, workers

CATALOG = Path(__file__).with_name("catalog")
OWNED = Path("/tmp/frozen_owned")
"""What the hostile texts of the catalog would make if they became code."""

pytestmark = [pytest.mark.airflow, pytest.mark.timeout(1800)]


def files() -> list[Path]:
    return sorted(CATALOG.glob("*.py"))


@cache
def expectation(file: Path) -> str:
    text = file.read_text(encoding="utf-8", errors="replace")
    match = re.search(r"^# expect: (.*)$", text, re.MULTILINE)
    assert match, f"{file.name} does not say what is expected"
    return match[1].strip()


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Build]]:
    """Each file frozen by itself, several at a time."""
    OWNED.unlink(missing_ok=True)
    out = tmp_path_factory.mktemp("frozen")

    def one(started: Workers, file: Path) -> tuple[str, Build]:
        options = Options(out / file.stem, CATALOG)
        return file.name, build([Source(file, file.name, None)], options, started, lambda text: None)

    with workers() as started, ThreadPoolExecutor(started.number) as pool:
        yield dict(pool.map(lambda file: one(started, file), files()))


def outcome(build: Build) -> tuple[str, str]:
    """What became of a file, and everything that was said about it."""
    reports = [refusal.reason for refusal in build.refusals]
    reports += [sentence for sentences in build.varying.values() for sentence in sentences]
    reports += [read.what for reads in build.reads.values() for read in reads]
    reports += [path for _, path in build.machine_paths]
    kind = (
        "defect"
        if build.defects
        else "import error"
        if build.errors
        else "refused"
        if build.refusals
        else "frozen"
        if build.dags
        else "no DAGs"
    )
    return kind, "\n".join([*reports, *build.errors.values(), *build.defects.values()])


@pytest.mark.parametrize("file", files(), ids=lambda file: file.stem)
def test_each_file_becomes_what_it_says(file: Path, builds: dict[str, Build]) -> None:
    kind, report = outcome(builds[file.name])
    expected = [part.strip() for part in expectation(file).split(" or ")]
    first, _, words = expected[0].partition(", names:")
    kinds = {part.partition(":")[0].strip() for part in [first, *expected[1:]]}
    assert kind in kinds, report
    if words:
        assert words.strip() in report
    if kind == "refused":
        for part in expected:
            name, _, reason = part.partition(":")
            if name.strip() == "refused":
                assert reason.strip().lower() in report.lower()


def test_a_refusal_names_the_line_that_makes_the_dag_and_what_would_help(builds: dict[str, Build]) -> None:
    refusals = [refusal for build in builds.values() for refusal in build.refusals]
    assert len(refusals) > 30
    without_line = {refusal.dag_id for refusal in refusals if not re.search(r"\.py:\d+$", refusal.place)}
    assert without_line == {"dag_copied"}, "no line has made it"
    assert [refusal for refusal in refusals if not refusal.remedy] == []


def test_groups_are_written_as_their_factory_made_them(builds: dict[str, Build]) -> None:
    (content,) = builds["group_filled_later.py"].files.values()
    assert """
        load = TaskGroup(group_id="load")
        check = TaskGroup(group_id="check")
        TaskGroup(group_id="nobody")
        with load:
            first = EmptyOperator(task_id="first")
            second = EmptyOperator(task_id="second")
        first >> second
""" in content.decode()


def test_annotations_stay_what_they_are_in_the_reader_s_file(builds: dict[str, Build]) -> None:
    """The proof takes a type and its name as a text for the same, but a task does not."""
    (content,) = builds["annotations_evaluated.py"].files.values()
    assert b"from __future__" not in content and b"    number: int\n" in content


def test_classes_that_annotations_name_in_quotes_are_copied(builds: dict[str, Build]) -> None:
    """No code looks them up, but `typing.get_type_hints` does."""
    (content,) = builds["annotations_quoted.py"].files.values()
    assert b"class Item:\n" in content and b"class Price(int):\n" in content


def test_modules_of_packages_are_imported_in_whatever_form_the_file_does(builds: dict[str, Build]) -> None:
    """The proof tells a package by its name, and not by what else is imported of it."""
    (content,) = builds["import_of_submodules_in_every_form.py"].files.values()
    imports = {line for line in content.decode().splitlines() if line.startswith("import ")}
    assert imports == {
        *("import email", "import email.mime", "import email.mime.text"),
        *("import helpers", "import helpers.renamed", "import http", "import http.server", "import os"),
        *("import xml", "import xml.dom.minidom"),
    }


def test_what_a_module_has_stays_there(builds: dict[str, Build]) -> None:
    """A copy of it would be equal, and functions of the module would not change it."""
    (content,) = builds["identity_of_what_a_module_has.py"].files.values()
    assert b'state = limits.STATE\nseen = limits.STATE["seen"]\n' in content


@pytest.mark.parametrize("name", ["function_asks_for_a_template_in_a_helper.py", "template_of_a_notifier.py"])
def test_template_files_are_looked_for_beside_the_source(name: str, builds: dict[str, Build]) -> None:
    """The proof does not render templates that only a running task asks for."""
    (content,) = builds[name].files.values()
    assert content.count(b"template_searchpath=[") == content.count(b"with DAG(")


def test_loggers_of_structlog_keep_their_settings(builds: dict[str, Build]) -> None:
    (content,) = builds["loggers_of_structlog.py"].files.values()
    text = content.decode()
    for setting in ("processors=[without_email", "wrapper_class=", "sort_keys=True, indent=1", 'team="shop"'):
        assert setting in text
    assert "_config" not in text


def test_a_list_of_paths_stays_as_it_is(builds: dict[str, Build]) -> None:
    (content,) = builds["value_with_two_paths.py"].files.values()
    assert b"Path(" not in content


def test_no_text_of_the_catalog_has_become_code(builds: dict[str, Build]) -> None:
    assert builds and not OWNED.exists()


STATEMENTS = (
    ast.Import,
    ast.ImportFrom,
    ast.Assign,
    ast.If,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
)
INSIDE = (
    ast.Assign,
    ast.Expr,
    ast.With,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.Pass,
    ast.ImportFrom,
    ast.Import,
)


def test_only_known_statements_stand_in_a_frozen_file(builds: dict[str, Build]) -> None:
    """A guard and what makes a DAG; what is copied from the reader's file stands in definitions."""
    for result in builds.values():
        for name, content in result.files.items():
            tree = ast.parse(content)
            for statement in tree.body:
                assert isinstance(statement, STATEMENTS) or _is_annotated(statement), (
                    name,
                    ast.dump(statement),
                )
                if isinstance(statement, ast.If):
                    _check_block(name, statement.body)


def _check_block(name: str, body: list[ast.stmt]) -> None:
    for statement in body:
        assert isinstance(statement, INSIDE), (name, ast.unparse(statement))
        if isinstance(statement, ast.With):
            _check_block(name, statement.body)


def _is_annotated(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.AnnAssign)
