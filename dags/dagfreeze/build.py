"""Freezes factories: imports them, writes their DAGs, proves the files, and says what would change in the folder."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dagfreeze.files.folder import Changes, compare, headers, listed
from dagfreeze.files.header import Header
from dagfreeze.files.shards import Plan, plan
from dagfreeze.proof.differences import differences
from dagfreeze.prover import Members, Prover, result
from dagfreeze.refusal import REMEDY, Refused
from dagfreeze.results import Loaded, Refusal
from dagfreeze.sources import Source
from dagfreeze.watching.reads import Read
from dagfreeze.worker import Defect, Job, JobFailed, Workers
from dagfreeze.writing.write import Block

Say = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """What to freeze, and where to.

    Attributes:
        out: folder of the frozen files.
        bundle: root of the bundle, which is on the path while DAG files are imported.
        dags_per_file: DAGs in a file, when the number of files is chosen.
        only: ids of the DAGs to freeze next to those that are frozen already; all without it.
        reshard: whether to choose the number of files again.
    """

    out: Path
    bundle: Path
    dags_per_file: int = 50
    only: frozenset[str] | None = None
    reshard: bool = False


@dataclass
class Build:
    """What freezing comes to.

    Attributes:
        errors: of DAG files that cannot be imported: path below the bundle, and Airflow's words.
        defects: of DAG files on which this package fails: path below the bundle, and a traceback.
        refusals: DAGs that cannot be frozen.
        reads: what the imports took from outside, by DAG file.
        varying: what differs between two imports: DAG, and a sentence for each difference.
        logged: errors that were logged by an import and not raised, by DAG file.
        environment: environment variables that an import has set, and `sys.path` if so, by DAG file.
        secrets: secrets in frozen files: what each is, and the DAGs, by DAG file.
        read_by_modules: what modules that frozen files import read of the environment, at each import, by DAG file.
        loop_variables: of a DAG file, that functions of its tasks read: name, and the DAGs, by DAG file.
        machine_paths: values with a path of this machine: DAG, and the value.
        plans: files of each source.
        files: name and content of each file.
        changes: how the folder differs.
    """

    errors: dict[str, str] = field(default_factory=dict)
    defects: dict[str, str] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    reads: dict[str, list[Read]] = field(default_factory=dict)
    varying: dict[str, list[str]] = field(default_factory=dict)
    machine_paths: list[tuple[str, str]] = field(default_factory=list)
    logged: dict[str, list[str]] = field(default_factory=dict)
    environment: dict[str, list[str]] = field(default_factory=dict)
    secrets: dict[str, list[tuple[str, list[str]]]] = field(default_factory=dict)
    read_by_modules: dict[str, list[Read]] = field(default_factory=dict)
    loop_variables: dict[str, list[tuple[str, list[str]]]] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    changes: Changes | None = None

    @property
    def dags(self) -> list[str]:
        """Ids of the DAGs that could be written."""
        return [dag for plan in self.plans.values() for header in plan.files.values() for dag in header.dags]

    @property
    def failed(self) -> bool:
        """Whether something keeps the build from being written."""
        return bool(self.errors or self.defects or self.refusals)


def build(sources: Sequence[Source], options: Options, workers: Workers, progress: Say) -> Build:
    """Freeze factories; writes nothing.

    Args:
        sources: DAG files.
        options: how.
        workers: processes to import in.
        progress: shows what goes on.

    Raises:
        FolderError: when the folder is in the way.
        Refused: when no source makes a DAG that ``--only`` names.
    """
    outcome = Build()
    old_headers = headers(options.out)
    present = [source for source in sources if source.path.exists()]
    loaded = _load(present, _only(options, old_headers), options, workers, progress, outcome)
    _check_ids(loaded, outcome)
    _check_only(options, loaded, outcome)
    families = _families(loaded)
    inherited_headers = _inherited(old_headers.values(), sources, families)
    for name, members in families.items():
        sizes = {dag_id: len(block.text.encode()) for dag_id, (_, block) in members.items()}
        if sizes:
            outcome.plans[name] = plan(
                inherited_headers, name, sizes, options.dags_per_file, reshard=options.reshard
            )
    prover = Prover(options.out, options.bundle, loaded, workers)
    _write(prover, families, outcome)
    _prove(prover, families, progress, outcome)
    if not outcome.failed:
        outcome.changes = compare(options.out, outcome.files, _covers(sources))
    return outcome


def _only(options: Options, old_headers: Mapping[str, Header]) -> frozenset[str] | None:
    if options.only is None:
        return None
    return options.only | {dag_id for header in old_headers.values() for dag_id in header.dags}


def _load(
    sources: Sequence[Source],
    only: frozenset[str] | None,
    options: Options,
    workers: Workers,
    progress: Say,
    outcome: Build,
) -> dict[Source, Loaded]:
    """Import each file twice: once to write its DAGs, once to see what differs."""
    places = (options.bundle, options.out, only)
    firsts = {source: Job("dagfreeze.load:first", (source.path, *places)) for source in sources}
    seconds = {source: Job("dagfreeze.load:again", (source.path, *places)) for source in sources}
    futures = {
        **{workers.start(job, 0): (source, True) for source, job in firsts.items()},
        **{workers.start(job, 1): (source, False) for source, job in seconds.items()},
    }
    results: dict[tuple[Source, bool], Any] = {}
    for future in _finished(
        {future: source.name for future, (source, _) in futures.items()}, "importing", progress
    ):
        source, first = futures[future]
        with _failing(source.name, outcome):
            results[source, first] = future.result()
    loaded = {source: results[source, True] for source in sources if (source, True) in results}
    for source, one in loaded.items():
        if one.error:
            outcome.errors[source.name] = one.error
        outcome.reads[source.name] = one.reads
        outcome.logged[source.name] = one.logged
        outcome.environment[source.name] = one.environment
        outcome.secrets[source.name] = one.secrets
        outcome.loop_variables[source.name] = one.loop_variables
        outcome.refusals += one.refusals
        outcome.machine_paths += one.machine_paths
        again = results.get((source, False), {})
        differing = {dag_id for dag_id, digest in one.digests.items() if again.get(dag_id) != digest}
        with _failing(source.name, outcome):
            if differing and not one.error:
                _say_what_differs(source, frozenset(differing), options, workers, outcome)
            if one.asks_for_wanted:
                stable = [dag_id for dag_id in one.digests if dag_id not in outcome.varying]
                _check_wanted(source, [*stable[:1], *stable[1:][-1:]], one.places, options, workers, outcome)
    return loaded


@contextmanager
def _failing(source: str, outcome: Build) -> Iterator[None]:
    """Keep the failure of a job for the source that it was about, so that the others go on."""
    try:
        yield
    except Defect as defect:
        outcome.defects[source] = str(defect)
    except JobFailed as failure:
        outcome.errors[source] = str(failure)


def _check_wanted(
    source: Source,
    ids: Sequence[str],
    places: Mapping[str, str],
    options: Options,
    workers: Workers,
    outcome: Build,
) -> None:
    """Refuse DAGs that are others when a task starts, by what `get_parsing_context` says then.

    Two DAGs are enough: the factory makes all of them by the same lines.
    """
    at = (source.path, options.bundle, options.out)
    plain = Job("dagfreeze.load:originals", (*at, frozenset(ids)))
    originals = workers.start(plain, 0).result()
    for dag_id in ids:
        form = workers.start(Job("dagfreeze.load:form_at_task_start", (*at, dag_id)), 0).result()
        sentences = differences(originals[dag_id], form, 1, then="when a task starts") if form else []
        if sentences:
            reason = f"it is another DAG when one of its tasks starts: {sentences[0]}"
            remedy = "Use what get_parsing_context() says to leave DAGs out, and for nothing else."
            outcome.refusals.append(Refusal(dag_id, places[dag_id], reason, remedy))


def _say_what_differs(
    source: Source, ids: frozenset[str], options: Options, workers: Workers, outcome: Build
) -> None:
    """Name what varies; refuse a DAG that is another one only because its making is noted."""
    places = (source.path, options.bundle, options.out, ids)
    plain = Job("dagfreeze.load:originals", places)
    noting = Job("dagfreeze.load:originals", (*places, True))
    one, other, watched = (workers.start(*job).result() for job in ((plain, 0), (plain, 1), (noting, 0)))
    for dag_id in sorted(ids):
        if not all(dag_id in forms for forms in (one, other, watched)):
            outcome.varying[dag_id] = ["it is not made at each import"]
            continue
        varying = differences(one[dag_id], other[dag_id], then="in another import")
        caused = differences(one[dag_id], watched[dag_id], 1)
        if varying:
            outcome.varying[dag_id] = varying
        elif caused:
            outcome.refusals.append(
                Refusal(
                    dag_id, source.name, f"it is another DAG when its making is noted: {caused[0]}", REMEDY
                )
            )


def _inherited(
    old_headers: Iterable[Header], sources: Sequence[Source], families: Mapping[str, Members]
) -> list[Header]:
    """Headers of the folder; those of a factory that was renamed get its new name, so that it keeps its files."""
    frozen_sources = {header.source for header in old_headers}
    gone = [source.name for source in sources if not source.path.exists()]
    new = [name for name in families if name not in frozen_sources]
    if len(gone) != 1 or len(new) != 1:
        return [*old_headers]
    return [replace(header, source=new[0]) if header.source == gone[0] else header for header in old_headers]


def _check_only(options: Options, loaded: Mapping[Source, Loaded], outcome: Build) -> None:
    dag_ids = {dag_id for one in loaded.values() for dag_id in one.digests}
    dag_ids |= {refusal.dag_id for refusal in outcome.refusals}
    unknown = sorted((options.only or frozenset()) - dag_ids)
    if unknown and not (outcome.errors or outcome.defects):
        like = difflib.get_close_matches(unknown[0], dag_ids) or sorted(dag_ids)
        raise Refused(
            f"--only {unknown[0]}: no DAG of that id is made", f"The closest ids are {listed(like)}."
        )


def check_emptied(before: Iterable[Header], families: Iterable[str], outcome: Build) -> None:
    """Refuse to remove all DAGs of a source that is still there: a service that answers nothing looks like that.

    Args:
        before: headers of the frozen files.
        families: sources that are there.
        outcome: what freezing them comes to.

    Raises:
        Refused: with the source, the number of its DAGs and the first of them.
    """
    removed = {*outcome.changes.removed} if outcome.changes else set()
    for family in sorted({*families} - outcome.plans.keys()):
        dags = {dag for header in before if header.source == family for dag in header.dags} & removed
        if dags:
            raise Refused(
                f"{family} makes no DAG any more, and {len(dags)} would be removed: {listed(dags)}",
                f"If they are to go, say so with --max-removed {len(removed)}; if not, look for what is missing in "
                "its sources.",
            )


def _check_ids(loaded: Mapping[Source, Loaded], outcome: Build) -> None:
    owners: dict[str, str] = {}
    for source, one in loaded.items():
        for dag_id in one.digests:
            if dag_id in owners:
                reason = f"{owners[dag_id]} makes a DAG of that id, too, and Airflow keeps one of the two"
                outcome.refusals.append(Refusal(dag_id, source.name, reason, "Give one of them another id."))
            owners.setdefault(dag_id, source.name)


def _families(loaded: Mapping[Source, Loaded]) -> dict[str, Members]:
    """Which DAGs may share a file: those of one DAG file, and those of a folder that need nothing at its top."""
    families: defaultdict[str, dict[str, tuple[Source, Block]]] = defaultdict(dict)
    for source, one in loaded.items():
        for dag_id, block in one.blocks.items():
            is_alone = block.tops or one.future_annotations
            families[source.name if is_alone else source.family][dag_id] = (source, block)
    return dict(families)


def _write(prover: Prover, families: Mapping[str, Members], outcome: Build) -> None:
    for name, one in outcome.plans.items():
        for file, header in one.files.items():
            try:
                outcome.files[file] = prover.text(header, families[name])
            except Refused as refusal:
                outcome.refusals += [
                    Refusal(dag_id, families[name][dag_id][0].name, refusal.reason, "Use --dags-per-file 1.")
                    for dag_id in header.dags
                ]


def _prove(prover: Prover, families: Mapping[str, Members], progress: Say, outcome: Build) -> None:
    """Import each written file, and refuse the DAGs that are not what they were."""
    files = {
        file: (header, families[name])
        for name, one in outcome.plans.items()
        for file, header in one.files.items()
        if file in outcome.files
    }
    futures = {
        prover.start(number % 2, file, outcome.files[file], header.dags, members): file
        for number, (file, (header, members)) in enumerate(files.items())
    }
    for future in _finished(futures, "proving", progress):
        header, members = files[futures[future]]
        with _failing(header.source, outcome):
            outcome.refusals += prover.refusals(futures[future], header, members, future)
            by_modules = outcome.read_by_modules.setdefault(header.source, [])
            reads = [read._replace(through="", times=1) for read in result(future).environment]
            by_modules += sorted({*reads} - {*by_modules})


def _covers(sources: Sequence[Source]) -> Callable[[str], bool]:
    files = {source.name for source in sources} | {source.family for source in sources}
    folders = {source.folder for source in sources if source.folder is not None}

    def covers(name: str) -> bool:
        return name in files or any(folder == "." or name.startswith(f"{folder}/") for folder in folders)

    return covers


def _finished(names: Mapping[Future[Any], str], what: str, progress: Say) -> Iterable[Future[Any]]:
    """Futures as they end; what is said meanwhile names the files that the others are for."""
    waiting = set(names)
    while waiting:
        ready, waiting = wait(waiting, timeout=0.5, return_when=FIRST_COMPLETED)
        yield from ready
        files = {names[future] for future in waiting}
        progress(
            f"{what}: {len({*names.values()}) - len(files)} of {len({*names.values()})} files; now {listed(files)}"
        )
