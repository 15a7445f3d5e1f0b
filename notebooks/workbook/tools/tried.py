"""Freezes DAGs of many origins, one DAG file after the other, and writes the results down.

``python -m workbook.tools.tried``: the table goes into ``dags/dagfreeze/tried.md``. Airflow's examples are those of the
environment; dag-factory, gusty and Cosmos are installed into ``.workbook/bench``, and their examples come from clones
of their repositories in ``.workbook/tried``, because no package has them. Nothing that is frozen is kept.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path

from dagfreeze.build import Options, build
from dagfreeze.refusal import Refused
from dagfreeze.sources import Source
from dagfreeze.worker import Job, Workers, workers
from workbook.bench.freeze import PROGRAMS, environment, installed_peers
from workbook.bench.machine import describe
from workbook.catalog import COMMITTED, dag_folder
from workbook.progress import progress
from workbook.services import config_service
from workbook.stack.database import migrated_database
from workbook.workspace import DAGS, ROOT, WORK

PAGE = DAGS / "dagfreeze" / "tried.md"
HERE = WORK / "tried"
REPOSITORIES = {
    "dag-factory": "astronomer/dag-factory",
    "gusty": "pipeline-tools/gusty",
    "astronomer-cosmos": "astronomer/astronomer-cosmos",
}
HOSTILE = "hard on purpose, `tests/dagfreeze/catalog`"

TEXT = """# What was tried

Written by `make freeze-table`, on {about}. A DAG counts as frozen when the file that was written for it, imported in
a fresh process, builds an equal DAG. Some DAGs differ from import to import, because they hold the current
time or a random value; their files keep the value from one import, and `dagfreeze` says so. A file that
cannot be imported here, because it needs a package or a service that is missing, has no DAGs to count.

Of the {dags} DAGs in all rows but the last, **{frozen} are frozen: {share} %**. The last row counts DAGs from
the tests of `dagfreeze`, which are as hard to freeze as we could make them.

| source | DAG files | not importable here | DAGs | frozen | of these, different at each import | refused |
|---|---|---|---|---|---|---|
{rows}"""


@dataclass
class Row:
    """Results for the DAG files of one origin.

    Attributes:
        origin: where they come from.
        files: how many there are.
        errors: kinds of errors of the files that cannot be imported here, counted.
        frozen: DAGs that were frozen and proven equal.
        refused: the other DAGs: kinds of reasons, counted.
        varying: DAGs that differ from import to import; their files keep the values of one import.
    """

    origin: str
    files: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    frozen: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    varying: int = 0

    @property
    def dags(self) -> int:
        """DAGs of the files that can be imported."""
        return self.frozen + self.refused.total()


def origins(service_url: str) -> Iterator[tuple[str, Path]]:
    """Where DAGs come from, each with the root of its bundle.

    Args:
        service_url: address of a configuration service, for the factories that ask one.

    Raises:
        FileNotFoundError: when a repository is not cloned.
    """
    commits = {name: _commit(name) for name in REPOSITORIES}
    yield "`dags/` of this repository", _own_dags(service_url)
    for name in ("airflow", "airflow.providers.standard"):
        spec = find_spec(name)
        assert spec and spec.submodule_search_locations
        yield f"example DAGs of `{name}`", Path(spec.submodule_search_locations[0]) / "example_dags"
    yield f"dag-factory, `dev/dags` at {commits['dag-factory']}", HERE / "dag-factory" / "dev" / "dags"
    yield f"gusty, `examples` at {commits['gusty']}", _gusty_examples()
    cosmos = HERE / "astronomer-cosmos" / "dev" / "dags"
    yield f"Cosmos, `dev/dags` at {commits['astronomer-cosmos']}", cosmos
    yield HOSTILE, ROOT / "tests" / "dagfreeze" / "catalog"


def tried(origin: str, bundle: Path, started: Workers) -> Row:
    """Freeze every DAG file of a folder, each alone."""
    listed = started.start(Job("dagfreeze.sources:listed", ([bundle], bundle)), 0).result()
    sources = [replace(source, folder=None) for source in listed]
    row = Row(origin)
    with progress(f"{origin}: {len(sources)} files") as bar, ThreadPoolExecutor(started.number) as pool:
        for alone in pool.map(lambda source: _alone(source, bundle, started), sources):
            row.files += 1
            row.errors += alone.errors
            row.frozen += alone.frozen
            row.refused += alone.refused
            row.varying += alone.varying
            bar.say(f"{row.files} of {len(sources)}")
    return row


def _alone(source: Source, bundle: Path, started: Workers) -> Row:
    row = Row(source.name, 1)
    try:
        result = build([source], Options(out=bundle / "frozen", bundle=bundle), started, lambda text: None)
    except Refused as refusal:
        row.errors[kind(refusal.reason)] += 1
        return row
    errors = result.errors | result.defects
    row.errors.update(map(error_kind, errors.values()))
    if not errors:
        reasons = {refusal.dag_id: kind(refusal.reason) for refusal in result.refusals}
        row.refused.update(reasons.values())
        row.frozen = len(set(result.dags) - reasons.keys())
        row.varying = len(result.varying.keys() - reasons.keys())
    return row


def kind(reason: str) -> str:
    """A reason without what is particular to one DAG: its names and values."""
    without_place = re.sub(r"^(?:(?:task|argument|group) .*?: )+", "", reason)
    first = re.split(r": |; ", without_place)[0]
    return re.sub(r"'[^']*'|\"[^\"]*\"|[\w<>]+(?:\.[\w<>]+)+", "…", first).rstrip(".")


def error_kind(error: str) -> str:
    """The name of the last exception of a traceback, or else the first line."""
    names = re.findall(r"^(?:\w+\.)*([A-Z]\w+)(?=: |$)", error, re.MULTILINE)
    return names[-1] if names else kind(error.strip().splitlines()[0])


def as_page(rows: Sequence[Row]) -> str:
    """The table, and a sentence about all but the hostile DAGs."""
    others = [row for row in rows if row.origin != HOSTILE]
    frozen, dags = sum(row.frozen for row in others), sum(row.dags for row in others)
    lines = [
        f"| {row.origin} | {row.files} | {_listed(row.errors)} | {row.dags} | {row.frozen} | {row.varying} "
        f"| {_listed(row.refused)} |\n"
        for row in rows
    ]
    machine = describe()
    return TEXT.format(
        about=f"Airflow {machine['Airflow']}, Python {machine['Python']}",
        dags=f"{dags:,}",
        frozen=f"{frozen:,}",
        share=f"{100 * frozen / max(dags, 1):.1f}",
        rows="".join(lines),
    )


def _listed(counts: Counter[str]) -> str:
    each = "<br>".join(f"{number}: {_escaped(what)}" for what, number in sorted(counts.most_common()))
    return f"{counts.total()}<br>{each}" if counts else "0"


def _escaped(text: str) -> str:
    return (
        text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace("|", "\\|")
        .replace("*", "\\*")
        .replace("_", "\\_")
    )


def _own_dags(service_url: str) -> Path:
    """This repository's DAGs but for the frozen ones; three copies in place of the file that is meant to be copied."""
    folder = HERE / "own"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(DAGS, folder, ignore=shutil.ignore_patterns("static", "dagfreeze", "__pycache__"))
    (folder / "dynamic" / "service.url").write_text(f"{service_url}\n", encoding="utf-8")
    (folder / "dynamic" / "file_per_dag.py").unlink()
    dag_folder(folder / "copies", "file_per_dag", 3)
    return folder


def _gusty_examples() -> Path:
    """gusty's examples, which are YAML alone, with a file that loads them."""
    folder = HERE / "gusty-examples"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(HERE / "gusty" / "examples", folder / "gusty")
    shutil.copy(PROGRAMS / "load_gusty.py", folder)
    return folder


def _commit(name: str) -> str:
    clone = HERE / name
    if not clone.is_dir():
        raise FileNotFoundError(
            f"clone the repository {REPOSITORIES[name]} into {clone.relative_to(ROOT)} first"
        )
    command = ["git", "rev-parse", "--short=10", "HEAD"]
    return subprocess.run(command, cwd=clone, capture_output=True, text=True, check=True).stdout.strip()


def main() -> int:
    """Freeze everything, write the page."""
    os.environ.update(environment(installed_peers()))
    migrated_database(WORK / "bench" / "airflow" / "airflow.db")
    rows = []
    try:
        with config_service(COMMITTED) as service, workers() as started:
            for origin, bundle in origins(service.url):
                rows.append(tried(origin, bundle, started))
                print(f"{origin}: {rows[-1].frozen} of {rows[-1].dags} DAGs frozen", flush=True)
    except FileNotFoundError as missing:
        print(f"Nothing was written: {missing}.", file=sys.stderr)
        return 2
    PAGE.write_text(as_page(rows), encoding="utf-8")
    print(f"Written: {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
