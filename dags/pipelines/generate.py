"""Turns a catalog of pipeline configurations into plain DAG files that do nothing but define DAGs.

Whatever costs time or can fail (asking a service, JSON5, defaults, validation) happens here, once, before the files
are deployed: `pipelines.gather` turns configurations into code, `pipelines.shards` says which DAGs share a file,
`pipelines.plan` compares, `pipelines.publish` replaces the files.
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import gc
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pipelines import memory, publish
from pipelines.config import ConfigError, PipelineConfig
from pipelines.plan import BYTES_PER_FILE, DAGS_PER_FILE, Changes, Options, check_out, made_here, plan

_STOPPED = "Stopped. The files are as they were before, or all new."


def generate(options: Options) -> Changes:
    """Bring a folder of DAG files up to date, all of it or nothing.

    Returns:
        What was changed.

    Raises:
        ConfigError: when something is wrong with a configuration or with the folder; nothing was written then.
        OSError: when the folder cannot be written; nothing was written then.
    """
    check_out(options.out)  # before anything is made beside it
    out = options.out.resolve()
    waiting = f"{options.out}: waiting for another run to end"
    with _without_collector(), publish.locked(out, lambda: _say(waiting)) as state:
        cleared = publish.recover(out, state, made_here)
        about = repr(options)
        known = memory.load(state / "memory", about)
        begun = memory.now_ns()
        found, learnt = plan(options, known)
        if not publish.publish(out, state, found.write, found.remove, made_here):
            _say(f"{options.out}: this file system cannot exchange folders; files were replaced one by one")
        if cleared or not known or _worth_noting(found, learnt, known):
            _note_stamps(learnt, out, begun)
            memory.save(learnt, state / "memory", about)
        return found


def diff(options: Options, found: Changes) -> Iterator[str]:
    """What the changes are, as lines of a unified diff."""
    for name in sorted({*found.write, *found.remove}):
        path = options.out / name
        old = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
        new = found.write[name].decode().splitlines(keepends=True) if name in found.write else []
        before = f"a/{name}" if path.exists() else "/dev/null"
        after = f"b/{name}" if name in found.write else "/dev/null"
        yield from difflib.unified_diff(old, new, before, after)


def schema() -> dict[str, Any]:
    """The JSON Schema of a configuration file, for editors. Only the id is required: the rest can be inherited."""
    made = PipelineConfig.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **made,
        "properties": {"$schema": {"type": "string"}, **made["properties"]},
        "required": ["id"],
    }


def _worth_noting(found: Changes, learnt: memory.Memory, known: memory.Memory) -> bool:
    if learnt.parts is not known.parts or len(found.write) + len(found.remove) > 1:
        return True  # another catalog, or an exchanged folder: to be linked changes a time of its files
    # To make a few files again costs less than to write down what is known of thousands, which stays true of the rest.
    made = sum(output is not known.outputs[name] for name, output in learnt.outputs.items())
    return made * 20 > len(learnt.outputs)


def _note_stamps(learnt: memory.Memory, out: Path, begun_ns: int) -> None:
    learnt.folders = {path: memory.noted_folder(found, begun_ns) for path, found in learnt.folders.items()}
    # Those of the output anew, because hard links made and removed change one of their times; and a tick of the clock
    # later, because only then does what is noted count.
    memory.wait_a_tick()
    now = memory.now_ns()
    for name, (_, digest) in learnt.outputs.items():
        learnt.outputs[name] = (memory.noted(memory.look(f"{out}/{name}"), now), digest)


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    # Tens of thousands of small objects, none of them in a cycle, would be searched for cycles again and again.
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _summary(found: Changes) -> str:
    unchanged = found.files - len(found.write)
    return (
        f"{len(found.write):,} written, {len(found.remove):,} removed, {unchanged:,} unchanged; "
        f"{_count(found.dags, 'DAG')} in {_count(found.files, 'file')}"
    )


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m pipelines.generate",
        description="Turn pipeline configurations into plain DAG files that do nothing at parse time but define DAGs.",
        epilog="exit status: 0 done or current; 1 --check found a difference; 2 bad input, and nothing was written",
    )
    parser.add_argument(
        "--catalog", type=Path, metavar="DIR", help="folder of configurations, JSON and JSON5"
    )
    parser.add_argument(
        "--fetch",
        type=_address,
        metavar="URL",
        help="take the pipelines of this configuration service, in place of --catalog or too",
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="folder for the DAG files; files of others stay"
    )
    parser.add_argument(
        "--dags-per-file",
        type=_positive,
        default=DAGS_PER_FILE,
        metavar="K",
        help="at most so many DAGs in a file (default %(default)s)",
    )
    parser.add_argument(
        "--bytes-per-file",
        type=_positive,
        default=BYTES_PER_FILE,
        metavar="B",
        help="and at most so many bytes, because Airflow stores a file once per DAG in it (default %(default)s)",
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; say whether the files are current"
    )
    parser.add_argument("--diff", action="store_true", help="write nothing; show what would change")
    parser.add_argument(
        "--schema", action="store_true", help="print the JSON Schema of a configuration, for editors"
    )
    parsed = parser.parse_args(arguments)
    if not parsed.schema and not (parsed.out and (parsed.catalog or parsed.fetch)):
        parser.error("give --out, and --catalog or --fetch")
    return parsed


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"found {text}, need a whole number from 1")
    return int(text)


def _address(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise argparse.ArgumentTypeError(f"{text} is no address such as http://host:port")
    return text


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; see ``--help``.

    Returns:
        The exit status.
    """
    parsed = _arguments(arguments)
    if parsed.schema:
        print(json.dumps(schema(), indent=2))
        return 0
    options = Options(parsed.out, parsed.catalog, parsed.fetch, parsed.dags_per_file, parsed.bytes_per_file)
    try:
        if parsed.check or parsed.diff:
            return _compare(options, check=parsed.check, show_diff=parsed.diff)
        print(f"{options.out}: {_summary(generate(options))}")
    except ConfigError as error:
        _say(f"{error}\nNothing was written.")
        return 2
    except OSError as error:
        _say(f"{error.filename or options.out}: {error.strerror or error}\n{_STOPPED}")
        return 2
    except KeyboardInterrupt:
        _say(f"\n{_STOPPED}")
        return 130
    return 0


def _compare(options: Options, *, check: bool, show_diff: bool) -> int:
    found, _ = plan(options)
    if show_diff:
        sys.stdout.writelines(diff(options, found))
    if not check:
        return 0
    if not found:
        print(f"{options.out}: current; {_count(found.dags, 'DAG')} in {_count(found.files, 'file')}")
        return 0
    for name in sorted({*found.write, *found.remove}):
        state = "is not asked for any more" if name in found.remove else "differs or is missing"
        _say(f"{options.out / name}: {state}")
    _say("Run the same command without --check, and commit what it writes.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
