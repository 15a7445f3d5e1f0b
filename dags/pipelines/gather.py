"""Turns configurations, from a catalog on disk or from the configuration service, into the code of their DAGs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import Any, NamedTuple, TypeVar
from urllib.error import HTTPError

from pipelines.config import (
    CatalogFile,
    ConfigError,
    PipelineConfig,
    Problem,
    collisions,
    fetch_config,
    fetch_ids,
)
from pipelines.render import dag_block, source_line
from pipelines.shards import Member, place_of

T = TypeVar("T")

_CALLS_AT_ONCE = 16


class Block(NamedTuple):
    """The code of one DAG.

    Attributes:
        id: of the DAG.
        source: where its configuration is, relative to the catalog or the service: the same on every machine.
        code: the Python code.
    """

    id: str
    source: str
    code: str

    def member(self) -> Member:
        """The DAG as `pipelines.shards` wants it."""
        size = len(self.code.encode()) + len(source_line(self.source).encode())
        return Member(place_of(self.id), self.id, size)


def from_files(files: Iterable[CatalogFile], base: str, problems: list[Problem]) -> list[Block]:
    """Make the blocks of configuration files.

    Args:
        files: as `pipelines.config.catalog_files` found them.
        base: the beginning of their paths that is not part of a source.
        problems: what is wrong with the files is added here.
    """
    blocks = []
    for file in files:
        try:
            config = file.read()
        except ConfigError as error:
            problems += error.problems
        else:
            blocks.append(Block(config.id, file.path.removeprefix(base), dag_block(config)))
    return blocks


def from_service(service: str, problems: list[Problem]) -> list[Block]:
    """Make the blocks of all pipelines that the configuration service has, asking for several at once.

    Args:
        service: its address.
        problems: what is wrong with the answers, and what cannot be had after several tries, is added here.
    """
    service = service.rstrip("/")
    configs: dict[str, PipelineConfig] = {}
    try:
        ids = _try_often(fetch_ids, service)
    except ConfigError as error:
        problems += error.problems
        return []
    for wanted, answer in show(_answers(service, ids), len(ids), "configurations fetched"):
        try:
            configs[wanted] = answer.result()
        except ConfigError as error:
            problems += error.problems
    # Without the address: the same pipelines from another copy of the service make the same files.
    return [
        Block(wanted, f"service: /pipelines/{wanted}", dag_block(configs[wanted]))
        for wanted in sorted(configs)
    ]


def check_collisions(blocks: Iterable[Block], base: str) -> list[Problem]:
    """What is wrong with the ids and file names of all blocks together."""
    return collisions(
        (block.id, block.source if block.source.startswith("service: ") else base + block.source)
        for block in blocks
    )


def show(items: Iterable[T], how_many: int, what: str) -> Iterator[T]:
    """Pass items on, and show a bar on a terminal from the third second on."""
    bar = None
    begin = time.monotonic()
    for number, item in enumerate(items):
        yield item
        if bar is None and time.monotonic() - begin > 2:
            bar = _bar(how_many, number, what)
        if bar is not None:
            bar.update()
    if bar is not None:
        bar.close()


def _answers(service: str, ids: list[str]) -> Iterator[tuple[str, Future[PipelineConfig]]]:
    with ThreadPoolExecutor(_CALLS_AT_ONCE) as pool:
        asked = {pool.submit(_try_often, fetch_config, service, wanted): wanted for wanted in ids}
        try:
            for answer in as_completed(asked):
                yield asked[answer], answer
        except BaseException:  # Ctrl-C: do not ask for the rest first
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _try_often(ask: Callable[..., T], *arguments: str, tries: int = 5) -> T:
    for number in range(1, tries + 1):
        try:
            return ask(*arguments)
        except OSError as error:
            # What is missing stays missing; an error of the server or of the network may pass.
            hopeless = isinstance(error, HTTPError) and error.code < 500 and error.code != 429
            if hopeless or number == tries:
                times = f" ({number} tries)" if number > 1 else ""
                place = "/pipelines/".join(arguments)
                raise ConfigError([Problem(place, None, "", f"cannot be had: {error}{times}")]) from None
            time.sleep(0.1 * 2**number)
    raise AssertionError("unreachable")


def _bar(how_many: int, done: int, what: str) -> Any:
    try:
        from tqdm import tqdm
    except ImportError:  # a nicety
        return None
    return tqdm(total=how_many, initial=done, desc=what, disable=None)
