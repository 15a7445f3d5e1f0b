"""The exercises and questions of notebook 06, DAGs per file."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

from dagfreeze.files.folder import headers
from workbook.catalog import configurations, dag_folder, write_catalog
from workbook.exercises.attempt import Attempt, ImportFailed, dags_of, module_of
from workbook.exercises.exercise import Exercise, Misconception, NotYet, Option, Question
from workbook.exercises.looks import dagfreeze
from workbook.measure.imports import WANTED
from workbook.progress import progress

GUARD_STARTER = """
def dag_file():
    from airflow.providers.standard.operators.empty import EmptyOperator
    from airflow.sdk import DAG, get_parsing_context

    WANTED = get_parsing_context().dag_id

    for partner in ("north", "north_east", "west"):
        dag_id = f"load_{partner}"
        if ...:
            with DAG(dag_id):
                EmptyOperator(task_id="load")
"""

GUARDED = {"load_north", "load_north_east", "load_west"}


def _check_guard(attempt: Attempt) -> str:
    try:
        parsed = attempt.imported().dags
    except ImportFailed as failed:
        if "NoneType" in failed.error:
            raise NotYet(
                "At a parse `WANTED` is None, and None is neither a string nor a list: you can compare it "
                f"with `is` and `==`, or look for it *in* something. {failed}"
            ) from None
        raise
    if set(parsed) != GUARDED:
        raise NotYet(
            f"At a parse the file defines {len(parsed)} of 3 DAGs, and Airflow marks the others stale. The DAG "
            "processor names no DAG: `WANTED` is None then, and the file has to define all of them."
        )
    built = attempt.run(_built, attempt.file, sorted(GUARDED))
    if all(set(dags) == GUARDED for dags in built.values()):
        raise NotYet(
            "The DAG processor finds all 3 DAGs, but so does every task start: your condition is always "
            "true. A string that is not empty counts as true, whatever it says."
        )
    if not any(built.values()):
        raise NotYet(
            "The DAG processor finds all 3 DAGs, but no task can start: a worker that asks for `load_west` gets no "
            "DAG. What does `WANTED` hold when a task of `load_west` starts?"
        )
    for dag_id, dags in built.items():
        if dag_id not in dags:
            raise NotYet(f"A worker that asks for `{dag_id}` gets {', '.join(dags) or 'no DAG'}.")
        if len(dags) > 1:
            raise NotYet(
                f"A worker that asks for `{dag_id}` also builds `{min(set(dags) - {dag_id})}`. With a string "
                "on its right, `in` looks for a part of that string."
            )
    if (active := attempt.parsed().active) != len(GUARDED):
        raise NotYet(f"Airflow's DAG processor finds {active} of 3 DAGs.")
    return (
        "A parse builds all 3 DAGs, and a task start builds one. `dagfreeze` writes such a line for each DAG."
    )


def _built(file: str, dag_ids: list[str]) -> dict[str, list[str]]:
    """For each DAG, what the file builds when a worker asks for that DAG."""
    built = {}
    for dag_id in dag_ids:
        os.environ[WANTED] = dag_id
        built[dag_id] = sorted(dags_of(file).dags)
    return built


def _guard(condition: str) -> str:
    return GUARD_STARTER.replace("...", condition)


GUARD = Exercise(
    number="06.1",
    task="Give a factory the guard that frozen files have. The DAG processor has to find all three DAGs, and a task "
    "start has to build its own DAG and no other.",
    starter=GUARD_STARTER,
    hints=(
        "Two parts of Airflow import this file. What does `WANTED` hold for the DAG processor, and what for a worker?",
        "The block must run for two values of `WANTED`: None, and the id of this DAG. `in` looks for a "
        "value in a tuple.",
    ),
    solution=_guard("WANTED in (None, dag_id)"),
    broken=("(None, dag_id)", "(None, partner)"),
    also_right=(_guard("WANTED is None or WANTED == dag_id"),),
    misconceptions=(
        Misconception(_guard("WANTED == dag_id"), "The DAG processor names no DAG"),
        Misconception(_guard("WANTED is None"), "no task can start"),
        Misconception(_guard("WANTED is None or dag_id"), "your condition is always true"),
        Misconception(_guard("dag_id in WANTED"), "None is neither a string nor a list"),
        Misconception(_guard("WANTED is None or dag_id in WANTED"), "looks for a part of that string"),
    ),
    check=_check_guard,
)

TODAY, LATER, TOGETHER = 40, 80, 30

CHOOSE_STARTER = """
def dags_per_file():
    # the number for: python -m dagfreeze … --dags-per-file
    return ...
"""


def _check_choose(attempt: Attempt) -> str:
    number = attempt.call()
    if not isinstance(number, int) or number < 1:
        raise NotYet(f"`dags_per_file()` returns {number!r}; `dagfreeze` wants a whole number of at least 1.")
    catalog = configurations(LATER, seed=64)
    source = dag_folder(attempt.folder / "source", "from_json", catalog[:TODAY])
    before = _freeze(source, number)
    write_catalog(source / "catalog", catalog[TODAY:])
    after = _freeze(source, number)
    fullest = max(after)
    frozen = (
        f"Files for {TODAY} DAGs: {len(before)}, the fullest with {max(before)}. "
        f"Files for {LATER} DAGs: {len(after)}, the fullest with {fullest}."
    )
    if fullest > TOGETHER and max(before) > TOGETHER:
        raise NotYet(f"{frozen} A mistake in the fullest file takes down too many DAGs today.")
    if fullest > TOGETHER:
        raise NotYet(
            f"{frozen} Today all is well. But no DAG moves when others are added, so the files get fuller: leave room."
        )
    if len(after) == LATER:
        raise NotYet(f"{frozen} A cycle pays for each of these files.")
    if len(after) > 4:
        raise NotYet(
            f"{frozen} No mistake takes down more than {TOGETHER} DAGs, but fewer files are enough for that."
        )
    return f"{frozen} The ids alone decide which file a DAG is in, so leave some room for chance."


def _freeze(source: Path, number: int) -> list[int]:
    """Freeze the factory of a folder; return how many DAGs each file holds."""
    factory = source / "dynamic" / "from_json.py"
    with progress("Freezing the DAGs"):
        status, message = dagfreeze(str(factory), ["--bundle", "..", "--dags-per-file", str(number)], {})
    if status:
        raise NotYet(f"`dagfreeze` says: {message}")
    return [len(header.dags) for header in headers(factory.parent / "frozen").values()]


def _choose(number: str) -> str:
    return CHOOSE_STARTER.replace("...", number)


CHOOSE = Exercise(
    number="06.2",
    task=f"Choose the number of DAGs per file for your team. It has {TODAY} DAGs today and expects {LATER}. One broken "
    f"file must never take down more than {TOGETHER} of them, and nobody wants to reshard. Because a cycle pays for "
    "each file, choose a number that makes as few files as possible.",
    starter=CHOOSE_STARTER,
    hints=(
        "The number of files is chosen when the DAGs are first frozen, and stays the same. What happens to a file "
        "while the number of DAGs doubles?",
        f"With twice the DAGs, a file holds about twice as many. Today at most half of {TOGETHER} may be in a file.",
    ),
    solution=_choose("15"),
    broken=("15", "25"),
    misconceptions=(
        Misconception(_choose("30"), "Today all is well"),
        Misconception(_choose("50"), "takes down too many DAGs today"),
        Misconception(_choose("1"), "A cycle pays for each of these files"),
        Misconception(_choose("8"), "fewer files are enough"),
    ),
    check=_check_choose,
)

FILES, DAGS = 8, 80

PLACE_STARTER = """
def place(dag_id, dag_ids):
    # dag_ids: the ids of all DAGs
    # returns the number of the file for this DAG, from 0 to 7
    return sorted(dag_ids).index(dag_id) * 8 // len(dag_ids)
"""


def _check_place(attempt: Attempt) -> str:
    ids = [config.id for config in configurations(DAGS + 5, seed=65)]
    old, new = ids[:DAGS], ids[DAGS:]
    places = attempt.run(_places, attempt.file, old, old)
    if wrong := [each for each in places.values() if type(each) is not int or not 0 <= each < FILES]:
        raise NotYet(f"`place` returns {wrong[0]!r} for a DAG. There are 8 files, numbered 0 to 7.")
    if attempt.run(_places, attempt.file, old, old) != places:
        raise NotYet(
            "A new process puts the same DAGs into different files, so each build moves nearly all of them. "
            "Python's `hash` of a string is different in every process, and so is a random number."
        )
    grown = attempt.run(_places, attempt.file, old, [new[0], *old, *new[1:]])
    if moved := sum(grown[dag_id] != places[dag_id] for dag_id in old):
        raise NotYet(
            f"Five new DAGs, and {moved} of the {DAGS} old ones are in another file. Airflow loses track of "
            "each until it looks for new files. As long as the place depends on the other DAGs, they push "
            "each other around."
        )
    fullest = max(Counter(places.values()).values())
    if fullest > 3 * DAGS // FILES:
        raise NotYet(
            f"No DAG moves, but the fullest of the 8 files holds {fullest} of {DAGS} DAGs. Ids that look alike land in "
            "the same file. Use something that scatters them."
        )
    return (
        f"No DAG moves, and the fullest file holds {fullest} of {DAGS} DAGs. `dagfreeze` does so as well: "
        "a digest of the id decides."
    )


def _places(file: str, dag_ids: list[str], every: list[str]) -> dict[str, object]:
    """The place of each DAG, as the learner's function gives it."""
    place = module_of(file).place
    return {dag_id: place(dag_id, list(every)) for dag_id in dag_ids}


def _place(expression: str, module: str = "") -> str:
    first, _, _ = PLACE_STARTER.partition("    return")
    imports = f"    import {module}\n\n" if module else ""
    return f"{first}{imports}    return {expression}\n"


PLACE = Exercise(
    number="06.3",
    task="Find the fault. A generator of your own puts each DAG into one of eight files, all equally full. But "
    "whenever someone adds a pipeline, DAGs move to other files. Fix `place` so that no DAG ever moves.",
    starter=PLACE_STARTER,
    hints=(
        "What does the place of a DAG depend on, apart from its own id?",
        "Make a number from the id alone, the same in every process, and take the remainder after dividing "
        "it by 8. `zlib.crc32` and `hashlib` make numbers from bytes; `dag_id.encode()` gives you the bytes.",
    ),
    solution=_place("zlib.crc32(dag_id.encode()) % 8", "zlib"),
    broken=("zlib.crc32(dag_id.encode()) % 8", "zlib.crc32(dag_id.encode()) % len(dag_ids) % 8"),
    also_right=(_place('int.from_bytes(hashlib.sha256(dag_id.encode()).digest(), "big") % 8', "hashlib"),),
    misconceptions=(
        Misconception(_place("hash(dag_id) % 8"), "Python's `hash` of a string is different"),
        Misconception(_place("dag_ids.index(dag_id) % 8"), "they push each other around"),
        Misconception(_place("ord(dag_id[0]) // 16 % 8"), "Use something that scatters them"),
        Misconception(_place("zlib.crc32(dag_id.encode())", "zlib"), "numbered 0 to 7"),
    ),
    check=_check_place,
)

EXERCISES = (GUARD, CHOOSE, PLACE)

QUESTIONS = (
    Question(
        "Why does a cycle take so long with one DAG per file?",
        "From one per file to all in one",
        (
            Option(
                "Python has to compile more code",
                "It is the same code, and Python keeps its compiled form.",
            ),
            Option(
                "Each file costs a process and a turn at the database",
                "That overhead is the same for one DAG in a file as for fifty.",
                right=True,
            ),
            Option(
                "The database stores more text",
                "It stores less: a file's text once for each DAG in the file, and here that is one DAG.",
            ),
        ),
    ),
    Question(
        "A file holds 50 DAGs, and someone deletes its guards: every block runs at every import. What gets slower?",
        "What a task pays",
        (
            Option(
                "Each parse", "The DAG processor names no DAG, so even with the guards it builds all of them."
            ),
            Option("Each task start", "It builds 50 DAGs to run a task of one.", right=True),
            Option("Nothing", "The DAGs stay the same, but each task start builds all of them."),
        ),
    ),
)
