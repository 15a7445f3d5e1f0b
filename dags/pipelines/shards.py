"""Decides which DAGs share a file, so that adding or removing one DAG changes as few files as possible.

Airflow parses a file again when it changed, and stores a version of every DAG in it that did. So a DAG's file may
depend on little else than the DAG itself. Counting through a sorted list (files of exactly K) would move half of all
DAGs when one is added.

Here a DAG's place is the SHA-256 of its id, read bit by bit. One file holds all DAGs until it is too full; then it is
split by the first bit into ``dags_0.py`` and ``dags_1.py``, a half that is too full again by the next bit, and so on.
The files depend on the set of DAGs only, never on history or order. One DAG more or less rewrites its own file, or
splits it into two, or joins two into one. The price: files are 70 % full on average, not 100 %.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_BITS = 64


class Member(NamedTuple):
    """A DAG that needs a file.

    Attributes:
        place: where its id falls among all ids, from `place_of`.
        id: of the DAG.
        size: bytes that it adds to a file.
    """

    place: int
    id: str
    size: int


class Limits(NamedTuple):
    """How much goes into a file.

    Attributes:
        dags: DAGs at most.
        size: bytes at most, unless a single DAG is larger. Airflow's table ``dag_code`` stores the text of a file
            once for each DAG in it, so a file costs the database its size times its DAGs.
        fixed: bytes of a file without DAGs.
    """

    dags: int
    size: int
    fixed: int


def place_of(dag_id: str) -> int:
    """The first bits of the hash of an id, as a number."""
    return int.from_bytes(hashlib.sha256(dag_id.encode()).digest()[: _BITS // 8], "big")


def shards(members: Sequence[Member], limits: Limits) -> dict[str, list[Member]]:
    """Distribute DAGs over files.

    Args:
        members: the DAGs, in any order.
        limits: how much goes into a file.

    Returns:
        Name of the file to its DAGs, sorted by id. With one DAG per file the name says which: ``dag_<id>.py``.
    """
    if limits.dags == 1:
        return {f"dag_{member.id}.py": [member] for member in sorted(members, key=lambda member: member.id)}
    return {
        f"dags_{prefix or 'all'}.py": sorted(part, key=lambda member: member.id)
        for prefix, part in _split("", sorted(members), limits)
    }


def _split(prefix: str, part: Sequence[Member], limits: Limits) -> Iterator[tuple[str, Sequence[Member]]]:
    """Split a run of DAGs, sorted by place, that agree in the bits of a prefix."""
    size = limits.fixed + sum(member.size for member in part)
    if len(part) <= 1 or len(prefix) == _BITS or (len(part) <= limits.dags and size <= limits.size):
        if part:
            yield prefix, part
        return
    bit = 1 << (_BITS - 1 - len(prefix))
    middle = next((number for number, member in enumerate(part) if member.place & bit), len(part))
    yield from _split(prefix + "0", part[:middle], limits)
    yield from _split(prefix + "1", part[middle:], limits)
