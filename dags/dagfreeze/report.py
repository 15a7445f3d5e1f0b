"""What a build says: its findings, failures and changes, in lines for a person and as JSON."""

from __future__ import annotations

import difflib
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from dagfreeze.build import Build
from dagfreeze.files.folder import Changes, listed
from dagfreeze.watching.reads import Read, sentence

_SHOWN = 10
_LINES = 30
"""Last lines of a traceback."""


def say(text: str) -> None:
    """Write to standard error; what its encoding does not know is escaped."""
    _print(text, sys.stderr)


def _print(text: str, stream: TextIO | None = None, end: str = "\n") -> None:
    target: TextIO | None = sys.stdout if stream is None else stream
    if target is None:  # closed by who started this
        return
    encoding = target.encoding or "utf-8"
    try:
        print(text.encode(encoding, "backslashreplace").decode(encoding), end=end, file=target, flush=True)
    except OSError:  # who reads it, such as `head`, has read enough; or the disk is full
        os.dup2(os.open(os.devnull, os.O_WRONLY), target.fileno())


def findings(build: Build) -> None:
    """Say what is decided at build time from now on, and what would differ in another build."""
    for source, reads in build.reads.items():
        if reads:
            say(f"{source} reads these when it is imported; if one of them changes, build again:")
            _list(_grouped(reads))
    for source, reads in build.read_by_modules.items():
        if reads:
            say(
                f"Frozen files of {source} import modules that read the environment, which a build does not decide:"
            )
            _list([sentence(read) for read in reads])
    for source, secrets in build.secrets.items():
        if secrets:
            say(
                f"Secrets of {source} are in its frozen files, and no task masks them in its log any more. "
                "Read them in tasks instead:"
            )
            _list([f"{what}, in {listed(dags)}" for what, dags in secrets])
    for source, variables in build.loop_variables.items():
        if variables:
            say(f"Tasks of {source} read a variable set by a loop; all get the value from the last round:")
            _list([f"{name}, in {listed(dags)}" for name, dags in variables])
    for source, messages in build.logged.items():
        if messages:
            say(f"{source} logged errors while it was imported; what they are about may be missing:")
            _list(messages)
    for source, names in build.environment.items():
        if names:
            say(f"{source} sets these when it is imported; tasks of frozen DAGs do not get them:")
            _list(names)
    if build.varying:
        say("These differ from import to import; each frozen file keeps one such value:")
        _list([f"{dag_id}: {what}" for dag_id, whats in sorted(build.varying.items()) for what in whats])
    if build.machine_paths:
        say("These DAGs contain a path on this machine:")
        _list([f"{dag_id}: {path}" for dag_id, path in build.machine_paths])
    for source, plan in build.plans.items():
        if plan.too_full:
            fullest = max(plan.too_full.values())
            say(
                f"{source}: {_count(len(plan.too_full), 'file')} over the limit of --dags-per-file or 256 "
                f"KiB; the fullest has {fullest.dags} DAGs. --reshard chooses the number of files again."
            )


def left_over(sources: Sequence[str], out: Path, bundle: Path) -> None:
    """Say whose DAGs Airflow still reads although their factory is gone."""
    for source in sources:
        say(
            f"{source} is not below {bundle} any more, but {out} still has its frozen files. To remove them, name "
            f"{bundle / source} as another SOURCE."
        )


def unread(files: Sequence[Path]) -> None:
    """Say which frozen files Airflow does not read."""
    if files:
        say(
            f"Airflow does not read {listed([str(file) for file in files])}, because a line of .airflowignore "
            "hides it. A line that begins with a slash, such as /factory.py, hides no file of that name elsewhere."
        )


def _grouped(reads: Sequence[Read]) -> list[str]:
    """Sentences, one for all reads of a line in a loop."""
    lines: dict[tuple[str, str, str], list[Read]] = {}
    for read in reads:
        lines.setdefault((read.kind, read.place, read.through), []).append(read)
    return [
        sentence(group[0])
        + (f"; likewise {listed([read.what for read in group[1:]])}" if len(group) > 1 else "")
        for group in lines.values()
    ]


def failures(build: Build) -> None:
    """Say why nothing was written."""
    for source, error in build.errors.items():
        say(f"{source}: Airflow cannot import it:")
        say("\n".join(f"  {line}" for line in error.strip().splitlines()))
        if "ModuleNotFoundError" in error:
            say("  If the module is part of your DAG folder, name the folder's root with --bundle.")
    for source, traceback in build.defects.items():
        say(f"{source}: dagfreeze itself fails on it. Please report this, with the file if you can share it:")
        say("\n".join(f"  {line}" for line in traceback.strip().splitlines()[-_LINES:]))
    alike: dict[tuple[str, str, str], list[str]] = {}
    for refusal in build.refusals:
        alike.setdefault((refusal.place, refusal.reason, refusal.remedy), []).append(refusal.dag_id)
    for (place, reason, remedy), dags in alike.items():
        who = f"the DAG {dags[0]} is" if len(dags) == 1 else f"the DAGs {listed(dags)} are"
        say(f"{place}: {who} refused: {reason.rstrip('.')}.")
        if remedy:
            say(f"  {remedy}")
    refused = {refusal.dag_id for refusal in build.refusals}
    frozen = len({*build.dags} - refused)
    say(f"{_count(frozen, 'DAG')} could be frozen, {len(refused)} refused. Nothing was written.")


def check(out: Path, build: Build) -> int:
    """Say whether the files are current.

    Returns:
        The exit status: 1 when they are not, or when an error was logged, because a DAG may be missing then.
    """
    changes = build.changes
    assert changes is not None
    if not changes:
        _print(f"{out}: current; {_count(changes.dags, 'DAG')} in {_count(len(changes.unchanged), 'file')}")
        return 1 if _say_of_logged(build) else 0
    for name in changes.write:
        say(f"{out / name}: {'differs' if name in changes.before else 'is missing'}")
    for name in changes.remove:
        say(f"{out / name}: nothing builds its DAGs any more")
    for what, dags in _kinds(changes).items():
        if dags:
            say(f"DAGs that would be {what}: {listed(dags)}")
    varying = {*changes.changed} & build.varying.keys()
    if varying:
        say(
            f"{listed(varying)}: a value differs from import to import (see above), so the frozen file is "
            "never current. Use a value that does not change."
        )
    if varying != {*changes.changed} or changes.added or changes.removed or changes.moved:
        say("Run the same command without --check, and commit what it writes.")
    return 1


def _kinds(changes: Changes) -> dict[str, tuple[str, ...]]:
    return {
        "added": changes.added,
        "changed": changes.changed,
        "removed": changes.removed,
        "moved": changes.moved,
    }


def _say_of_logged(build: Build) -> bool:
    logged = [source for source, messages in build.logged.items() if messages]
    if logged:
        say(f"Errors were logged while {listed(logged)} was imported (see above): DAGs may be missing.")
    return bool(logged)


def diff(out: Path, build: Build) -> None:
    """Show the changes as a unified diff, and say next to it what a build would change."""
    assert build.changes is not None
    _print("".join(_diff(out, build.changes)), end="")
    first, *others = (f"{len(ids)} {what}" for what, ids in _kinds(build.changes).items())
    say(
        f"Nothing was written. Of {_count(len(build.dags), 'DAG')}, "
        f"{first.replace(' ', ' would be ')}, {', '.join(others)}."
    )


def _diff(out: Path, changes: Changes) -> Iterator[str]:
    folder = Path(os.path.relpath(out)).as_posix()
    for name in sorted({*changes.write, *changes.remove}):
        before, after = changes.before.get(name), changes.write.get(name)
        lines = difflib.unified_diff(
            _lines(before),
            _lines(after),
            "/dev/null" if before is None else f"a/{folder}/{name}",
            "/dev/null" if after is None else f"b/{folder}/{name}",
        )
        yield from lines


def _lines(content: bytes | None) -> list[str]:
    return (content or b"").decode("utf-8", "backslashreplace").splitlines(keepends=True)


def summary(out: Path, build: Build) -> int:
    """Say what was written.

    Returns:
        The exit status: 1 when an error was logged, because a DAG may be missing then.
    """
    changes = build.changes
    assert changes is not None
    dags = len(build.dags)
    _print(
        f"{out}: {_count(dags, 'DAG')} frozen and proven, in {_count(len(build.files), 'file')}: "
        f"{len(changes.write)} written, {len(changes.remove)} deleted, {len(changes.unchanged)} unchanged; "
        "DAGs: " + ", ".join(f"{len(ids)} {what}" for what, ids in _kinds(changes).items())
    )
    if changes.remove:
        _print(f"Deleted: {listed(changes.remove)}")
    if len(changes.added) < dags or changes.removed:
        for what, ids in _kinds(changes).items():
            if ids:
                _print(f"DAGs {what}: {listed(ids)}")
    if changes.moved:
        _print(
            "Tasks of moved DAGs fail if they start before Airflow has found the new files: deploy when none "
            "is running, or clear them afterwards (longest wait: [dag_processor] refresh_interval, 300 s)."
        )
    return 1 if _say_of_logged(build) else 0


def advise(to_ignore: Sequence[str]) -> None:
    """Say what keeps Airflow from reading DAGs twice.

    Args:
        to_ignore: lines that ``.airflowignore`` does not have yet.
    """
    if to_ignore:
        what = "the factories" if len(to_ignore) > 1 else "the factory"
        _print(
            f"Airflow must not read {what} any more: add {listed(to_ignore)} to .airflowignore in the root of the "
            "bundle, exactly as it is written here."
        )


def say_of_some() -> None:
    """Say what to do with the DAGs of ``--only``."""
    _print(
        "These files are only for you to look at. Do not put them where Airflow looks for DAG files, because "
        "it must not read a DAG twice. Later, freeze all DAGs into another folder, or delete this one first: "
        "the number of files is chosen when a folder is new."
    )


def say_of_others() -> None:
    """Say what to do with files outside of the bundle."""
    _print("Airflow must not read a DAG twice: let it read the frozen files, and no longer the factory.")


def write(path: Path, build: Build) -> None:
    """Write everything as JSON.

    Args:
        path: the file.
        build: what was found out.
    """
    changes = build.changes
    refused = {refusal.dag_id for refusal in build.refusals}
    content = {
        "errors": build.errors,
        "defects": build.defects,
        "refused": [asdict(refusal) for refusal in build.refusals],
        "reads": {source: [read._asdict() for read in reads] for source, reads in build.reads.items()},
        "logged": build.logged,
        "environment": build.environment,
        "secrets": build.secrets,
        "read_by_modules": {
            source: [read._asdict() for read in reads] for source, reads in build.read_by_modules.items()
        },
        "loop_variables": build.loop_variables,
        "varying": build.varying,
        "machine_paths": [{"dag_id": dag_id, "path": path} for dag_id, path in build.machine_paths],
        "files": {
            name: {"source": header.source, "dags": header.dags}
            for plan in build.plans.values()
            for name, header in plan.files.items()
        },
        "too_full": {
            name: load._asdict() for plan in build.plans.values() for name, load in plan.too_full.items()
        },
        "written": sorted(changes.write) if changes else [],
        "deleted": list(changes.remove) if changes else [],
        "dags": {
            "frozen": len({*build.dags} - refused),
            "refused": len(refused),
            **({what: list(ids) for what, ids in _kinds(changes).items()} if changes else {}),
        },
    }
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _list(lines: list[str]) -> None:
    for line, times in Counter(lines).most_common(_SHOWN):
        say(f"  {line}" + (f" ({times} times)" if times > 1 else ""))
    if len(set(lines)) > _SHOWN:
        say(f"  and {len(set(lines)) - _SHOWN} more; --report FILE lists them all")


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
