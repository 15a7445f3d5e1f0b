"""The models of an import and of a cycle find the costs that made the figures."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from dagfreeze.files.shards import arrange, choose
from workbook.models.parse_costs import (
    LayoutCosts,
    ParseCosts,
    fit,
    fit_layouts,
    relative_error,
    shard_sizes,
)

COSTS = LayoutCosts(
    ParseCosts(0.05, 0.0033), start=0.3, write_per_file=0.012, write_per_dag=0.001, write_per_copy=2e-6
)


@dataclass(frozen=True)
class FakeCycle:
    """A cycle as the model would have it, with an error."""

    sizes: list[int]
    processes: int = 2
    error: float = 0.0

    @property
    def seconds(self) -> list[float]:
        return [COSTS.parse.parse_seconds(size) for size in self.sizes]

    @property
    def cycle(self) -> float:
        return COSTS.cycle_seconds(self.sizes, processes=self.processes) * (1 + self.error)


def test_fit_finds_the_costs_of_a_cycle() -> None:
    sizes = [[1] * 1000, shard_sizes(1000, 10), shard_sizes(1000, 50), [1000], shard_sizes(250, 10)]
    costs = fit_layouts([FakeCycle(size) for size in sizes])
    for unseen in (shard_sizes(1000, 100), shard_sizes(3000, 50), [1] * 300):
        for processes in (1, 2, 4):
            expected = COSTS.cycle_seconds(unseen, processes=processes)
            assert costs.cycle_seconds(unseen, processes=processes) == pytest.approx(expected, rel=1e-6)


def test_fit_is_never_negative_and_stays_near_when_the_machine_was_busy() -> None:
    layouts = [
        FakeCycle([1] * 100, error=0.2),
        FakeCycle(shard_sizes(100, 50), error=-0.2),
        FakeCycle([100], error=0.1),
        FakeCycle(shard_sizes(25, 10), error=-0.1),
    ]
    costs = fit_layouts(layouts)
    assert min(costs.start, costs.write_per_file, costs.write_per_dag, costs.write_per_copy) >= 0
    unseen = FakeCycle(shard_sizes(100, 10))
    assert relative_error(costs.cycle_seconds(unseen.sizes), unseen.cycle) < 0.5


def test_fit_needs_four_layouts() -> None:
    with pytest.raises(ValueError, match="four layouts at least; there are 3"):
        fit_layouts([FakeCycle([1] * 10), FakeCycle([10]), FakeCycle([5, 5])])


def test_a_cycle_is_never_shorter_than_its_longest_file() -> None:
    assert COSTS.cycle_seconds([1000], processes=8) > COSTS.longest_seconds([1000])
    assert COSTS.longest_seconds([1, 100], calls_per_dag=1, latency=0.1) > 10


@pytest.mark.parametrize(("dags", "limit"), [(1, 1), (7, 1), (100, 50), (100, 100), (1000, 50), (30, 2)])
def test_shard_sizes_are_those_that_dagfreeze_would_choose(dags: int, limit: int) -> None:
    ids = [f"dag_{number}" for number in range(dags)]
    files = arrange("factory.py", ids, choose(dict.fromkeys(ids, 0), limit))
    assert sorted(shard_sizes(dags, limit)) == sorted(len(header.dags) for header in files.values())


def test_fit_finds_the_costs_that_made_the_figures() -> None:
    true = ParseCosts(0.08, 0.0033)
    costs = fit([(dags, true.import_seconds(dags)) for dags in (1, 10, 100, 1000)])
    assert (costs.per_file, costs.per_dag) == pytest.approx((0.08, 0.0033))
    split = fit([(dags, true.import_seconds(dags)) for dags in (1, 1000)], serialization=0.0022)
    assert split.per_dag == pytest.approx(0.0011)
    assert split.parse_seconds(500) == pytest.approx(true.import_seconds(500))


def test_fit_is_never_negative_and_needs_two_sizes() -> None:
    assert fit([(10, 2.0), (1000, 1.0)]).per_dag == 0
    assert fit([(10, 0.001), (1000, 10.0)]).per_file == 0
    with pytest.raises(ValueError, match="two different sizes"):
        fit([(10, 1.0), (10, 1.1)])
