"""Freezes factories: imports them, writes their DAGs, proves the files, and says what would change in the folder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dagfreeze.files.folder import Changes, compare, headers
from dagfreeze.files.header import Header
from dagfreeze.files.shards import Plan, plan
from dagfreeze.proof.differences import differences
from dagfreeze.prover import Members, Prover
from dagfreeze.refusal import REMEDY, Refused
from dagfreeze.results import Loaded, Refusal
from dagfreeze.sources import Source
from dagfreeze.watching.reads import Read
from dagfreeze.worker import Job, JobFailed, Workers
from dagfreeze.writing.write import Block

Say = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """What to freeze, and where to.

    Attributes:
        out: folder of the frozen files.
        bundle: root of the bundle, which is on the path while DAG files are imported.
        dags_per_file: DAGs in a file, when the number of files is chosen.
        only: ids of the DAGs to freeze beside those that are frozen already; all without it.
        reshard: whether to choose the number of files anew.
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
        refusals: DAGs that cannot be frozen.
        reads: what the imports took from outside, by DAG file.
        varying: what differs between two imports: DAG, and a sentence for each difference.
        logged: errors that were logged by an import and not raised, by DAG file.
        environment: environment variables that an import has set, and `sys.path` if so, by DAG file.
        secrets: that stand in frozen files: what each is, and the DAGs, by DAG file.
        machine_paths: values with a path of this machine: DAG, and the value.
        plans: files of each source.
        files: name and content of each file.
        changes: how the folder differs.
    """

    errors: dict[str, str] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    reads: dict[str, list[Read]] = field(default_factory=dict)
    varying: dict[str, list[str]] = field(default_factory=dict)
    machine_paths: list[tuple[str, str]] = field(default_factory=list)
    logged: dict[str, list[str]] = field(default_factory=dict)
    environment: dict[str, list[str]] = field(default_factory=dict)
    secrets: dict[str, list[tuple[str, list[str]]]] = field(default_factory=dict)
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
        return bool(self.errors or self.refusals)


def build(sources: Sequence[Source], options: Options, workers: Workers, progress: Say) -> Build:
    """Freeze factories; writes nothing.

    Args:
        sources: DAG files.
        options: how.
        workers: processes to import in.
        progress: is told what goes on.

    Raises:
        FolderError: when the folder is in the way.
        Refused: when a DAG that ``--only`` names is not there.
    """
    made = Build()
    there = headers(options.out)
    present = [source for source in sources if source.path.exists()]
    loaded = _load(present, _only(options, there), options, workers, progress, made)
    _check_ids(loaded, made)
    _check_only(options, loaded, made)
    families = _families(loaded)
    known = _inherited(there.values(), sources, families)
    for name, members in families.items():
        sizes = {dag_id: len(block.text.encode()) for dag_id, (_, block) in members.items()}
        if sizes:
            made.plans[name] = plan(known, name, sizes, options.dags_per_file, reshard=options.reshard)
    prover = Prover(options.out, options.bundle, loaded, workers)
    _write(prover, families, made)
    _prove(prover, families, progress, made)
    if not made.failed:
        made.changes = compare(options.out, made.files, _covers(sources))
    return made


def _only(options: Options, there: Mapping[str, Header]) -> frozenset[str] | None:
    if options.only is None:
        return None
    return options.only | {dag_id for header in there.values() for dag_id in header.dags}


def _load(
    sources: Sequence[Source],
    only: frozenset[str] | None,
    options: Options,
    workers: Workers,
    progress: Say,
    made: Build,
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
    for future in _finished(futures, "importing, of", progress):
        source, first = futures[future]
        try:
            results[source, first] = future.result()
        except JobFailed as failure:
            made.errors[source.name] = str(failure)
    loaded = {source: results[source, True] for source in sources if (source, True) in results}
    for source, one in loaded.items():
        if one.error:
            made.errors[source.name] = one.error
        made.reads[source.name] = one.reads
        made.logged[source.name] = one.logged
        made.environment[source.name] = one.environment
        made.secrets[source.name] = one.secrets
        made.refusals += one.refusals
        made.machine_paths += one.machine_paths
        again = results.get((source, False), {})
        differing = {dag_id for dag_id, digest in one.digests.items() if again.get(dag_id) != digest}
        if differing and not one.error:
            _say_what_differs(source, frozenset(differing), options, workers, made)
        if one.asks_for_wanted:
            stable = [dag_id for dag_id in one.digests if dag_id not in made.varying]
            _check_wanted(source, [*stable[:1], *stable[1:][-1:]], one.places, options, workers, made)
    return loaded


def _check_wanted(
    source: Source,
    ids: Sequence[str],
    places: Mapping[str, str],
    options: Options,
    workers: Workers,
    made: Build,
) -> None:
    """Refuse DAGs that are others when a task starts, by what `get_parsing_context` says then.

    To look at two is enough: the factory makes all DAGs by the same lines.
    """
    at = (source.path, options.bundle, options.out)
    plain = Job("dagfreeze.load:originals", (*at, frozenset(ids)))
    originals = workers.start(plain, 0).result()
    for dag_id in ids:
        form = workers.start(Job("dagfreeze.load:wanted", (*at, dag_id)), 0).result()
        found = differences(originals[dag_id], form, 1, then="when a task starts") if form else []
        if found:
            reason = f"it is another DAG when one of its tasks starts: {found[0]}"
            remedy = "Use what get_parsing_context() says to leave DAGs out, and for nothing else."
            made.refusals.append(Refusal(dag_id, places[dag_id], reason, remedy))


def _say_what_differs(
    source: Source, ids: frozenset[str], options: Options, workers: Workers, made: Build
) -> None:
    """Name what varies; refuse a DAG that is another one only because its making is noted."""
    places = (source.path, options.bundle, options.out, ids)
    plain = Job("dagfreeze.load:originals", places)
    noted = Job("dagfreeze.load:originals", (*places, True))
    one, other, watched = (workers.start(*job).result() for job in ((plain, 0), (plain, 1), (noted, 0)))
    for dag_id in sorted(ids):
        if not all(dag_id in forms for forms in (one, other, watched)):
            made.varying[dag_id] = ["it is not made at each import"]
            continue
        varying = differences(one[dag_id], other[dag_id], then="a moment later")
        caused = differences(one[dag_id], watched[dag_id], 1)
        if varying:
            made.varying[dag_id] = varying
        elif caused:
            made.refusals.append(
                Refusal(
                    dag_id, source.name, f"it is another DAG when its making is noted: {caused[0]}", REMEDY
                )
            )


def _inherited(
    there: Iterable[Header], sources: Sequence[Source], families: Mapping[str, Members]
) -> list[Header]:
    """The headers that are there; a factory that was renamed keeps the number of its files."""
    known = {header.source for header in there}
    gone = [source.name for source in sources if not source.path.exists()]
    new = [name for name in families if name not in known]
    if len(gone) != 1 or len(new) != 1:
        return [*there]
    return [replace(header, source=new[0]) if header.source == gone[0] else header for header in there]


def _check_only(options: Options, loaded: Mapping[Source, Loaded], made: Build) -> None:
    known = {dag_id for one in loaded.values() for dag_id in one.digests}
    known |= {refusal.dag_id for refusal in made.refusals}
    unknown = sorted((options.only or frozenset()) - known)
    if unknown and not made.errors:
        raise Refused(
            f"--only {unknown[0]}: no DAG of that id is made", "Look for it in the sources, or in --report."
        )


def _check_ids(loaded: Mapping[Source, Loaded], made: Build) -> None:
    owners: dict[str, str] = {}
    for source, one in loaded.items():
        for dag_id in one.digests:
            if dag_id in owners:
                reason = f"{owners[dag_id]} makes a DAG of that id, too, and Airflow keeps one of the two"
                made.refusals.append(Refusal(dag_id, source.name, reason, "Give one of them another id."))
            owners.setdefault(dag_id, source.name)


def _families(loaded: Mapping[Source, Loaded]) -> dict[str, Members]:
    """Which DAGs may share a file: those of one DAG file, and those of a folder that need nothing at its top."""
    families: defaultdict[str, dict[str, tuple[Source, Block]]] = defaultdict(dict)
    for source, one in loaded.items():
        for dag_id, block in one.blocks.items():
            is_alone = block.tops or one.future_annotations
            families[source.name if is_alone else source.family][dag_id] = (source, block)
    return dict(families)


def _write(prover: Prover, families: Mapping[str, Members], made: Build) -> None:
    for name, one in made.plans.items():
        for file, header in one.files.items():
            try:
                made.files[file] = prover.text(header, families[name])
            except Refused as refusal:
                made.refusals += [
                    Refusal(dag_id, families[name][dag_id][0].name, refusal.reason, "Use --dags-per-file 1.")
                    for dag_id in header.dags
                ]


def _prove(prover: Prover, families: Mapping[str, Members], progress: Say, made: Build) -> None:
    """Import each written file, and refuse the DAGs that are not what they were."""
    files = {
        file: (header, families[name])
        for name, one in made.plans.items()
        for file, header in one.files.items()
        if file in made.files
    }
    futures = {
        prover.start(number % 2, file, made.files[file], header.dags, members): file
        for number, (file, (header, members)) in enumerate(files.items())
    }
    for future in _finished(futures, "proving, of", progress):
        made.refusals += prover.refusals(futures[future], *files[futures[future]], future)


def _covers(sources: Sequence[Source]) -> Callable[[str], bool]:
    files = {source.name for source in sources} | {source.family for source in sources}
    folders = {source.folder for source in sources if source.folder is not None}

    def covers(name: str) -> bool:
        return name in files or any(folder == "." or name.startswith(f"{folder}/") for folder in folders)

    return covers


def _finished(futures: Mapping[Future[Any], object], what: str, progress: Say) -> Iterable[Future[Any]]:
    waiting = set(futures)
    while waiting:
        done, waiting = wait(waiting, timeout=0.5, return_when=FIRST_COMPLETED)
        yield from done
        progress(f"{what} {len(futures)} files: {len(futures) - len(waiting)}")
