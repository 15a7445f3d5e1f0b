"""Every single change of a frozen file is noticed by the proof, or is shown, without it, to make no difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from mutants import Mutant, as_mutants_are_written, mutants

from dagfreeze.build import Options, build
from dagfreeze.sources import Source
from dagfreeze.worker import Job, Workers, workers

HERE = Path(__file__).parent
CATALOG = HERE / "catalog"
TESTS = HERE.parent
DAGS = TESTS.parent / "dags"
FROM_JSON = "dynamic/from_json.py"
PIPELINES = frozenset({"friedman_smith_payments_apac", "henderson_ltd_store_visits_latam"})
EVERY = 20
"""Which of the mutants that the proof notices get a second look: every twentieth of a file."""

FACTORIES = (
    "callbacks",
    "dag_settings",
    "deadlines",
    "edges_in_every_way",
    "function_closures",
    "function_helpers",
    "function_syntax",
    "group_nested",
    "operator_of_the_file",
    "operators_classic",
    "operators_mapped",
    "params_and_schema",
    "schedules_assets",
    "taskflow_flavours",
    "taskflow_mapped",
    "taskflow_setup_teardown",
)
"""Files of the catalog that together have every kind of task, of edge and of copied code."""

FLOORS = {
    "a constant changed": 400,
    "a keyword dropped": 300,
    "a positional argument dropped": 100,
    "an item dropped": 150,
    "an edge dropped": 50,
    "an edge reversed": 50,
    "an operator turned": 30,
    "a condition negated": 20,
    "a statement dropped": 150,
    "a decorator dropped": 10,
}
"""How many mutants of each kind there are at least."""

pytestmark = [pytest.mark.airflow, pytest.mark.timeout(900)]


@dataclass(frozen=True)
class Frozen:
    """A frozen file.

    Attributes:
        target: where it is going to be.
        bundle: root of its bundle.
        text: its text, as the mutants of it are written.
        worker: whether a worker with an even or an odd seed is asked about it.
    """

    target: Path
    bundle: Path
    text: str
    worker: int

    def ask(self, started: Workers, question: str, *arguments: Any) -> Future[Any]:
        """Ask `second_look` about this file."""
        job_arguments = (self.text, *arguments, self.target, self.bundle)
        return started.start(Job(f"second_look:{question}", job_arguments), self.worker)


@dataclass(frozen=True)
class Judged:
    """A mutant, and what became of it.

    Attributes:
        mutant: the change.
        noticed: what told the proof of it; nothing if it was not noticed.
        differences: where the second look sees one; None if it was not asked.
    """

    mutant: Mutant
    noticed: str
    differences: tuple[str, ...] | None = None

    def __str__(self) -> str:
        change = f"{self.mutant.file}:{self.mutant.line}: {self.mutant.kind}: {self.mutant.before}"
        return f"{change}: noticed by {self.noticed or 'nobody'}, differs at {self.differences}"


@pytest.fixture(scope="module")
def started() -> Iterator[Workers]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(TESTS))
        with workers() as running:
            yield running


@pytest.fixture(scope="module")
def frozen(started: Workers, tmp_path_factory: pytest.TempPathFactory) -> list[Frozen]:
    out = tmp_path_factory.mktemp("frozen")
    catalog = [Source(CATALOG / f"{name}.py", f"{name}.py", None) for name in FACTORIES]
    dynamic = [Source(DAGS / FROM_JSON, FROM_JSON, None)]
    return [
        *_files(catalog, Options(out / "catalog", CATALOG), started),
        *_files(dynamic, Options(out / "dynamic", DAGS, only=PIPELINES), started),
    ]


def _files(sources: Sequence[Source], options: Options, started: Workers) -> Iterator[Frozen]:
    result = build(sources, options, started, lambda text: None)
    assert not result.failed, (result.errors, result.refusals)
    for number, (name, content) in enumerate(result.files.items()):
        text = as_mutants_are_written(content.decode())
        yield Frozen(options.out / name, options.bundle, text, number % 2)


@pytest.fixture(scope="module")
def judged(started: Workers, frozen: list[Frozen]) -> list[Judged]:
    """Every mutant, proved; with a second look at each that the proof does not notice, and at some of the others."""
    mutants_of_files = [mutants(one.target.name, one.text) for one in frozen]
    proofs = [
        one.ask(started, "proved", [mutant.text for mutant in those])
        for one, those in zip(frozen, mutants_of_files, strict=True)
    ]
    proved = [
        [Judged(mutant, noticed) for mutant, noticed in zip(those, proof.result(), strict=True)]
        for those, proof in zip(mutants_of_files, proofs, strict=True)
    ]
    again = [_looked_at_again(those) for those in proved]
    looks = [
        one.ask(started, "looked_at", [each.mutant.text for each in those])
        for one, those in zip(frozen, again, strict=True)
    ]
    judgements = {
        each: replace(each, differences=tuple(differences))
        for those, look in zip(again, looks, strict=True)
        for each, differences in zip(those, look.result(), strict=True)
    }
    return [judgements.get(each, each) for those in proved for each in those]


def _looked_at_again(proved: list[Judged]) -> list[Judged]:
    unnoticed = [one for one in proved if not one.noticed]
    return unnoticed + [one for one in proved if one.noticed == "digest"][::EVERY]


def test_there_are_many_mutants_of_each_kind(judged: list[Judged]) -> None:
    counts = Counter(one.mutant.kind for one in judged)
    assert counts.keys() == FLOORS.keys()
    assert {kind: count for kind, count in counts.items() if count < FLOORS[kind]} == {}


def test_a_mutant_is_noticed_or_makes_no_difference(judged: list[Judged]) -> None:
    holes = [one for one in judged if not one.noticed and one.differences]
    assert not holes, "\n".join(map(str, holes))


def test_almost_all_mutants_are_noticed(judged: list[Judged]) -> None:
    assert sum(bool(one.noticed) for one in judged) > 0.95 * len(judged)


def test_the_second_look_sees_what_the_proof_sees(judged: list[Judged]) -> None:
    both = [one for one in judged if one.noticed and one.differences is not None]
    blind = [one for one in both if not one.differences]
    assert len(both) > 50
    assert not blind, "\n".join(map(str, blind))


def test_only_the_wanted_dag_is_made_when_a_task_starts(started: Workers, frozen: list[Frozen]) -> None:
    for answer in [one.ask(started, "guarded") for one in frozen]:
        dags_by_id = answer.result()
        assert dags_by_id and all(dags == [dag_id] for dag_id, dags in dags_by_id.items())
