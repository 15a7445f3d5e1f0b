"""Which DAGs share a file: within the limits, the same for any order, and hardly moved by one DAG more or less."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.shards import Limits, Member, place_of, shards


def member(name: str, size: int = 100) -> Member:
    return Member(place_of(name), name, size)


def contents(files: Mapping[str, Sequence[Member]]) -> dict[str, list[str]]:
    return {name: [member.id for member in part] for name, part in files.items()}


MEMBERS = st.dictionaries(st.text("abcdef", min_size=1), st.integers(10, 500), max_size=60).map(
    lambda sizes: [member(name, size) for name, size in sizes.items()]
)
LIMITS = st.builds(Limits, dags=st.integers(1, 20), size=st.integers(500, 5_000), fixed=st.just(200))


@given(MEMBERS, LIMITS, st.randoms())
def test_every_dag_is_in_one_file_within_the_limits_in_any_order(members, limits, random) -> None:  # type: ignore[no-untyped-def]
    files = shards(members, limits)
    assert sorted(name for part in contents(files).values() for name in part) == sorted(m.id for m in members)
    for part in files.values():
        assert 1 <= len(part) <= limits.dags
        assert len(part) == 1 or limits.fixed + sum(m.size for m in part) <= limits.size
    random.shuffle(members)
    assert shards(members, limits) == files


@given(MEMBERS, LIMITS, st.text("xyz", min_size=1))
@settings(max_examples=200)
def test_one_dag_more_rewrites_its_file_or_splits_it_with_few_exceptions(members, limits, new) -> None:  # type: ignore[no-untyped-def]
    before = contents(shards(members, limits))
    after = contents(shards([*members, member(new)], limits))
    gone = before.keys() - after.keys()
    changed = {name for name in after if before.get(name) != after[name]}
    # A split that puts all DAGs on one side goes on; the sides that it leaves behind are never empty files.
    assert len(gone) <= 1
    moved = {name for file in gone for name in before[file]} | {new}
    assert {name for file in changed for name in after[file]} <= moved | {
        name for file in changed & before.keys() for name in before[file]
    }
    assert len(changed - after.keys()) == 0
    assert len(changed & before.keys()) <= 1


def test_a_thousand_changes_touch_little_more_than_a_file_each() -> None:
    limits = Limits(50, 1 << 30, 0)
    members = [member(f"pipeline_{number}") for number in range(2_000)]
    touched = 0
    before = contents(shards(members[:1_000], limits))
    for count in range(1_001, 2_001):
        after = contents(shards(members[:count], limits))
        touched += sum(before.get(name) != part for name, part in after.items())
        touched += len(before.keys() - after.keys())
        before = after
    # 1,000 additions, and each of the 30 to 40 splits touches two files more.
    assert 1_000 <= touched <= 1_150


def test_one_dag_per_file_is_called_by_its_id() -> None:
    assert contents(shards([member("b"), member("a")], Limits(1, 10, 0))) == {
        "dag_a.py": ["a"],
        "dag_b.py": ["b"],
    }


def test_a_file_is_two_thirds_full_or_more_on_average() -> None:
    for count in (500, 1_000, 2_000, 5_000):
        files = shards([member(f"p{number}") for number in range(count)], Limits(50, 1 << 30, 0))
        assert count / len(files) > 25
