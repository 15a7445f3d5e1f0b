"""The exercises and questions of notebook 05, static generation."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from workbook.exercises.attempt import Attempt
from workbook.exercises.exercise import Exercise, Misconception, NotYet, Option, Question
from workbook.exercises.looks import dagfreeze, descriptions, returned

OWN_STARTER = """
def dag_file():
    from airflow.sdk import DAG, task

    @task
    def work(subject):
        return ...

    for subject in ...:
        with DAG(..., description=...):
            work(subject)
"""
OWN_SOLUTION = """
def dag_file():
    from airflow.sdk import DAG, task

    @task
    def work(subject):
        return f"brews {subject}"

    for subject in ["tea", "coffee", "cocoa"]:
        with DAG(f"brew_{subject}", description=f'Brews "{subject}".'):
            work(subject)
"""


def _check_own(attempt: Attempt) -> str:
    dags = attempt.imported().dags
    if not dags:
        raise NotYet(
            "Airflow found no DAG in the file, so there is nothing to freeze. A `with DAG(…)` registers its DAG; a "
            "`DAG(…)` alone needs a global name."
        )
    if len(dags) < 3:
        raise NotYet(f"DAGs that your factory builds: {len(dags)}. It has to build at least three.")
    if not all(dags.values()):
        raise NotYet("One of the DAGs has no task.")
    if not any('"' in str(text) for text in attempt.run(descriptions, attempt.file).values()):
        raise NotYet('No description contains a quotation mark ("), which broke the generator in ten lines.')
    message = _frozen(attempt)
    status, _ = attempt.run(dagfreeze, attempt.file, ["--check"], {})
    if status:
        raise NotYet(
            "Your DAGs are frozen, but `--check`, right after the build, does not find them current, and never will: "
            f"something in them has a different value at each import. The build says where:\n{message}"
        )
    original, frozen = (attempt.run(returned, each, {}) for each in (attempt.file, attempt.folder / "frozen"))
    if frozen != original:
        raise NotYet(f"The frozen tasks return {frozen}, but yours return {original}.")
    return (
        "`dagfreeze --check` finds the frozen files current. Each frozen task returns what yours returns. "
        f"The build said:\n{message}"
    )


def _frozen(attempt: Attempt, **variables: str) -> str:
    """Freeze the learner's file and return what dagfreeze said; `NotYet` with that when it refused."""
    status, message = attempt.run(dagfreeze, attempt.file, [], variables)
    if status:
        raise NotYet(f"`dagfreeze` refuses your file, and says why:\n{message}")
    return str(message)


OWN = Exercise(
    number="05.1",
    task="Write a factory of your own, about whatever you like: at least three DAGs, each with a task that returns "
    "something, and a quotation mark in a description. The check freezes it, uses `dagfreeze --check` to see "
    "whether the frozen files are current, and runs the frozen tasks.",
    starter=OWN_STARTER,
    hints=(
        'A list of three words will do. Make the id of each DAG from its word, as in `f"brew_{subject}"`.',
        "Put the description in single quotes: `f'Brews \"{subject}\".'`. All values have to be the same at "
        "each import.",
    ),
    solution=OWN_SOLUTION,
    broken=('"tea", "coffee", "cocoa"', '"tea", "coffee"'),
    misconceptions=(
        Misconception(
            OWN_SOLUTION.replace("DAG(f", "DAG(start_date=__import__('datetime').datetime.now(), dag_id=f"),
            "and never will",
        ),
        Misconception(
            OWN_SOLUTION.replace("with DAG(", "DAG(").replace(":\n            work", "\n        work"),
            "there is nothing to freeze",
        ),
        Misconception(OWN_SOLUTION.replace('"{subject}"', "{subject}"), "which broke the generator"),
    ),
    check=_check_own,
)

TOKEN_STARTER = """
def dag_file():
    import os
    from airflow.sdk import DAG, task

    TOKEN = os.environ["ORDERS_TOKEN"]

    @task
    def load(partner):
        return f"loads {partner} with {TOKEN}"

    for partner in ["north", "south"]:
        with DAG(f"load_{partner}"):
            load(partner)
"""
READ = 'os.environ["ORDERS_TOKEN"]'
TOP = f"    TOKEN = {READ}\n\n"
TOKEN_SOLUTION = TOKEN_STARTER.replace(TOP, "").replace("{TOKEN}", "{os.environ['ORDERS_TOKEN']}")
OLD, NEW = "token-of-the-build", "token-of-today"


def _check_token(attempt: Attempt) -> str:
    message, frozen = _frozen(attempt, ORDERS_TOKEN=OLD), attempt.folder / "frozen"
    text = "\n".join(file.read_text(encoding="utf-8") for file in frozen.glob("*.py"))
    if lines := [line.strip() for line in text.splitlines() if OLD in line]:
        raise NotYet(
            f"The token is in the frozen file: `{lines[0]}`. It was read while the file was imported, so the build "
            f"wrote it there, and anyone who can read the repository can read it. The build said:\n{message}"
        )
    did = attempt.run(returned, frozen, {"ORDERS_TOKEN": NEW})
    if OLD in str(did):
        raise NotYet(
            f"The token has changed, but a frozen task still uses the old one: {did}. Encoded or cut up, it was still "
            "read at build time, and it is in the frozen file."
        )
    expected = {f"load_{partner}": f"loads {partner} with {NEW}" for partner in ("north", "south")}
    if did != expected:
        raise NotYet(
            f"No token is in the frozen file, but the tasks do not use the new one: {did}, not {expected}"
        )
    return "There is no token in the frozen file. Each task reads it when it runs; a new token needs no new build."


TOKEN = Exercise(
    number="05.2",
    task="Change when this file reads the token, so that no token is written into the frozen file, and a task uses the "
    "token that is current when the task runs.",
    starter=TOKEN_STARTER,
    hints=(
        "Which lines run at build time, and which only when a task runs?",
        "Read `os.environ` in the function. No name at the top of the file may hold the token, nor may an argument.",
    ),
    solution=TOKEN_SOLUTION,
    broken=("ORDERS_TOKEN", "ORDERS"),
    misconceptions=(
        Misconception(
            TOKEN_STARTER.replace(TOP, "")
            .replace("load(partner):", "load(partner, token):")
            .replace("{TOKEN}", "{token}")
            .replace("load(partner)\n", f"load(partner, {READ})\n"),
            "so the build wrote it there",
        ),
        Misconception(
            TOKEN_STARTER.replace(READ, f"{READ}.encode().hex()").replace(
                "{TOKEN}", "{bytes.fromhex(TOKEN).decode()}"
            ),
            "Encoded or cut up",
        ),
        Misconception(TOKEN_STARTER.replace(READ, '"a token of ours"'), "the tasks do not use the new one"),
    ),
    check=_check_token,
)

REFUSED_STARTER = """
def dag_file():
    import sqlite3
    from pathlib import Path
    from airflow.sdk import DAG, task

    ORDERS = sqlite3.connect(Path(__file__).with_name("orders.db"))

    @task
    def count(team):
        return ORDERS.execute("SELECT count(*) FROM orders WHERE team = ?", [team]).fetchone()[0]

    for team in ("north", "south"):
        with DAG(f"count_{team}"):
            count(team)
"""
PATH = 'Path(__file__).with_name("orders.db")'
REFUSED_SOLUTION = REFUSED_STARTER.replace(f"sqlite3.connect({PATH})", PATH).replace(
    "return ORDERS", "return sqlite3.connect(ORDERS)"
)


def _check_refused(attempt: Attempt) -> str:
    database = attempt.folder / "orders.db"
    _add_orders(database, "north", "north", "north", "south", "south")
    try:
        message = _frozen(attempt)
    except NotYet as refused:
        if "sqlite3.Connection" in str(refused):
            raise NotYet(
                "A task still gets a connection that was opened while the file was imported, and nobody can write an "
                f"open connection as code. {refused}"
            ) from None
        if "__file__" in str(refused):
            raise NotYet(
                "The connection is no longer the problem. But now the task looks for its own file when it runs, and "
                f"the frozen file is in another folder. You can compute the path at the top of the file. {refused}"
            ) from None
        raise
    _add_orders(database, "north", "north")
    did = attempt.run(returned, attempt.folder / "frozen", {})
    if did == {"count_north": 3, "count_south": 2}:
        raise NotYet(
            "The DAGs are frozen, and so are the numbers. After the build, north got two more orders, five in all, "
            "but its task still counts 3. A query may be as old as the build; the orders may not."
        )
    if "OperationalError" in str(did):
        raise NotYet(
            f"The DAGs are frozen, but the tasks fail: {did}. A file name without a folder is looked for in "
            "the folder where the worker happens to run."
        )
    if did != {"count_north": 5, "count_south": 2}:
        raise NotYet(f"The DAGs are frozen. North has 5 orders and south 2, but the tasks count: {did}.")
    return f"The frozen tasks count the two orders that came after the build, too. The build said:\n{message}"


def _add_orders(database: Path, *teams: str) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("CREATE TABLE IF NOT EXISTS orders (team TEXT)")
        connection.executemany("INSERT INTO orders VALUES (?)", [(team,) for team in teams])


REFUSED = Exercise(
    number="05.3",
    task="Find the fault. Airflow runs these two DAGs, but `dagfreeze` refuses them. Fix the file, so that they can be "
    "frozen, and so that a frozen task still counts the orders that are there when it runs. The database `orders.db` "
    "is next to the DAG file.",
    starter=REFUSED_STARTER,
    hints=(
        "What would a person have to write in the frozen file in place of `ORDERS`?",
        "The *path* of the database can be computed at the top of the file. Open the connection in the task.",
    ),
    solution=REFUSED_SOLUTION,
    broken=("sqlite3.connect(ORDERS)", "sqlite3.connect(':memory:')"),
    misconceptions=(
        Misconception(
            REFUSED_STARTER.replace("count(team):", "count(team, orders=ORDERS):").replace(
                "return ORDERS", "return orders"
            ),
            "nobody can write an open connection as code",
        ),
        Misconception(
            REFUSED_STARTER.replace(
                "\n\n    @task",
                '\n    COUNTS = dict(ORDERS.execute("SELECT team, count(*) FROM orders GROUP BY team"))\n\n    @task',
            ).replace(
                'return ORDERS.execute("SELECT count(*) FROM orders WHERE team = ?", [team]).fetchone()[0]',
                "return COUNTS[team]",
            ),
            "and so are the numbers",
        ),
        Misconception(
            REFUSED_SOLUTION.replace(f"    ORDERS = {PATH}\n\n", "").replace("(ORDERS)", f"({PATH})"),
            "now the task looks for its own file",
        ),
        Misconception(REFUSED_SOLUTION.replace(PATH, '"orders.db"'), "where the worker happens to run"),
    ),
    check=_check_refused,
)

EXERCISES = (OWN, TOKEN, REFUSED)

QUESTIONS = (
    Question(
        "A pipeline's DAG is frozen. Then its configuration changes in the service. When does Airflow use the new one?",
        "The same pipelines, from the service",
        (
            Option("After the next parse", "That was true of the factory. A frozen file sends no request."),
            Option("At the next task start", "The frozen file holds the configuration that the build read."),
            Option("After the next build and deployment", "Only the build asks the service.", right=True),
        ),
    ),
    Question(
        "CI runs the build, and then `--check` in the same job. The check passes. What do you know about the commit?",
        "Where freezing belongs: build, check, deploy",
        (
            Option("Its frozen files are current", "The build may have changed them just before."),
            Option("Nothing", "The check compared the build with itself. CI should do only one.", right=True),
            Option("Nobody edited a frozen file", "The build would have overwritten the edit."),
        ),
    ),
)
