"""The command line: ``python -m dagfreeze SOURCE… --out DIR``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from dagfreeze import report
from dagfreeze.build import Options, build, check_emptied
from dagfreeze.files.folder import FolderError, check_removals, headers
from dagfreeze.files.replace import locked, replace
from dagfreeze.progress import Progress
from dagfreeze.refusal import Refused
from dagfreeze.sources import SourceError, bundle_of, check, check_same, gone
from dagfreeze.worker import Defect, Job, JobFailed, workers

_STOPPED = "Stopped. Every file is either old or new; run the command again to complete the build."


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m dagfreeze",
        description="Run DAG factories once, and write their DAGs as plain files that do nothing but define them.",
        epilog="exit status: 0 done or current; 1 --check found a difference, or the source logged an error; "
        "2 something was refused or failed, and nothing was written; or the system refused to write, as "
        "with a full disk, and every file is either old or new; 130 stopped by Ctrl-C",
    )
    parser.add_argument(
        "source", nargs="+", type=Path, metavar="SOURCE", help="a DAG file, or a folder of them"
    )
    parser.add_argument(
        "--out",
        required=True,
        type=Path,
        metavar="DIR",
        help="folder for the frozen files; other files in it are kept",
    )
    parser.add_argument(
        "--bundle",
        type=Path,
        metavar="DIR",
        help="root of the DAG folder, from which DAG files import (default: Airflow's dags_folder if the sources "
        "are in there, else the folder that they share)",
    )
    parser.add_argument(
        "--dags-per-file",
        type=_positive,
        default=50,
        metavar="K",
        help="largest number of DAGs per file when a source is first frozen, and with --reshard "
        "(default %(default)s)",
    )
    parser.add_argument(
        "--only",
        action="append",
        metavar="DAG_ID",
        help="freeze only this DAG and those that are already frozen; may be repeated",
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; say whether the files are current"
    )
    parser.add_argument("--diff", action="store_true", help="write nothing; show what would change")
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="write all findings to this file, as JSON"
    )
    parser.add_argument(
        "--reshard",
        action="store_true",
        help="choose the number of files again: DAGs move to other files, and their running tasks may fail",
    )
    parser.add_argument(
        "--max-removed",
        type=_not_negative,
        metavar="N",
        help="how many DAGs a build may remove (default: a tenth of them, but at least 3 and at most 10)",
    )
    return parser.parse_intermixed_args(arguments)


def _positive(text: str) -> int:
    return _number(text, 1)


def _not_negative(text: str) -> int:
    return _number(text, 0)


def _number(text: str, least: int) -> int:
    if not text.isdecimal() or int(text) < least:
        raise argparse.ArgumentTypeError(f"found {text}, need a whole number of at least {least}")
    return int(text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; see ``--help``.

    Returns:
        The exit status.
    """
    parsed = _arguments(arguments)
    try:
        with locked(parsed.out, report.say):
            return _freeze(parsed)
    except Refused as refusal:
        report.say(f"{refusal.reason}\n{refusal.remedy}".strip() + "\nNothing was written.")
        return 2
    except Defect as defect:
        report.say(f"dagfreeze itself fails. Please report this:\n{defect}\nNothing was written.")
        return 2
    except JobFailed as failure:
        report.say(f"Airflow does not start in this environment: {failure}\nNothing was written.")
        return 2
    except KeyboardInterrupt:
        report.say(f"\n{'Stopped. Nothing was written.' if parsed.check or parsed.diff else _STOPPED}")
        return 130


def _check_report(file: Path) -> None:
    if not file.resolve().parent.is_dir():
        raise SourceError(f"--report {file}: there is no such folder", "Make it, or choose another file.")
    if file.is_dir() or file.suffix == ".py":
        what = "a folder" if file.is_dir() else "Python code"
        raise SourceError(f"--report {file}: this is {what}", "Name a file for JSON, such as report.json.")


def _freeze(parsed: argparse.Namespace) -> int:
    paths = [path.parent.resolve() / path.name for path in parsed.source]  # a link has a name of its own
    bundle = parsed.bundle.resolve() if parsed.bundle else None
    before = headers(parsed.out).values()
    check(paths, parsed.out.resolve(), bundle, {header.source for header in before})
    if parsed.report:
        _check_report(parsed.report)
    for path in paths:
        if not path.exists():
            report.say(f"{path} does not exist any more: what was frozen from it will be removed.")
    with Progress() as progress, workers() as started:
        progress.say("starting Airflow")
        if bundle is None:
            dags_folder = started.start(Job("dagfreeze.sources:dags_folder", ()), 0).result()
            bundle = bundle_of(paths, dags_folder)
        sources = started.start(Job("dagfreeze.sources:listed", (paths, bundle)), 0).result()
        options = Options(
            parsed.out.resolve(),
            bundle,
            parsed.dags_per_file,
            frozenset(parsed.only) if parsed.only else None,
            parsed.reshard,
        )
        outcome = build(sources, options, started, progress.say)
        is_beside = options.out.is_relative_to(bundle)
        files = [options.out / name for name in outcome.files] if is_beside else []
        job = Job("dagfreeze.sources:read_and_unread", (sources, files, bundle))
        to_ignore, hidden = started.start(job, 0).result()
    if parsed.report:
        try:
            report.write(parsed.report, outcome)
        except OSError as error:
            raise SourceError(
                f"--report {parsed.report}: {error.strerror}", "Choose another file."
            ) from error
    report.findings(outcome)
    left_over = gone({header.source for header in before}, paths, bundle)
    report.left_over(left_over, parsed.out, bundle)
    report.unread(hidden)
    if outcome.failed or outcome.changes is None:
        report.failures(outcome)
        return 2
    if not outcome.dags and not outcome.changes.dags:
        raise SourceError(
            f"{', '.join(map(str, parsed.source))}: no DAG is built there",
            "Airflow finds DAGs that have a global name in the file, and those of `with DAG(…)` and `@dag`. "
            "In a folder, it leaves out what a .airflowignore in that folder names.",
        )
    if parsed.diff:
        report.diff(parsed.out, outcome)
    logged = next((messages[0] for messages in outcome.logged.values() if messages), "")
    if not parsed.diff or parsed.check:
        check_removals(outcome.changes, parsed.max_removed, logged)
        if parsed.max_removed is None:
            check_emptied(before, {source.family for source in sources if source.path.exists()}, outcome)
    if not (is_beside or parsed.max_removed):
        check_same(options.out, sources, outcome.dags, before)
    if parsed.check:
        if is_beside and not options.only:
            report.advise(to_ignore)
        return max(report.check(parsed.out, outcome), bool(hidden or left_over))
    if parsed.diff:
        return 0
    try:
        with Progress() as progress:
            replace(
                options.out,
                outcome.changes,
                lambda count, total: progress.say(f"writing {total} files: {count}"),
            )
    except FolderError as error:  # in the middle of it, as when the disk is full
        report.say(f"{error.reason}\n{error.remedy}\n{_STOPPED}")
        return 2
    status = report.summary(parsed.out, outcome)
    if options.only and outcome.changes.write:
        report.say_of_some()
    elif is_beside:
        report.advise(to_ignore)
    elif len(outcome.changes.added) == len(outcome.dags):
        report.say_of_others()
    return status


if __name__ == "__main__":
    sys.exit(main())
