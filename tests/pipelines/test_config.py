"""The configuration: what is accepted, and what the errors say."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.config import ConfigError, PipelineConfig, parse_config, read_catalog

GOOD: dict[str, object] = {
    "id": "acme_orders",
    "name": "ACME: orders",
    "description": "Orders that ACME delivers.\nEvery night.",
    "source_bucket": "acme-eu",
    "source_pattern": "orders/*.csv",
    "destination": "s3://warehouse/acme/orders",
    "notify": "team@company.example",
    "steps": 4,
    "kind": "full",
}

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file of a catalog, JSON unless it is a string."""

    def write_file(name: str, content: object) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            content if isinstance(content, str) else json.dumps(content, indent=2), encoding="utf-8"
        )
        return path

    return write_file


def problems(folder: Path) -> str:
    """The message of the error that reading a catalog raises, with addresses relative to it."""
    with pytest.raises(ConfigError) as error:
        read_catalog(folder)
    return str(error.value).replace(f"{folder}/", "")


def test_a_good_configuration_comes_back_as_it_was_written(write: Write, tmp_path: Path) -> None:
    write("acme_orders.json", GOOD)
    assert [config.model_dump() for config in read_catalog(tmp_path)] == [GOOD]


def test_all_problems_of_all_files_are_told_at_once_with_line_and_remedy(
    write: Write, tmp_path: Path
) -> None:
    bad = {key: value for key, value in GOOD.items() if key != "destination"}
    write("acme.json", {**bad, "steps": "three", "colour": "red", "sorce_bucket": "x"})
    write("bravo.json", {**GOOD, "kind": "half"})
    assert problems(tmp_path).splitlines() == [
        "acme.json: 4 problems",
        "  destination: missing; need an address such as s3://bucket/prefix, at most 400 characters without spaces",
        '  line 8, steps: found "three", need a whole number from 1 to 50',
        "  line 10, colour: no field of a pipeline; the fields are id, name, description, source_bucket, "
        "source_pattern, destination, notify, steps, kind",
        "  line 11, sorce_bucket: no field of a pipeline; did you mean source_bucket?",
        "bravo.json: 1 problem",
        '  line 10, kind: found "half", need "full" (steps in parallel) or "incremental" (steps in series)',
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", ""),
        ("id", "a b"),
        ("id", "../escape"),
        ("id", "zürich"),
        ("id", "a\n"),
        ("id", "-rf"),
        ("id", "a" * 65),
        ("id", 7),
        ("name", " "),
        ("name", "two\nlines"),
        ("name", "nul\0"),
        ("name", "\ud800"),
        ("description", "bell\a"),
        ("description", "carriage\rreturn"),
        ("source_bucket", "\u2028"),
        ("source_pattern", "\x9b"),
        ("destination", "no address"),
        ("destination", "s3://"),
        ("destination", "s3://a\nb"),
        ("notify", "nobody"),
        ("notify", "a,b@c.example"),
        ("notify", "x@y.example\n"),
        ("steps", 0),
        ("steps", 51),
        ("steps", "3"),
        ("steps", True),
        ("steps", 2.5),
        ("steps", float("nan")),
        ("kind", "FULL"),
        ("kind", None),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_its_field(
    field: str, value: object, write: Write, tmp_path: Path
) -> None:
    write("acme.json", {**GOOD, field: value})
    message = problems(tmp_path)
    assert message.startswith("acme.json: 1 problem\n  line ")
    assert f", {field}: found {json.dumps(value)}"[:80] in message


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "line 1: not JSON"),
        ('{\n"id": }', "line 2: not JSON"),
        ("[1]", "line 1: need an object"),
        ('{"id": "a", "id": "b"}', 'the field "id" is given twice'),
        ("[" * 100_000, "not JSON that can be read"),
        ('{"steps": ' + "9" * 5_000 + "}", "not JSON that can be read"),
    ],
)
def test_a_text_that_is_no_configuration_is_refused(
    text: str, says: str, write: Write, tmp_path: Path
) -> None:
    write("acme.json", text)
    assert says in problems(tmp_path)


def test_bytes_that_are_not_utf8_are_refused(tmp_path: Path) -> None:
    (tmp_path / "acme.json").write_bytes(b'{"id": "\xff"}')
    assert "not UTF-8 at byte 8" in problems(tmp_path)


def test_json5_is_read_and_its_errors_have_lines(write: Write, tmp_path: Path) -> None:
    lines = [f"  {field}: {json.dumps(value)}," for field, value in GOOD.items()]
    write("acme.json5", "\n".join(["// a comment: with a colon", "{ /* {", "*/", *lines, "}"]))
    assert read_catalog(tmp_path)[0].model_dump() == GOOD
    lines[7] = "  steps: 'many',"
    write("acme.json5", "\n".join(["// a comment: with a colon", "{ /* {", "*/", *lines, "}"]))
    assert 'line 11, steps: found "many"' in problems(tmp_path)
    write("acme.json5", "{\n  id: 'a',\n  id: 'b',\n}")
    assert 'the field "id" is given twice' in problems(tmp_path)
    write("acme.json5", "{\n  id: 'a',\n  name: ,\n}")
    assert "line 3: not JSON5" in problems(tmp_path)


def test_values_are_inherited_down_the_folders_and_the_nearer_wins(write: Write, tmp_path: Path) -> None:
    write("defaults.json", {"notify": "top@company.example", "kind": "full", "steps": 1})
    write("emea/defaults.json5", "{ steps: 2, notify: 'emea@company.example' }")
    own = {key: value for key, value in GOOD.items() if key not in ("notify", "kind", "steps")}
    write("a.json", {**own, "id": "a"})
    write("emea/b.json", {**own, "id": "b", "steps": 3})
    write("emea/north/c.json", {**own, "id": "c"})
    found = [(config.id, config.notify, config.steps) for config in read_catalog(tmp_path)]
    assert found == [
        ("a", "top@company.example", 1),
        ("b", "emea@company.example", 3),
        ("c", "emea@company.example", 2),
    ]


def test_a_bad_default_is_told_once_where_it_stands(write: Write, tmp_path: Path) -> None:
    write("defaults.json", '{\n  "id": "x",\n  "steps": 0,\n  "colour": 1\n}')
    own = {key: value for key, value in GOOD.items() if key != "steps"}
    write("a.json", {**own, "id": "a"})
    write("b.json", {**own, "id": "b"})
    assert problems(tmp_path).splitlines() == [
        "defaults.json: 3 problems",
        "  line 2, id: cannot be a default; every pipeline has its own",
        "  line 3, steps: found 0, need a whole number from 1 to 50",
        "  line 4, colour: no field of a pipeline; the fields are id, name, description, source_bucket, "
        "source_pattern, destination, notify, steps, kind",
    ]


def test_equal_ids_are_refused_with_both_places(write: Write, tmp_path: Path) -> None:
    first = write("a.json", GOOD)
    write("b/c.json", GOOD)
    assert f'b/c.json: 1 problem\n  id: found "acme_orders", but the same id is in {first.name}' in problems(
        tmp_path
    )


def test_ids_that_differ_by_case_are_refused_with_both_places(write: Write, tmp_path: Path) -> None:
    write("a.json", GOOD)
    write("b.json", {**GOOD, "id": "ACME_orders"})
    assert (
        'found "ACME_orders", but the id "acme_orders", which differs by case only, is in a.json'
        in problems(tmp_path)
    )


def test_equal_file_names_are_refused_with_both_places(write: Write, tmp_path: Path) -> None:
    write("a.json", GOOD)
    write("b/A.json5", json.dumps({**GOOD, "id": "other"}))
    assert "b/A.json5: 1 problem\n  has the same name as a.json" in problems(tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "no such folder" in problems(tmp_path / "missing")


def test_schema_reference_for_editors_is_allowed(write: Write, tmp_path: Path) -> None:
    write("acme.json", {"$schema": "./schema.json", **GOOD})
    assert read_catalog(tmp_path)[0].id == "acme_orders"


def test_a_folder_with_the_name_of_a_file_is_refused(write: Write, tmp_path: Path) -> None:
    write("acme.json/a.json", GOOD)
    assert problems(tmp_path) == "acme.json: 1 problem\n  cannot be read: Is a directory"


def test_a_configuration_cannot_be_changed() -> None:
    config = PipelineConfig.model_validate(GOOD)
    with pytest.raises(ValueError, match="frozen"):
        config.steps = 5


def test_a_text_from_elsewhere_names_its_place() -> None:
    with pytest.raises(ConfigError, match=r"http://service/pipelines/x: 9 problems"):
        parse_config(b"{}", "http://service/pipelines/x")
