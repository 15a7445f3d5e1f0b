"""Which file a DAG belongs to, what the file is called, and what stands at its top."""

from __future__ import annotations

import ast
import codecs
import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagfreeze.files import shards
from dagfreeze.files.header import EACH, Header, read_header
from dagfreeze.files.shards import BYTES_PER_FILE, arrange, dag_file, family, place, plan, shard_file

SOURCE = "dynamic/from_json.py"
SAMPLE = """\
# Frozen by dagfreeze from dynamic/from_json.py: change that file and freeze again; changes made here are lost.
# Shard 3 of 4, with the DAGs
#   acme_orders
#   überfällig.täglich
"""

settings.register_profile("no clock", deadline=None)
settings.load_profile("no clock")

ANY = st.text(st.characters(codec=None), min_size=1) | st.text(
    "coding:= \n\r\\u00\x00\u2028#utf-16", min_size=1
)
IDS = st.sets(st.text("abcdef_", min_size=1, max_size=8), max_size=60)
COUNTS = st.sampled_from([EACH, 1, 2, 4, 16, 1024])
# What tempts names to be the same: ends like numbers, "dag_", case, separators.
PARTS = st.sampled_from(
    ["a", "A", "b", "_", "__", "/", "-", ".", "0", "1", "10", "dag", "dag_", "Dag", "é", " "]
)
NAMES = st.lists(PARTS, min_size=1, max_size=5).map("".join) | ANY


def sized(*ids: str, size: int = 100) -> dict[str, int]:
    return dict.fromkeys(ids, size)


def many(number: int) -> dict[str, int]:
    return sized(*(f"pipeline_{count}" for count in range(number)))


def files_of(headers: dict[str, Header]) -> dict[str, str]:
    return {dag: name for name, header in headers.items() for dag in header.dags}


def test_the_header_reads_as_a_person_would_write_it() -> None:
    header = Header(SOURCE, 4, 3, ("acme_orders", "überfällig.täglich"))
    assert header.text() == SAMPLE
    assert read_header(SAMPLE.encode() + b"\nimport airflow\n") == header
    alone = Header(SOURCE, EACH, 0, ("acme_orders",))
    assert "# A file of its own for the DAG\n#   acme_orders\n" in alone.text()
    assert read_header(alone.text().encode()) == alone


@given(
    ANY,
    st.lists(ANY, min_size=1, max_size=3, unique=True),
    COUNTS,
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
@settings(max_examples=500)
def test_no_path_and_no_id_breaks_out_of_the_header(
    source: str, dags: list[str], count: int, end: str, bom: bool
) -> None:
    header = Header(source, count, 0, tuple(dags))
    content = (header.text() + "x = 1\n#   y\n").replace("\n", end).encode()
    content = codecs.BOM_UTF8 * bom + content
    assert read_header(content) == header
    assert ast.dump(ast.parse(content)) == ast.dump(ast.parse("x = 1"))
    assert len(content.decode().splitlines()) == 4 + len(dags)


@pytest.mark.parametrize("source", ["encoding", "coding=latin-1.py", "coding: rot13", "a/coding:utf-16/b.py"])
def test_no_path_declares_an_encoding(source: str) -> None:
    content = Header(source, 1, 0, ("a",)).text().encode() + "x = 'ü'\n".encode()
    assert ast.literal_eval(ast.parse(content).body[0].value) == "ü"  # type: ignore[attr-defined]
    assert read_header(content) == Header(source, 1, 0, ("a",))


def test_the_header_shows_the_same_letters_whatever_unicode_python_knows() -> None:
    # a letter since Unicode 16, an Arabic digit, a mark that turns the direction, a combining accent
    text = Header("a.py", 1, 0, ("\u1c89", "\u0663", "\u202ex", "e\u0301")).text()
    assert text.endswith("#   \\u1c89\n#   \\u0663\n#   \\u202ex\n#   e\\u0301\n")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"\xff\xfe#\x00",
        b'"""Mine."""\n' + SAMPLE.encode(),
        b'"""\n' + SAMPLE.encode() + b'"""\n',
        b"\n" + SAMPLE.encode(),
        b"# Frozen by dagfreeze\n",
        b" " + SAMPLE.encode(),
    ],
)
def test_what_does_not_begin_with_the_header_is_a_persons(content: bytes) -> None:
    assert read_header(content) is None


def test_a_header_in_which_two_branches_met_is_still_one() -> None:
    ours, theirs = "#   b\n", "#   c\n#   d\n"
    text = SAMPLE.split("#   ")[0] + f"#   a\n<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> other\n\nx = 1\n"
    assert read_header(text.encode()) == Header(SOURCE, 4, 3, ("a", "b", "c", "d"))


@pytest.mark.parametrize(
    "line", ["# Shard 3", "# Shard x of y, with the DAGs", "# Shard 1 of 3, with", "", "\xff"]
)
def test_a_count_that_cannot_be_read_is_not_believed(line: str) -> None:
    header = read_header(re.sub("# Shard.*", line, SAMPLE).encode("latin-1"))
    assert header is not None
    assert header.source == SOURCE
    assert plan([header], SOURCE, sized("a", "b", "c"), 3).count == 1


def test_places_are_the_same_on_every_machine() -> None:
    assert place("acme_orders") == 14148310773141051200
    assert place("überfällig") == 17110428485351804449
    assert [*arrange(SOURCE, {"e", "d", "c", "b", "a"}, 4).items()] == [
        ("dynamic__from_json_1.py", Header(SOURCE, 4, 1, ("d",))),
        ("dynamic__from_json_2.py", Header(SOURCE, 4, 2, ("a", "b", "c", "e"))),
    ]
    assert [*arrange(SOURCE, ["c", "b", "a"], EACH)] == ["dag_a.py", "dag_b.py", "dag_c.py"]


@given(IDS, IDS, st.sampled_from([EACH, 1, 2, 8, 64]), st.integers(1, 5), st.randoms())
def test_a_dag_never_moves_whatever_comes_goes_or_grows(before, after, count, dags_per_file, random) -> None:  # type: ignore[no-untyped-def]
    old_files = arrange(SOURCE, before, count)
    sizes = {dag: random.randrange(2 * BYTES_PER_FILE) for dag in random.sample(sorted(after), len(after))}
    new = plan(old_files.values(), SOURCE, sizes, dags_per_file)
    if before:
        assert new.count == count
        moved = {dag for dag in before & after if files_of(old_files)[dag] != files_of(new.files)[dag]}
        assert not moved
    assert sorted(files_of(new.files)) == sorted(after)
    assert sum(len(header.dags) for header in new.files.values()) == len(after)


@given(IDS, IDS, IDS)
def test_two_branches_that_are_merged_come_to_the_files_of_one_that_has_both(base, left, right) -> None:  # type: ignore[no-untyped-def]
    old_files = plan([], SOURCE, sized(*base), 5).files if base else {}
    branches = [plan(old_files.values(), SOURCE, sized(*base, *ids), 5).files for ids in (left, right)]
    if not base:
        return
    merged = plan([*branches[0].values(), *branches[1].values()], SOURCE, sized(*base, *left, *right), 5)
    assert files_of(merged.files) == files_of(branches[0]) | files_of(branches[1])


@given(
    st.dictionaries(st.text("abcdef", min_size=1), st.integers(1, BYTES_PER_FILE), max_size=40),
    st.integers(2, 9),
)
@settings(max_examples=200)
def test_the_first_count_is_the_smallest_with_which_no_file_is_too_full(
    sizes: dict[str, int], dags_per_file: int
) -> None:
    def fits(count: int) -> bool:
        members = Counter(place(dag) % count for dag in sizes)
        size = Counter[int]()
        for dag, bytes_ in sizes.items():
            size[place(dag) % count] += bytes_
        return (
            max(members.values(), default=0) <= dags_per_file
            and max(size.values(), default=0) <= BYTES_PER_FILE
        )

    first = plan([], SOURCE, sizes, dags_per_file)
    assert not first.too_full
    assert first.count & (first.count - 1) == 0
    assert fits(first.count)
    assert first.count == 1 or not fits(first.count // 2)


def test_one_dag_that_is_larger_than_a_file_does_not_scatter_the_others() -> None:
    usual = plan([], SOURCE, many(200), 50)
    large = plan([], SOURCE, many(200) | {"pipeline_7": 10 * BYTES_PER_FILE}, 50)
    assert (large.count, large.too_full) == (usual.count, {})


def test_a_count_has_an_end_where_no_count_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "place", lambda dag: 5)
    full = plan([], SOURCE, sized("a", "b", "c"), 2)
    assert list(full.too_full.values()) == [(3, 300)]


def test_files_that_are_too_full_are_named_and_nothing_moves_until_it_is_asked_for() -> None:
    first = plan([], SOURCE, many(40), 20)
    later = plan(first.files.values(), SOURCE, many(400), 20)
    assert later.count == first.count
    assert later.too_full.keys() == {name for name, header in later.files.items() if len(header.dags) > 20}
    assert {load.dags for load in later.too_full.values()} == {
        len(later.files[name].dags) for name in later.too_full
    }
    anew = plan(later.files.values(), SOURCE, many(400), 20, reshard=True)
    assert not anew.too_full
    assert anew.count == plan([], SOURCE, many(400), 20).count > first.count


def test_files_with_too_many_bytes_are_named_too() -> None:
    old_files = arrange(SOURCE, ["a", "b"], 1)
    full = plan(old_files.values(), SOURCE, sized("a", "b", size=BYTES_PER_FILE), 50)
    assert full.too_full == {"dynamic__from_json.py": (2, 2 * BYTES_PER_FILE)}


@pytest.mark.parametrize("count", [2, 4, 8, 64, 512])
def test_twice_the_count_lets_half_of_the_dags_stay(count: int) -> None:
    before, after = (files_of(arrange(SOURCE, many(2_000), number)) for number in (count, 2 * count))
    stay = sum(before[dag] == after[dag] for dag in before)
    assert 900 < stay < 1_100
    assert {after[dag] for dag in before if before[dag] == after[dag]} <= set(before.values())


def test_of_two_counts_the_larger_holds_and_one_file_per_dag_is_the_largest() -> None:
    headers = [*arrange(SOURCE, ["a", "b"], 2).values(), *arrange(SOURCE, ["b", "c"], 8).values()]
    assert plan(headers, SOURCE, sized("a", "b", "c"), 50).count == 8
    each = [*headers, *arrange(SOURCE, ["c"], EACH).values()]
    assert plan(each, SOURCE, sized("a", "b", "c"), 50).count == EACH
    assert plan(each, "another.py", sized("a", "b", "c"), 50).count == 1


def test_one_dag_per_file_is_called_by_its_id_and_stays_so() -> None:
    first = plan([], SOURCE, many(3), 1)
    assert list(first.files) == ["dag_pipeline_0.py", "dag_pipeline_1.py", "dag_pipeline_2.py"]
    assert plan(first.files.values(), SOURCE, many(4), 50).count == EACH
    assert not plan(first.files.values(), SOURCE, sized("a", size=9 * BYTES_PER_FILE), 50).too_full
    second = plan(arrange(SOURCE, many(3), 1).values(), SOURCE, many(3), 1)
    assert (second.count, list(second.too_full)) == (1, ["dynamic__from_json.py"])


def test_a_source_without_dags_has_no_files() -> None:
    assert plan([], SOURCE, {}, 50).files == {}
    assert plan(arrange(SOURCE, ["a"], 4).values(), SOURCE, {}, 50).files == {}


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("dynamic/from_json.py", "dynamic__from_json"),
        ("factory.py", "factory"),
        ("team_a/b/loads_v2.py", "team_a__b__loads_v2"),
        ("load_2024.py", "load_2024_0000000000"),  # could be a shard of load.py
        ("dag_factory.py", "from_dag_factory_0000000000"),  # could be the file of a DAG
        ("dag.py", "from_dag_0000000000"),
        ("Factory.py", "Factory_0000000000"),
        ("a__b.py", "a_b_0000000000"),
        ("team/__init__.py", "team_init_0000000000"),
        ("übung/日本.py", "bung_0000000000"),
        ("日本.py", "dags_0000000000"),
    ],
)
def test_files_are_called_like_their_source(source: str, name: str) -> None:
    assert re.sub("_[0-9a-f]{10}$", "_0000000000", family(source)) == name
    assert len(family(f"{'a/' * 99}{source}")) < 130
    assert shard_file(source, 0, 1) == f"{family(source)}.py"
    assert shard_file(source, 11, 16) == f"{family(source)}_11.py"


def test_files_of_one_dag_are_called_like_the_dag() -> None:
    assert dag_file("acme_orders__daily_2024") == "dag_acme_orders__daily_2024.py"
    assert re.fullmatch("dag_Orders_[0-9a-f]{10}.py", dag_file("Orders"))
    assert re.fullmatch("dag_acme_orders_[0-9a-f]{10}.py", dag_file("acme.orders"))
    assert dag_file("acme.orders") != dag_file("acme-orders")
    assert dag_file("Orders").lower() != dag_file("ORDERS").lower()
    assert len(dag_file("a" * 249 + "b")) < 130
    assert dag_file("a" * 249 + "b") != dag_file("a" * 249 + "c")


def all_files(source: str) -> set[str]:
    shards = {
        shard_file(source, number, count) for number, count in [(0, 1), (0, 2), (1, 2), (10, 16), (9, 16)]
    }
    return {name.lower() for name in shards}


@given(NAMES, NAMES, st.data())
@settings(max_examples=1_000)
def test_no_two_sources_and_no_two_dags_share_a_file(one: str, other: str, data: st.DataObject) -> None:
    # Also a source or a DAG that is called like a file of the first.
    called_like_it = st.sampled_from([name[:-3] for name in sorted({*all_files(f"{one}.py"), dag_file(one)})])
    stem = data.draw(
        st.just(other) | called_like_it | called_like_it.map(lambda name: name.removeprefix("dag_"))
    )
    first, second = f"{one}.py", f"{stem}.py"
    for name in [*all_files(first), *all_files(stem), dag_file(one).lower()]:
        assert re.fullmatch(r"[a-z][a-z0-9_]{0,130}\.py", name), name
    assert family(one).lower() != family(first).lower()
    assert not all_files(first) & {dag_file(stem).lower(), dag_file(one).lower()}
    if first != second:
        assert not all_files(first) & all_files(second)
        assert dag_file(one).lower() != dag_file(stem).lower()
