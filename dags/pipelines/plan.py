"""Compares a folder of DAG files with what its configurations ask for, without writing anything."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines import gather, memory, render
from pipelines.config import CatalogFile, ConfigError, Inheritance, Problem, catalog_files
from pipelines.gather import Block
from pipelines.memory import Memory
from pipelines.shards import Limits, shards

DAGS_PER_FILE = 50
BYTES_PER_FILE = 256 * 1024


@dataclass(frozen=True)
class Options:
    """What to generate, and where to.

    Attributes:
        out: the folder for the DAG files.
        catalog: folder of configurations.
        fetch: address of a configuration service, whose pipelines are taken too.
        dags_per_file: DAGs in a file at most; 1 gives each DAG a file that is called like it.
        bytes_per_file: size of a file at most, unless a single DAG is larger.
    """

    out: Path
    catalog: Path | None = None
    fetch: str | None = None
    dags_per_file: int = DAGS_PER_FILE
    bytes_per_file: int = BYTES_PER_FILE

    @property
    def limits(self) -> Limits:
        """How much goes into a file."""
        return Limits(self.dags_per_file, self.bytes_per_file, render.FIXED_BYTES)


@dataclass(frozen=True)
class Changes:
    """How a folder differs from what the configurations ask for.

    Attributes:
        write: name and content of each file that is missing or different.
        remove: names of generated files that nothing asks for any more.
        files: how many files there are to be.
        dags: how many DAGs.
    """

    write: dict[str, bytes]
    remove: tuple[str, ...]
    files: int
    dags: int

    def __bool__(self) -> bool:
        return bool(self.write or self.remove)


def plan(options: Options, known: Memory | None = None) -> tuple[Changes, Memory]:
    """Find out what would have to change.

    Args:
        options: what to generate, and where to.
        known: what an earlier run of the same options learnt; without it, everything is read.

    Returns:
        The changes, and what to remember once they are made. Its stamps of the output are those before.

    Raises:
        ConfigError: with everything that is wrong.
    """
    seen = memory.scan(str(options.catalog)) if options.catalog else {}
    if known and known.by_count and seen and not options.fetch:
        folder = _Folder(options.out)
        refreshed = _refresh(options, seen, known, folder)
        if refreshed is not None:
            return refreshed, replace(known, folders=seen, outputs=folder.outputs)
    return _plan_all(options, seen)


def _plan_all(options: Options, seen: dict[str, memory.Folder]) -> tuple[Changes, Memory]:
    folder = _Folder(options.out)
    problems: list[Problem] = []
    base = f"{options.catalog}/"
    files = list(catalog_files(options.catalog, problems)) if options.catalog else []
    blocks = gather.from_files(gather.show(files, len(files), "configurations"), base, problems)
    if options.fetch:
        blocks += gather.from_service(options.fetch, problems)
    problems += gather.check_collisions(blocks, base)
    if not blocks and not problems:
        where = str(options.catalog or options.fetch)
        problems = [Problem(where, None, "", "no configurations; an empty catalog would remove every DAG")]
    if problems:
        raise ConfigError(problems)
    planned, by_count = distribute(blocks, options.limits)
    for name, part in planned.items():
        folder.want(name, part)
    learnt = Memory(seen, outputs=folder.outputs, by_count=by_count, dags=len(blocks))
    learnt.keep_parts(
        {name: [(base + block.source, block.id) for block in part] for name, part in planned.items()}
    )
    return folder.changes(planned, len(blocks)), learnt


def check_out(out: Path) -> None:
    """Make sure that DAG files can be written there.

    Raises:
        ConfigError: when it is there and no folder.
    """
    if out.exists() and not out.is_dir():
        raise ConfigError([Problem(str(out), None, "", "is no folder; choose another --out")])


def distribute(blocks: Iterable[Block], limits: Limits) -> tuple[dict[str, list[Block]], bool]:
    """Distribute DAGs over files.

    Returns:
        Names of files to what is in them, and whether it was by numbers alone, no file being split for its size.
    """
    by_id = {block.id: block for block in blocks}
    members = [block.member() for block in by_id.values()]
    planned = shards(members, limits)
    by_count = planned.keys() == shards(members, limits._replace(size=1 << 62)).keys()
    return {name: [by_id[member.id] for member in part] for name, part in planned.items()}, by_count


class _Folder:
    """The folder of DAG files as it is, and what is wanted in it."""

    def __init__(self, out: Path) -> None:
        self.shown = out
        self.path = out.resolve()
        check_out(out)
        self.there: set[str] = set(os.listdir(self.path)) if self.path.exists() else set()  # noqa: PTH208
        self.write: dict[str, bytes] = {}
        self.outputs: dict[str, tuple[memory.Stamp, bytes]] = {}
        self.problems: list[Problem] = []

    def holds(self, name: str, output: tuple[memory.Stamp, bytes]) -> bool:
        """Whether a file is as it was when it was noted."""
        stamp, digest = output
        if name not in self.there:
            return False
        path = f"{self.path}/{name}"
        if stamp != memory.NO_STAMP and stamp == memory.look(path):
            return True
        return digest == hashlib.sha256(_content(path)).digest()

    def want(self, name: str, part: Sequence[Block]) -> None:
        """Note that a file is wanted, and whether it must be written."""
        text = render.file_text(name, [block.source for block in part], [block.code for block in part])
        content = text.encode()
        self.outputs[name] = (memory.NO_STAMP, hashlib.sha256(content).digest())
        if name not in self.there:
            self.write[name] = content
        elif not made_here(self.path / name):
            message = "was not made by the generator, which needs this name; move it away"
            self.problems.append(Problem(str(self.shown / name), None, "", message))
        elif _content(f"{self.path}/{name}") != content:
            self.write[name] = content

    def changes(self, names: Iterable[str], dags: int) -> Changes:
        """What must be written and removed so that there are these generated files.

        Raises:
            ConfigError: when the files of others are in the way.
        """
        if self.problems:
            raise ConfigError(self.problems)
        wanted = set(names)
        others = sorted(name for name in self.there - wanted if name.endswith(".py"))
        remove = tuple(name for name in others if made_here(self.path / name))
        return Changes(self.write, remove, len(wanted), dags)


def _refresh(
    options: Options, seen: Mapping[str, memory.Folder], known: Memory, folder: _Folder
) -> Changes | None:
    """The changes when configurations were edited, but none was added, removed or renamed.

    Every DAG stays in its file then, so only the files of edited ones are made again.

    Returns:
        None when it turns out to be more than that.
    """
    touched = known.outputs_of_edited(seen)
    if touched is None:
        return None
    touched |= {name for name, output in known.outputs.items() if not folder.holds(name, output)}
    folder.outputs.update(known.outputs)
    inheritance = Inheritance(str(options.catalog))
    for name in sorted(touched):
        part = known.part(name)
        problems: list[Problem] = []
        files = [CatalogFile(path, inheritance.of_folder(path.rpartition("/")[0])) for path, _ in part]
        blocks = gather.from_files(files, f"{options.catalog}/", problems)
        if problems or inheritance.problems or _too_large(blocks, options.limits):
            return None
        if [block.id for block in blocks] != [dag_id for _, dag_id in part]:
            return None
        folder.want(name, blocks)
    return folder.changes(known.outputs, known.dags)


def _too_large(blocks: Sequence[Block], limits: Limits) -> bool:
    return limits.dags > 1 and limits.fixed + sum(block.member().size for block in blocks) > limits.size


def made_here(path: Path) -> bool:
    """Whether a file is a generated one: its first line says so and repeats its name."""
    try:
        begin = render.first_line(path.name).encode()
        with path.open("rb") as file:
            return file.read(len(begin)) == begin
    except (OSError, UnicodeEncodeError):
        return False


def _content(path: str) -> bytes:
    with open(path, "rb") as file:  # noqa: PTH123 - a Path costs as much as the reading
        return file.read()
