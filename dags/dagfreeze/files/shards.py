"""Decides which file a DAG belongs to, so that a DAG never moves.

Airflow parses a file again when it has changed; runs of a DAG that moved to another file fail until the new file has
been parsed, and every DAG that moved gets a new version. So the place of a DAG depends on nothing but its id: each
source has a fixed number of files, its count, and the hash of a DAG's id says in which of them the DAG is. The count
is written in each of the files and read from there, so that all machines, and a merge of two branches, arrive at the
same files. The price: files are not equally full, and get fuller with every DAG that is added. When they are too full,
the report says so, and ``--reshard`` chooses a new count.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from dagfreeze.files.header import EACH, Header

BYTES_PER_FILE = 256 * 1024
"""Airflow stores the text of a file once for each DAG in it, so a file costs its size times its DAGs."""

_MOST_SHARDS = 1 << 20

# Names that need no hash. Two underscores stand for "/", "dag_" begins the name of a single DAG's file, and what ends
# like a number or a hash could be a shard's file or another name with its hash.
_HASHED = "_[0-9a-f]{10}"
_FAMILY = re.compile(rf"(?!dag(?:_|\Z))(?!.*(?:_[0-9]+|{_HASHED})\Z)[a-z][a-z0-9]*(?:__?[a-z0-9]+)*")
_DAG = re.compile(rf"(?!.*{_HASHED}\Z)[a-z0-9_]+")
_LONGEST = 100


class Load(NamedTuple):
    """How full a file is.

    Attributes:
        dags: DAGs in it.
        size: bytes of these DAGs, without those that are larger than a file should be by themselves.
    """

    dags: int
    size: int

    def within(self, dags_per_file: int) -> bool:
        """Whether a file may hold this much."""
        return self.dags <= dags_per_file and self.size <= BYTES_PER_FILE


@dataclass(frozen=True)
class Plan:
    """The files of a source.

    Attributes:
        files: names of the files to their headers, with DAGs sorted by id.
        count: number of the shards, or `EACH`.
        too_full: the files that hold more than they should, and how much.
    """

    files: dict[str, Header]
    count: int
    too_full: dict[str, Load]


def plan(
    headers: Iterable[Header],
    source: str,
    sizes: Mapping[str, int],
    dags_per_file: int,
    *,
    reshard: bool = False,
) -> Plan:
    """Distribute the DAGs of a source over files.

    Args:
        headers: of the existing frozen files; those of other sources are ignored.
        source: path of the DAG factory below the root of its bundle, with ``/``.
        sizes: id of each DAG to the bytes that it adds to a file.
        dags_per_file: DAGs that a file should hold at most. 1 gives each DAG a file that is named by its id.
        reshard: whether to choose a new number of shards although there are files; DAGs may move.

    Returns:
        The files. Where two counts are found, as after a merge of a branch that has chosen its count again, the larger
        one holds.
    """
    counts = {header.count for header in headers if header.source == source}
    valid_counts = [count for count in counts if count is not None and _is_count(count)]
    count = max(valid_counts, key=_fineness) if valid_counts and not reshard else choose(sizes, dags_per_file)
    files = arrange(source, sizes, count)
    loads = {name: _load(sizes[dag] for dag in header.dags) for name, header in files.items()}
    too_full = {name: load for name, load in loads.items() if not load.within(dags_per_file)}
    return Plan(files, count, too_full)


def choose(sizes: Mapping[str, int], dags_per_file: int) -> int:
    """The smallest count, a power of two, with which no file is too full.

    Args:
        sizes: id of each DAG to the bytes that it adds to a file.
        dags_per_file: DAGs that a file may hold.

    Returns:
        The count, or `EACH` for one DAG per file. A million is the most, though files may still be too full then.
    """
    if dags_per_file == 1:
        return EACH
    places = [(place(dag), size) for dag, size in sizes.items()]
    count = 1
    while count < _MOST_SHARDS:
        shards = defaultdict(list)
        for hashed, size in places:
            shards[hashed % count].append(size)
        if all(_load(shard).within(dags_per_file) for shard in shards.values()):
            break
        count *= 2
    return count


def arrange(source: str, dags: Iterable[str], count: int) -> dict[str, Header]:
    """Distribute DAGs over a given number of shards.

    Args:
        source: path of the DAG factory below the root of its bundle.
        dags: their ids, in any order.
        count: number of the shards, or `EACH`.

    Returns:
        Names of the files to their headers. A shard without DAGs has no file.
    """
    if count == EACH:
        return {dag_file(dag): Header(source, EACH, 0, (dag,)) for dag in sorted(dags)}
    shards = defaultdict(list)
    for dag in sorted(dags):
        shards[place(dag) % count].append(dag)
    return {
        shard_file(source, number, count): Header(source, count, number, tuple(shards[number]))
        for number in sorted(shards)
    }


def place(dag: str) -> int:
    """The first bits of the hash of an id, as a number."""
    return int.from_bytes(_hash(dag)[:8], "big")


def family(source: str) -> str:
    """The prefix of the file names of a source: ``dynamic/from_json.py`` has ``dynamic__from_json``.

    No two sources have the same prefix, not even on a file system that ignores case, and no prefix could be the name
    of a shard of another source.
    """
    stem = source.removesuffix(".py")
    name = stem.replace("/", "__")
    if stem != source and "__" not in stem and len(name) <= _LONGEST and _FAMILY.fullmatch(name):
        return name
    name = f"{_readable(stem) or 'dags'}_{_short_hash(source)}"
    return name if re.match("(?i)(?!dag_)[a-z]", name) else f"from_{name}"


def shard_file(source: str, number: int, count: int) -> str:
    """The name of the file of a shard; the only shard of a source is named after the source.

    The number has no leading zeros: if it were padded to the digits of the count, all files would be renamed and all
    DAGs would move when 8 shards become 16. Without padding half of the DAGs stay where they are.
    """
    return f"{family(source)}.py" if count == 1 else f"{family(source)}_{number}.py"


def dag_file(dag: str) -> str:
    """The name of the file of a DAG that has one of its own; different ids differ in more than case."""
    if len(dag) <= _LONGEST and _DAG.fullmatch(dag):
        return f"dag_{dag}.py"
    return f"dag_{_readable(dag)}_{_short_hash(dag)}.py"


def _readable(text: str) -> str:
    return re.sub("[^A-Za-z0-9]+", "_", text)[:_LONGEST].strip("_")


def _short_hash(text: str) -> str:
    return _hash(text).hex()[:10]


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _load(sizes: Iterable[int]) -> Load:
    sizes = list(sizes)
    return Load(len(sizes), sum(size for size in sizes if size <= BYTES_PER_FILE))


def _is_count(count: int) -> bool:
    return count <= _MOST_SHARDS and count & (count - 1) == 0


def _fineness(count: int) -> float:
    return math.inf if count == EACH else count
