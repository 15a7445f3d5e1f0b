"""Imports a DAG file as Airflow's DAG processor does, in the process of a job; everything else follows from that."""

from __future__ import annotations

import decimal
import gc
import logging
import os
import re
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import quote

from airflow.configuration import conf

from dagfreeze.importable import own_modules
from dagfreeze.proof import forms
from dagfreeze.refusal import REMEDY, Refused
from dagfreeze.results import Loaded, Refusal
from dagfreeze.values.code import string
from dagfreeze.values.paths import Paths, check_templates
from dagfreeze.versions import check_cycle, import_file
from dagfreeze.watching import reads
from dagfreeze.watching.noting import noting
from dagfreeze.watching.registrations import noting_registrations
from dagfreeze.watching.secrets import entries, secrets
from dagfreeze.watching.stand_ins import WANTED_DAG
from dagfreeze.worker import spread
from dagfreeze.writing.copies import Copies
from dagfreeze.writing.homes import needed
from dagfreeze.writing.source import source_of
from dagfreeze.writing.write import by_dag, write

_NOTING = str(Path(__file__).parent / "watching")
_DEPTH = "dagbag_import_error_traceback_depth"
_FRAME = re.compile(r'^  File "[^\n]*\n(?:    [^\n]*\n)*', re.MULTILINE)

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
    before, searched = _settings(), {*sys.path, str(bundle)}
    try:
        with _logged_errors() as logged, reads.watch(file, bundle) as get_reads, noting(str(file)) as notes:
            module, dags = imported(file, bundle)
    except ImportFailed as failure:
        loaded.error = str(failure)
        return loaded
    all_reads = get_reads()
    loaded.reads = [read for read in all_reads if read.kind != "wanted"]
    loaded.asks_for_wanted, loaded.logged = len(loaded.reads) < len(all_reads), logged
    loaded.environment = sorted(name for name, value in _settings().items() if before.get(name) != value)
    loaded.environment += ["sys.path"] if {*sys.path} - searched else []
    loaded.modules = own_modules()
    events = by_dag(notes)
    order = {key: number for number, key in enumerate(events)}
    dags = sorted(
        (dag for dag in dags if only is None or dag.dag_id in only), key=lambda dag: order.get(id(dag), -1)
    )
    gc.freeze()  # forks share memory as long as nobody writes to it

    loaded.places = {dag.dag_id: _place(events.get(id(dag)), Paths(file, bundle, out)) for dag in dags}
    # In a process of its own: writing an object tries some calls, which may change other objects.
    for part in spread(lambda part: _digests(part, module, Paths(file, bundle, out), loaded.places), dags):
        _join(loaded, part)

    reading = {read.place.rpartition(":")[0] for read in loaded.reads}

    def write_part(part: Sequence[Any]) -> Loaded:
        copies = Copies(module, notes, Paths(file, bundle, out), reading)
        return _write_dags(part, copies, events, loaded.places)

    unformed, loaded.refusals = loaded.refusals, []
    for part in spread(write_part, dags):
        _join(loaded, part)
    refused_ids = {refusal.dag_id for refusal in loaded.refusals}  # with the more exact reason
    loaded.refusals += [refusal for refusal in unformed if refusal.dag_id not in refused_ids]
    loaded.blocks = {dag_id: block for dag_id, block in loaded.blocks.items() if dag_id in loaded.digests}
    loaded.secrets = _secrets_in(loaded)
    loaded.loop_variables = _loop_variables_in(loaded, file)
    return loaded


def _settings() -> dict[str, str]:
    """What holds for the whole process and is easy to ask for, by its name: variables of the environment, and more."""
    context = decimal.getcontext().copy()
    context.clear_flags()  # what has happened in calculations
    mask = os.umask(0)
    os.umask(mask)
    return {**os.environ, "os.umask": oct(mask), "the context of decimal": repr(context)}


def _place(events: Any, paths: Paths) -> str:
    place = paths.below(paths.file)
    return f"{place}:{events.call.place.line}" if events and events.call.place.line else place


def _secrets_in(loaded: Loaded) -> list[tuple[str, list[str]]]:
    values = secrets(loaded.reads)
    texts = {
        what: [string(form)[1:-1] for form in (value, quote(value, safe=""))]  # the latter in an address
        for what, value in values.items()
    }
    dags: dict[str, list[str]] = {what: [] for what in values}
    for dag_id, block in loaded.blocks.items():
        tops = (loaded.tops[name].code for name in needed(loaded.tops, block.tops))
        code = "\n".join([block.text, *tops])
        present = [what for what in values if any(text in code for text in texts[what])]
        read_texts = {text for what in present for text in texts[what]}
        present += sorted({f"Perhaps one: {name}" for name, text in entries(code) if text not in read_texts})
        for what in present:
            dags.setdefault(what, []).append(dag_id)
    return [(what, ids) for what, ids in dags.items() if ids]


def _loop_variables_in(loaded: Loaded, file: Path) -> list[tuple[str, list[str]]]:
    """The variables of loops that copied functions look up, and the DAGs of these functions."""
    dags: dict[str, list[str]] = {}
    for dag_id, block in loaded.blocks.items():
        if block.tops:
            for name in sorted(needed(loaded.tops, block.tops) & source_of(str(file)).loop_variables):
                dags.setdefault(name, []).append(dag_id)
    return [*dags.items()]


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


def _digests(dags: Sequence[Any], module: ModuleType, paths: Paths, places: Mapping[str, str]) -> Loaded:
    loaded = Loaded()
    for dag in dags:
        with _refusing(dag, loaded, places):
            check_templates(dag)
            loaded.digests[dag.dag_id] = forms.digest(form_of(dag, module, paths.search_path(dag)))
            check_templates(dag)  # which now hold the content of files
    return loaded


def _write_dags(dags: Sequence[Any], copies: Copies, events: Any, places: Mapping[str, str]) -> Loaded:
    loaded, paths = Loaded(), copies.paths
    for dag in dags:
        dag_events = events.get(id(dag))
        with _refusing(dag, loaded, places):
            if dag_events is None:
                raise Refused(
                    "it was not made by a call of DAG(…)", "Make it by its constructor, in this file."
                )
            loaded.blocks[dag.dag_id] = write(dag, dag_events, copies, paths.search_path(dag))
        loaded.machine_paths += [(dag.dag_id, path) for path in paths.foreign()]
    loaded.tops = copies.tops
    loaded.future_annotations = copies.future_annotations
    return loaded


@contextmanager
def _refusing(dag: Any, loaded: Loaded, places: Mapping[str, str]) -> Iterator[None]:
    try:
        yield
    except Refused as refusal:
        reason, remedy = refusal.reason, refusal.remedy or REMEDY
    except RecursionError:
        reason, remedy = "its values are nested too deeply", ""
    else:
        return
    loaded.refusals.append(Refusal(dag.dag_id, places[dag.dag_id], reason, remedy))


def _join(loaded: Loaded, part: Loaded) -> None:
    loaded.digests |= part.digests
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
    file: Path, bundle: Path, out: Path, only: frozenset[str], take_notes: bool = False
) -> dict[str, Any]:
    """The forms of some DAGs of a factory, to say what differs.

    Args:
        file: the DAG file.
        bundle: root of its bundle.
        out: the folder of the frozen files.
        only: ids of the DAGs.
        take_notes: whether to note what happens meanwhile, as `first` does.
    """
    try:
        with noting(str(file)) if take_notes else nullcontext():
            module, dags = imported(file, bundle)
    except ImportFailed:
        return {}
    return _forms([dag for dag in dags if dag.dag_id in only], module, Paths(file, bundle, out))


def form_at_task_start(file: Path, bundle: Path, out: Path, dag_id: str) -> Any:
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
    with noting_registrations(), _more_frames() as depth:
        errors, dags = import_file(file, bundle)
    if errors:
        raise ImportFailed("\n".join(_without_own_frames(error, depth) for error in errors))
    ids: dict[str, Any] = {}
    for dag in dags:
        dag.dag_id = str.__str__(dag.dag_id)  # another process does not know an enum of the DAG file
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


@contextmanager
def _more_frames() -> Iterator[int]:
    """Let Airflow quote more of a traceback, so that the reader's frames are in it next to those that take notes."""
    depth = conf.getint("core", _DEPTH)
    conf.set("core", _DEPTH, str(depth + 10))
    try:
        yield depth
    finally:
        conf.set("core", _DEPTH, str(depth))


def _without_own_frames(text: str, depth: int) -> str:
    """An error as Airflow would record it, which quotes the last ``depth`` frames of a traceback."""
    frames = [match[0] for match in _FRAME.finditer(text)]
    others = [frame for frame in frames if _NOTING not in frame]
    last_frames = others[-depth:] if text.count("Traceback (most") == 1 else others
    for frame in frames:
        if frame not in last_frames:
            text = text.replace(frame, "", 1)
    return text


def _module_of(file: Path) -> ModuleType:
    for module in list(sys.modules.values()):
        if getattr(module, "__file__", None) == str(file) and module.__name__.startswith("unusual_prefix_"):
            return module
    return ModuleType("no_module")
