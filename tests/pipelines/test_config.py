"""The configuration: what is accepted, and what the errors say."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

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

TEXTS = ("name", "description", "source_bucket", "source_pattern", "destination", "notify")
REFUSED = ["\0", "\udc80", "\x07", "\x1b[31m", "\x9b", "\u2028", "\r"]

Write = Callable[..., Path]


@st.composite
def configurations(draw: st.DrawFn) -> dict[str, object]:
    """A configuration in which some fields hold any text."""
    words = st.sampled_from(['"', "\\", "\n", "\u202e", "\u200b", "{{ 7 * 7 }}", "`", " ", *REFUSED])
    text = st.lists(words | st.text(st.characters(exclude_categories=()), max_size=4), max_size=5).map(
        "".join
    )
    fields = draw(st.sets(st.sampled_from(TEXTS), min_size=1))
    values = {field: draw(text) for field in sorted(fields)}
    if "destination" in values:
        values["destination"] = f"s3://{values['destination']}"
    return {**GOOD, **values}


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


def test_all_problems_of_all_files_are_told_at_once_with_field_and_remedy(
    write: Write, tmp_path: Path
) -> None:
    bad = {key: value for key, value in GOOD.items() if key != "destination"}
    write("acme.json", {**bad, "steps": "three", "colour": "red", "sorce_bucket": "x"})
    write("bravo.json", {**GOOD, "kind": "half"})
    assert problems(tmp_path).splitlines() == [
        "acme.json: 4 problems",
        "  destination: missing; need an address such as s3://bucket/prefix, at most 400 characters without spaces",
        '  steps: found "three", need a whole number from 1 to 50',
        "  colour: not a field of a pipeline; the fields are id, name, description, source_bucket, source_pattern, "
        "destination, notify, steps, kind",
        "  sorce_bucket: not a field of a pipeline; did you mean source_bucket?",
        "bravo.json: 1 problem",
        '  kind: found "half", need "full" (steps in parallel) or "incremental" (steps in series)',
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
        ("name", "\u200b"),
        ("name", "\ufeff\u2060 \u00ad\u00a0\u200d\U000e0020\ufe0f"),
        ("name", "\u3164\u115f\uffa0\u2800\u034f"),
        ("name", "two\nlines"),
        ("name", "nul\0"),
        ("name", "\ud800"),
        ("description", "bell\a"),
        ("description", "carriage\rreturn"),
        ("source_bucket", "\u2028"),
        ("source_bucket", "\u200b"),
        ("source_pattern", "\x9b"),
        ("source_pattern", "\u202e\u202c"),
        ("destination", "no address"),
        ("destination", "s3://"),
        ("destination", "s3://\u200b\u200b"),
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
    assert message.startswith(f"acme.json: 1 problem\n  {field}: found {json.dumps(value)}"[:90])
    assert f", need {PipelineConfig.model_fields[field].description}" in message


@pytest.mark.parametrize(
    "name", ["a\u200bb", "\u200b.", "Zürich", "東京", "👩\u200d🌾", "می\u200cخواهم", "e\u0301", "§"]
)
def test_a_name_that_shows_something_may_hold_what_is_invisible(
    name: str, write: Write, tmp_path: Path
) -> None:
    write("acme.json", {**GOOD, "name": name, "source_bucket": name, "destination": f"s3://{name}"})
    assert read_catalog(tmp_path)[0].name == name


@pytest.mark.parametrize("field", TEXTS)
@pytest.mark.parametrize("text", REFUSED)
def test_text_that_nothing_can_show_is_refused_in_every_field(
    field: str, text: str, write: Write, tmp_path: Path
) -> None:
    write("acme.json", {**GOOD, field: f"{GOOD[field]}{text}"})
    assert problems(tmp_path).startswith(f"acme.json: 1 problem\n  {field}: found ")


@given(configuration=configurations())
def test_any_text_comes_back_equal_or_is_refused_with_file_and_field(
    configuration: dict[str, object],
) -> None:
    try:
        config = parse_config(json.dumps(configuration).encode(), "acme.json")
    except ConfigError as error:
        assert {problem.place for problem in error.problems} == {"acme.json"}
        assert {problem.field for problem in error.problems} <= set(TEXTS)
        str(error).encode()  # can be shown, whatever was found
    else:
        assert config.model_dump() == configuration


@pytest.mark.parametrize("name", ["acme.json", "acme.json5"])
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ('{"steps": ' + "9" * 5_000 + "}", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("", "not JSON"),
        ("[1]", "need an object, { … }"),
        ("null", "need an object, { … }"),
    ],
)
def test_a_text_that_is_no_configuration_is_refused(
    name: str, text: str, message: str, write: Write, tmp_path: Path
) -> None:
    write(name, text)
    assert f"{name}: 1 problem\n  {message}" in problems(tmp_path)


def test_what_does_not_parse_is_told_with_its_line(write: Write, tmp_path: Path) -> None:
    write("acme.json", '{\n  "id": }')
    write("bravo.json5", "{\n  id: 'a',\n  name: ,\n}")
    assert problems(tmp_path).splitlines() == [
        "acme.json: 1 problem",
        "  not JSON that can be read: Expecting value: line 2 column 9 (char 10)",
        "bravo.json5: 1 problem",
        '  not JSON5 that can be read: line 3 Unexpected "," at column 9',
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("acme.json", '{"id": "a", "id": "b"}'),
        ("acme.json", '{"id": "a", "\\u0069d": "b"}'),
        ("acme.json", '{"name": {"id": 1, "id": 2}}'),
        ("acme.json5", "{id: 'a', id: 'b'}"),
        ("acme.json5", "{id: 'a', 'id': 'a'}"),
        ("acme.json5", '{"id": "a", "\\u0069d": "b"}'),
        ("acme.json5", "{id: 'a', \\u0069d: 'b'}"),
        ("acme.json5", "{id: 'a', '\\x69d': 'b'}"),
        ("acme.JSON5", "{id: 'a', /* : */ 'i\\\nd': 'b', // id:\n}"),
    ],
)
def test_a_field_that_is_given_twice_is_refused_however_it_is_written(
    name: str, text: str, write: Write, tmp_path: Path
) -> None:
    write(name, text)
    assert problems(tmp_path) == f"{name}: 1 problem\n  id: given twice; keep one"


def test_bytes_that_are_not_utf8_are_refused(tmp_path: Path) -> None:
    (tmp_path / "acme.json").write_bytes(b'{"id": "\xff"}')
    assert "not UTF-8 at byte 8" in problems(tmp_path)


def test_json5_is_read(write: Write, tmp_path: Path) -> None:
    lines = [f"  {field}: {json.dumps(value)}," for field, value in GOOD.items()]
    write("acme.json5", "\n".join(["// a comment: with a colon", "{ /* {", "*/", *lines, "}"]))
    assert read_catalog(tmp_path)[0].model_dump() == GOOD
    lines[7] = "  steps: 'many',"
    write("acme.json5", "\n".join(["// a comment: with a colon", "{ /* {", "*/", *lines, "}"]))
    assert 'acme.json5: 1 problem\n  steps: found "many"' in problems(tmp_path)


def test_files_are_taken_in_capitals_in_folders_below_and_through_links(write: Write, tmp_path: Path) -> None:
    write("catalog/a.json", {**GOOD, "id": "a"})
    write("catalog/b.JSON", {**GOOD, "id": "b"})
    write("catalog/emea/c.Json5", "{" + json.dumps({**GOOD, "id": "c"})[1:-1] + ",}")
    write("catalog/emea/north.json/a.json", {**GOOD, "id": "d"})
    linked = write("elsewhere/e.json", {**GOOD, "id": "e"})
    (tmp_path / "catalog" / "e.json").symlink_to(linked)
    (tmp_path / "link").symlink_to("catalog")
    for catalog in (tmp_path / "catalog", tmp_path / "link"):
        assert [config.id for config in read_catalog(catalog)] == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize(
    "name",
    [
        "a.yaml",
        "a.yml",
        "a.YAML",
        "a.jsonc",
        "a.json.bak",
        "a.json~",
        "a.jsn",
        "a.toml",
        "a",
        "json",
        "emea/a.csv",
    ],
)
def test_a_file_that_is_not_read_is_named(name: str, write: Write, tmp_path: Path) -> None:
    write("good.json", GOOD)
    write(name, GOOD)
    assert problems(tmp_path).startswith(
        f"{name}: 1 problem\n  not read; a catalog has files that end in .json"
    )


@pytest.mark.parametrize("name", ["emea", "emea.json"])
def test_a_linked_folder_is_named(name: str, write: Write, tmp_path: Path) -> None:
    write("catalog/good.json", GOOD)
    write("elsewhere/a.json", GOOD)
    (tmp_path / "catalog" / name).symlink_to("../elsewhere")
    (tmp_path / "catalog" / "circle").symlink_to(".")
    message = problems(tmp_path / "catalog")
    assert message.count(" problem\n") == 2
    assert "circle: 1 problem\n  not read; " in message
    assert f"{name}: 1 problem\n  " in message


def test_a_link_that_leads_nowhere_is_named(write: Write, tmp_path: Path) -> None:
    write("good.json", GOOD)
    (tmp_path / "a.json").symlink_to("gone.json")
    (tmp_path / "emea").symlink_to("gone")
    assert problems(tmp_path).splitlines()[:3] == [
        "a.json: 1 problem",
        "  cannot be read: No such file or directory",
        "emea: 1 problem",
    ]


def test_a_folder_that_cannot_be_listed_is_named(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("good.json", GOOD)
    write("emea/a.json", GOOD)
    scandir = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("emea"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)  # root may list everything
    assert problems(tmp_path) == "emea: 1 problem\n  cannot be read: Permission denied"


@pytest.mark.parametrize(
    "name", ["README", "README.md", "readme.txt", "emea/README.rst", ".gitkeep", ".a.yaml", ".git/a.yaml"]
)
def test_readmes_and_hidden_files_are_passed_over(name: str, write: Write, tmp_path: Path) -> None:
    write("good.json", GOOD)
    write(name, "{")
    assert [config.id for config in read_catalog(tmp_path)] == ["acme_orders"]


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
        'found "ACME_orders", but the id "acme_orders", which differs only in case, is in a.json'
        in problems(tmp_path)
    )


def test_files_of_one_name_in_two_folders_are_two_pipelines(write: Write, tmp_path: Path) -> None:
    write("emea/orders.json", {**GOOD, "id": "emea_orders"})
    write("apac/orders.json", {**GOOD, "id": "apac_orders"})
    assert [config.id for config in read_catalog(tmp_path)] == ["apac_orders", "emea_orders"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "no such folder" in problems(tmp_path / "missing")


def test_a_message_stays_on_its_line_and_can_be_shown_whatever_names_are_in_it(
    write: Write, tmp_path: Path
) -> None:
    write("a\nb.json", {**GOOD, "\x1b[2J": 1})
    write("b.json", {**GOOD, "\ud800": 2})
    message = problems(tmp_path)
    assert [line.partition(": ")[0] for line in message.splitlines()] == [
        '"a\\nb.json"',
        '  "\\u001b[2J"',
        "b.json",
        '  "\\ud800"',
    ]
    message.encode()


def test_a_long_value_is_shown_in_part(write: Write, tmp_path: Path) -> None:
    write("acme.json", {**GOOD, "name": "x" * 100_000})
    assert "xxx… (100,002 characters), need 1 to 200" in problems(tmp_path)
    assert len(problems(tmp_path)) < 500


def test_a_configuration_cannot_be_changed() -> None:
    config = PipelineConfig.model_validate(GOOD)
    with pytest.raises(ValueError, match="frozen"):
        config.steps = 5


def test_a_text_from_elsewhere_names_its_place() -> None:
    with pytest.raises(ConfigError, match=r"http://service/pipelines/x: 9 problems"):
        parse_config(b"{}", "http://service/pipelines/x")
