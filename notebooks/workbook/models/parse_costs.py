"""What parsing DAG files costs, as a model of a few numbers that are measured on this machine."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd

from dagfreeze.files.shards import place
from workbook.catalog import dag_folder
from workbook.measure.imports import import_seconds


@dataclass(frozen=True)
class ParseCosts:
    """The costs of one way to write a DAG file.

    Attributes:
        per_file: seconds for a file, whatever is in it.
        per_dag: seconds to import one DAG, without its calls.
        serialization: seconds per DAG that Airflow needs after the import to serialize it.
    """

    per_file: float
    per_dag: float
    serialization: float = 0.0

    def import_seconds(self, dags: int, *, calls_per_dag: float = 0, latency: float = 0) -> float:
        """Predict how long Airflow needs to import one DAG file.

        Args:
            dags: DAGs that the file defines.
            calls_per_dag: blocking calls that the file makes for each DAG.
            latency: seconds per call.

        Returns:
            Seconds, comparable with ``[core] dagbag_import_timeout``.
        """
        return self.per_file + dags * (self.per_dag + calls_per_dag * latency)

    def parse_seconds(self, dags: int, *, calls_per_dag: float = 0, latency: float = 0) -> float:
        """Predict how long a process of Airflow is busy with one DAG file: import and serialization.

        Args:
            dags: DAGs that the file defines.
            calls_per_dag: blocking calls that the file makes for each DAG.
            latency: seconds per call.

        Returns:
            Seconds, comparable with ``[dag_processor] dag_file_processor_timeout``.
        """
        imported = self.import_seconds(dags, calls_per_dag=calls_per_dag, latency=latency)
        return imported + dags * self.serialization


def fit(measured: Iterable[tuple[int, float]], *, serialization: float = 0.0) -> ParseCosts:
    """Find the costs that explain measured files best (least squares of the relative error).

    Args:
        measured: DAGs in the file, and the seconds that were measured with calls taken out
            (``seconds - calls * latency``). Two files of different size at least.
        serialization: seconds per DAG to attribute to serialization instead of to the import.

    Returns:
        Costs that are never negative.

    Raises:
        ValueError: when the files all hold the same number of DAGs.
    """
    points = [(dags, seconds, 1 / max(seconds, 1e-9) ** 2) for dags, seconds in measured]
    if len({dags for dags, _, _ in points}) < 2:
        raise ValueError("the costs per file and per DAG need files of two different sizes")
    weight = sum(w for _, _, w in points)
    mean_dags = sum(w * dags for dags, _, w in points) / weight
    mean_seconds = sum(w * seconds for _, seconds, w in points) / weight
    covariance = sum(w * (dags - mean_dags) * (seconds - mean_seconds) for dags, seconds, w in points)
    slope = covariance / sum(w * (dags - mean_dags) ** 2 for dags, _, w in points)
    per_dag = max(slope, 0.0)
    per_file = max(mean_seconds - per_dag * mean_dags, 0.0)
    return ParseCosts(per_file, max(per_dag - serialization, 0.0), min(serialization, per_dag))


def measured_costs(folder: Path, factory: str, points: pd.DataFrame) -> ParseCosts:
    """Fit the costs of a factory to its measured parses; time the import alone to separate serialization.

    Args:
        folder: where to lay the factory out again.
        factory: one of `workbook.catalog.FACTORIES`.
        points: a row per parse, the largest last: ``pipelines``, ``seconds``.
    """
    pipelines, seconds = points.iloc[-1]
    dag_file = dag_folder(folder, factory, int(pipelines)) / "dynamic" / f"{factory}.py"
    serialization = max(0.0, (seconds - import_seconds(dag_file)) / pipelines)
    return fit(zip(points.pipelines, points.seconds, strict=True), serialization=serialization)


class MeasuredLayout(Protocol):
    """What `fit_layouts` needs to know of a cycle; `workbook.measure.layouts.Layout` is one."""

    @property
    def sizes(self) -> Sequence[int]: ...
    @property
    def seconds(self) -> Sequence[float]: ...
    @property
    def cycle(self) -> float: ...
    @property
    def processes(self) -> int: ...


@dataclass(frozen=True)
class LayoutCosts:
    """The costs of a whole cycle over files of frozen DAGs.

    Files are parsed several at a time; what they bring is written to the database by one process, one after the other.

    Attributes:
        parse: a process that parses one file: seconds per file and per DAG, import and serialization together.
        start: seconds of a cycle, whatever there is to parse.
        write_per_file: seconds that the one process needs for a file.
        write_per_dag: seconds that it needs for a DAG.
        write_per_copy: seconds for each copy of a DAG's text: Airflow stores a file's text once for each DAG in it, so
            a file of 10 DAGs brings 100.
    """

    parse: ParseCosts
    start: float
    write_per_file: float
    write_per_dag: float
    write_per_copy: float

    def longest_seconds(self, sizes: Sequence[int], *, calls_per_dag: float = 0, latency: float = 0) -> float:
        """Predict how long the largest file keeps its process busy.

        Args:
            sizes: DAGs in each file.
            calls_per_dag: blocking calls that a file makes for each DAG.
            latency: seconds per call.

        Returns:
            Seconds, comparable with ``[dag_processor] dag_file_processor_timeout``.
        """
        return self.parse.parse_seconds(max(sizes), calls_per_dag=calls_per_dag, latency=latency)

    def cycle_seconds(
        self, sizes: Sequence[int], *, processes: int = 2, calls_per_dag: float = 0, latency: float = 0
    ) -> float:
        """Predict how long the DAG processor needs for all files once.

        Args:
            sizes: DAGs in each file.
            processes: files that are parsed at a time, ``[dag_processor] parsing_processes``; at most as many as the
                machine has cores to spare.
            calls_per_dag: blocking calls that a file makes for each DAG.
            latency: seconds per call.

        Returns:
            Seconds, comparable with ``[dag_processor] min_file_process_interval``.
        """
        work = {"calls_per_dag": calls_per_dag, "latency": latency}
        parsing = sum(self.parse.parse_seconds(size, **work) for size in sizes) / processes
        writing = sum(
            cost * quantity
            for cost, quantity in zip(
                (self.start, self.write_per_file, self.write_per_dag, self.write_per_copy),
                _to_write(sizes),
                strict=True,
            )
        )
        return max(parsing, self.longest_seconds(sizes, **work)) + writing


def shard_sizes(dags: int, dags_per_file: int) -> list[int]:
    """DAGs in each file, as ``dagfreeze`` lays out so many DAGs.

    The number of files is a power of two, and a DAG's id alone says which file is its own. So files are not equally
    full: where none may hold more than 10 DAGs, most hold far fewer.
    """
    if dags_per_file == 1:
        return [1] * dags
    files = 1
    while (sizes := np.bincount(_places(dags) % files)).max() > dags_per_file:
        files *= 2
    return [int(size) for size in sizes if size]


@functools.lru_cache(maxsize=4)
def _places(dags: int) -> np.ndarray:
    """The places of so many ids among all ids."""
    return np.array([place(f"dag_{number}") % (1 << 62) for number in range(dags)])


def fit_layouts(measured: Sequence[MeasuredLayout]) -> LayoutCosts:
    """Find the costs that explain measured cycles best (least squares of the relative error).

    Args:
        measured: cycles over layouts that differ in the number of files and of DAGs in them, four at least.

    Returns:
        Costs that are never negative.

    Raises:
        ValueError: when there are fewer than four layouts.
    """
    if len(measured) < 4:
        raise ValueError(f"the costs of a cycle need four layouts at least; there are {len(measured)}")
    parse = fit(
        (dags, s) for layout in measured for dags, s in zip(layout.sizes, layout.seconds, strict=True)
    )
    parsing = LayoutCosts(parse, 0, 0, 0, 0)
    weights = np.array([1 / layout.cycle for layout in measured])
    rest = [
        max(0.0, layout.cycle - parsing.cycle_seconds(layout.sizes, processes=layout.processes))
        for layout in measured
    ]
    quantities = np.array([_to_write(layout.sizes) for layout in measured], dtype=float)
    return LayoutCosts(parse, *_never_negative(quantities * weights[:, None], np.array(rest) * weights))


def relative_error(predicted: float, measured: float) -> float:
    """How far a prediction is off, as a part of what was measured; 0 is none."""
    return abs(predicted - measured) / measured


def _to_write(sizes: Sequence[int]) -> tuple[int, int, int, int]:
    return 1, len(sizes), sum(sizes), sum(size * size for size in sizes)


def _never_negative(quantities: np.ndarray, seconds: np.ndarray) -> list[float]:
    """The least squares among all choices of columns that need no negative cost: four columns have sixteen."""
    columns = quantities.shape[1]
    best, least = [0.0] * columns, float(seconds @ seconds)
    for chosen in (c for number in range(1, columns + 1) for c in combinations(range(columns), number)):
        part = quantities[:, chosen]
        costs = np.linalg.lstsq(part, seconds, rcond=None)[0]
        error = float(np.sum((part @ costs - seconds) ** 2))
        if (costs >= 0).all() and error < least:
            best, least = [0.0] * columns, error
            for column, cost in zip(chosen, costs, strict=True):
                best[column] = float(cost)
    return best
