"""Imports a DAG file as Airflow's DAG processor does, in the process of a job; everything else follows from that."""

from __future__ import annotations

import gc
import logging
import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import ModuleType
from typing import Any

from dagfreeze.proof import forms
from dagfreeze.refusal import REMEDY, Refused
from dagfreeze.results import Loaded, Refusal
from dagfreeze.values.code import string
from dagfreeze.values.paths import Paths
from dagfreeze.versions import check_cycle, import_file
from dagfreeze.watching import reads
from dagfreeze.watching.noting import noting
from dagfreeze.watching.registrations import noting_registrations
from dagfreeze.watching.secrets import secrets
from dagfreeze.watching.stand_ins import WANTED_DAG
from dagfreeze.worker import spread
from dagfreeze.writing.copies import Copies
from dagfreeze.writing.write import by_dag, write

_SHOWN = 500
"""Characters of an error that was logged; YAML's show the lines around it as well."""


class ImportFailed(Exception):
    """The DAG file cannot be imported; the message is what Airflow would record."""


def first(file: Path, bundle: Path, out: Path, only: frozenset[str] | None) -> Loaded:
    """Import a factory and write its DAGs.

    Args:
        file: the DAG file.
        bundle: root of its bundle.
        out: the folder of the frozen files.
        only: ids of the DAGs to write; all without it.
    """
    loaded = Loaded()
    before = dict(os.environ)
    try:
        with _logged_errors() as logged, reads.watch(file, bundle) as noted, noting(str(file)) as notes:
            module, dags = imported(file, bundle)
    except ImportFailed as failure:
        loaded.error = str(failure)
        return loaded
    found = noted()
    loaded.reads = [read for read in found if read.kind != "wanted"]
    loaded.asks_for_wanted, loaded.logged = len(loaded.reads) < len(found), logged
    loaded.environment = sorted(name for name, value in os.environ.items() if before.get(name) != value)
    events = by_dag(notes)
    order = {key: number for number, key in enumerate(events)}
    dags = sorted(
        (dag for dag in dags if only is None or dag.dag_id in only), key=lambda dag: order.get(id(dag), -1)
    )
    gc.freeze()  # forks share what is there as long as nobody touches it

    def written(part: Sequence[Any]) -> Loaded:
        return _written(part, Copies(module, notes, Paths(file, bundle, out)), events)

    for part in spread(written, dags):
        _join(loaded, part)
    loaded.secrets = _secrets_in(loaded)
    return loaded


def _secrets_in(loaded: Loaded) -> list[tuple[str, list[str]]]:
    top = "".join(one.code for one in loaded.tops.values())
    texts = {dag_id: block.text for dag_id, block in loaded.blocks.items()}
    found = []
    for what, value in secrets(loaded.reads).items():
        written = string(value)[1:-1]
        dags = [dag_id for dag_id, text in texts.items() if written in text]
        if dags or written in top:
            found.append((what, dags))
    return found


class _Collector(logging.Handler):
    def __init__(self, messages: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._messages = messages

    def emit(self, record: logging.LogRecord) -> None:
        text = f"{record.name}: {record.getMessage()}".partition("\n")[0]
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            text += " ".join(f": {type(error).__name__}: {error}".split())[:_SHOWN]
        self._messages.append(text)


@contextmanager
def _logged_errors() -> Iterator[list[str]]:
    messages: list[str] = []
    handler = _Collector(messages)
    logging.getLogger().addHandler(handler)
    try:
        yield messages
    finally:
        logging.getLogger().removeHandler(handler)


def _written(dags: Sequence[Any], copies: Copies, events: Any) -> Loaded:
    loaded, paths = Loaded(), copies.paths
    for dag in dags:
        own = events.get(id(dag))
        place = paths.below(paths.file)
        if own and own.call.place.line:
            place += f":{own.call.place.line}"
        loaded.places[dag.dag_id] = place
        try:
            if own is None:
                raise Refused(
                    "it was not made by a call of DAG(…)", "Make it by its constructor, in this file."
                )
            search_path = paths.search_path(dag)
            block = write(dag, own, copies, search_path)
            form = form_of(dag, copies.module, search_path)
            loaded.blocks[dag.dag_id] = block
            loaded.digests[dag.dag_id] = forms.digest(form)
        except Refused as refusal:
            loaded.refusals.append(Refusal(dag.dag_id, place, refusal.reason, refusal.remedy or REMEDY))
        except RecursionError:
            loaded.refusals.append(Refusal(dag.dag_id, place, "its values are nested too deeply", ""))
        loaded.machine_paths += [(dag.dag_id, path) for path in paths.foreign()]
    loaded.tops = copies.tops
    loaded.future_annotations = copies.future_annotations
    return loaded


def _join(loaded: Loaded, part: Loaded) -> None:
    loaded.digests |= part.digests
    loaded.places |= part.places
    loaded.blocks |= part.blocks
    loaded.tops |= part.tops
    loaded.future_annotations |= part.future_annotations
    loaded.refusals += part.refusals
    loaded.machine_paths += part.machine_paths


def again(file: Path, bundle: Path, out: Path, only: frozenset[str] | None) -> dict[str, str]:
    """Import a factory and describe its DAGs, to see what differs from import to import.

    Returns:
        Id to digest; nothing of a DAG that cannot be described, and nothing at all when the import fails.
    """
    try:
        module, dags = imported(file, bundle)
    except ImportFailed:
        return {}
    dags = [dag for dag in dags if only is None or dag.dag_id in only]
    paths = Paths(file, bundle, out)

    def described(part: Sequence[Any]) -> dict[str, str]:
        return {dag_id: forms.digest(form) for dag_id, form in _forms(part, module, paths).items()}

    return {dag_id: digest for part in spread(described, dags) for dag_id, digest in part.items()}


def originals(
    file: Path, bundle: Path, out: Path, only: frozenset[str], noted: bool = False
) -> dict[str, Any]:
    """The forms of some DAGs of a factory, to say what differs.

    Args:
        file: the DAG file.
        bundle: root of its bundle.
        out: the folder of the frozen files.
        only: ids of the DAGs.
        noted: whether to note what happens meanwhile, as `first` does.
    """
    try:
        with noting(str(file)) if noted else nullcontext():
            module, dags = imported(file, bundle)
    except ImportFailed:
        return {}
    return _forms([dag for dag in dags if dag.dag_id in only], module, Paths(file, bundle, out))


def wanted(file: Path, bundle: Path, out: Path, dag_id: str) -> Any:
    """The form of a DAG as its factory makes it when a task of it starts; None if it makes none."""
    os.environ[WANTED_DAG] = dag_id
    return originals(file, bundle, out, frozenset([dag_id])).get(dag_id)


def _forms(dags: Sequence[Any], module: ModuleType, paths: Paths) -> dict[str, Any]:
    described = {}
    for dag in dags:
        try:
            described[dag.dag_id] = form_of(dag, module, paths.search_path(dag))
        except (Refused, RecursionError):
            continue
    return described


def form_of(dag: Any, module: ModuleType, search_path: list[str] | None) -> Any:
    """The form of a DAG after Airflow has read its template files."""
    dag.resolve_template_files()
    return forms.dag_form(dag, module=module.__name__, search_path=search_path)


def imported(file: Path, bundle: Path) -> tuple[ModuleType, list[Any]]:
    """Import a DAG file as Airflow does, the root of its bundle on the path; cluster policies are left out.

    Returns:
        Its module, and its DAGs.

    Raises:
        ImportFailed: in Airflow's words.
    """
    if str(bundle) not in sys.path:
        sys.path.append(str(bundle))
    warnings.simplefilter("ignore")
    with noting_registrations():
        errors, dags = import_file(file, bundle)
    if errors:
        raise ImportFailed("\n".join(errors))
    ids: dict[str, Any] = {}
    for dag in dags:
        try:
            dag.validate()
            check_cycle(dag)
        except Exception as error:
            raise ImportFailed(f"{type(error).__name__}: {error}") from None
        if ids.get(dag.dag_id) is dag:
            continue
        if dag.dag_id in ids:
            raise ImportFailed(f"AirflowDagDuplicatedIdException: it has two DAGs with the id {dag.dag_id}")
        ids[dag.dag_id] = dag
    return _module_of(file), list(ids.values())


def _module_of(file: Path) -> ModuleType:
    for module in list(sys.modules.values()):
        if getattr(module, "__file__", None) == str(file) and module.__name__.startswith("unusual_prefix_"):
            return module
    return ModuleType("no_module")
