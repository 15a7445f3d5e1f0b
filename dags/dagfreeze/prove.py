"""Imports a written file in the process of a job, and describes what it makes: all of it, and for each task."""

from __future__ import annotations

import functools
import importlib.machinery
import linecache
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from dagfreeze.importable import own_modules
from dagfreeze.load import ImportFailed, form_of, imported
from dagfreeze.proof import forms
from dagfreeze.refusal import Refused
from dagfreeze.results import OTHER_MODULE, Proof
from dagfreeze.watching import reads
from dagfreeze.watching.stand_ins import WANTED_DAG


def prove(
    text: bytes,
    target: Path,
    bundle: Path,
    expected: dict[str, str],
    searches: dict[str, bool],
    modules: dict[str, str],
) -> Proof:
    """Import a written file as if it were in its place already: for all its DAGs, and as each of their tasks does.

    Args:
        text: its content.
        target: its place.
        bundle: root of the bundle.
        expected: ids of the DAGs to the digests of the originals.
        searches: which of the DAGs look for template files next to their source.
        modules: what their sources have imported of the reader's own: name, and file.
    """
    proof = Proof()
    with _in_place_of(target, text):
        try:
            with reads.watch(target, bundle) as get_reads:
                module, dags = imported(target, bundle)
        except ImportFailed as failure:
            proof.error = str(failure)
            return proof
        for read in get_reads():
            by_module = read.kind == "environment" and read.through
            if read.kind != "wanted":  # its guards ask for it
                (proof.environment if by_module else proof.reads).append(read)
        for name, file in own_modules().items():
            if modules.get(name, file) != file:
                proof.error = f"{OTHER_MODULE} {name}: {file} instead of {modules[name]}"
                return proof
        _compare(proof, module, dags, expected, searches)
        for dag_id in [dag.dag_id for dag in dags if dag.dag_id not in proof.forms]:
            module, dags = _import_for_task(dag_id, target, bundle)
            if [dag.dag_id for dag in dags] != [dag_id]:
                names = ", ".join(dag.dag_id for dag in dags) or "no DAG"
                proof.error = f"a task of {dag_id} that starts finds {names}"
            _compare(proof, module, dags, expected, searches)
    return proof


def _import_for_task(dag_id: str, target: Path, bundle: Path) -> tuple[ModuleType, list[Any]]:
    """Import a file as a task start does, which wants one DAG."""
    os.environ[WANTED_DAG] = dag_id
    try:
        return imported(target, bundle)
    except ImportFailed:
        return ModuleType("no_module"), []
    finally:
        del os.environ[WANTED_DAG]


def _compare(
    proof: Proof, module: ModuleType, dags: Sequence[Any], expected: dict[str, str], searches: dict[str, bool]
) -> None:
    for dag in dags:
        try:
            search_path = list(dag.template_searchpath or ()) if searches.get(dag.dag_id) else None
            form = form_of(dag, module, search_path)
        except (Refused, RecursionError) as failure:
            proof.error = f"{dag.dag_id}: {failure}"
            continue
        proof.digests[dag.dag_id] = forms.digest(form)
        if proof.digests[dag.dag_id] != expected.get(dag.dag_id):
            proof.forms[dag.dag_id] = form


@contextmanager
def _in_place_of(target: Path, text: bytes) -> Iterator[None]:
    """Let Python find a text where a file is or will be."""
    loader = importlib.machinery.SourceFileLoader
    real_data, real_code = loader.get_data, loader.get_code
    real_isfile = os.path.isfile
    compiled = functools.cache(lambda: compile(text, str(target), "exec", dont_inherit=True))

    def get_data(self: Any, path: str) -> bytes:
        return text if path == str(target) else real_data(self, path)

    def get_code(self: Any, fullname: str) -> CodeType | None:
        return compiled() if self.path == str(target) else real_code(self, fullname)

    loader.get_data, loader.get_code = get_data, get_code  # type: ignore[method-assign]
    os.path.isfile = lambda path: str(path) == str(target) or real_isfile(path)
    lines = text.decode().splitlines(keepends=True)
    linecache.cache[str(target)] = (
        len(text),
        None,
        lines,
        str(target),
    )  # Airflow stores the source of callbacks
    try:
        yield
    finally:
        loader.get_data, loader.get_code = real_data, real_code  # type: ignore[method-assign]
        os.path.isfile = real_isfile
