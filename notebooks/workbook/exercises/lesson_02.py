"""The exercises and questions of notebook 02, the DAG factory."""

from __future__ import annotations

import json

from pipelines.config import ConfigError, PipelineConfig, read_catalog
from workbook.catalog import configurations, write_catalog
from workbook.exercises.attempt import Attempt, ImportFailed
from workbook.exercises.exercise import Exercise, Misconception, NotYet, Option, Question
from workbook.exercises.looks import returned

LOOP_STARTER = """
def dag_file():
    # A DAG factory for Airflow: a DAG for each configuration in the catalog.
    from pathlib import Path

    from pipelines.blueprint import build
    from pipelines.config import read_catalog

    for config in read_catalog(Path(__file__).parent / "catalog"):
        ...
"""


def _check_loop(attempt: Attempt) -> str:
    write_catalog(attempt.folder / "catalog", configurations(10))
    try:
        imported = attempt.imported()
    except ImportFailed as failed:
        if "'str' object has no attribute" in failed.error:
            raise NotYet(f"`build` needs the whole configuration, not a part of it. {failed}") from None
        raise
    if not imported.dags:
        raise NotYet("Airflow read the file and found no DAG in it. Who calls `build`?")
    if len(imported.dags) == 1:
        raise NotYet(
            f"{_one(imported.dags)} for 10 configurations: `build` ran once. What runs once for each?"
        )
    if (active := attempt.parsed().active) != 10:
        raise NotYet(f"Airflow found {active} DAGs for 10 configurations.")
    next((attempt.folder / "catalog").glob("*.json")).unlink()
    if len(attempt.imported().dags) != 9:
        raise NotYet("One configuration was removed, but no DAG went with it.")
    if not imported.global_names:
        return (
            "10 DAGs from one file, without a single global name: `build` uses `with DAG`, which registers the DAG on "
            "its own. You need a global name only for a `DAG(…)` without `with`."
        )
    return "10 configurations, 10 DAGs, one file."


def _one(dags: dict[str, dict[str, list[str]]]) -> str:
    return f"One DAG, `{next(iter(dags))}`,"


LOOP = Exercise(
    number="02.1",
    task="Write a file that makes a DAG from each configuration. The body of `dag_file` is the text of a DAG file; the "
    "folder `catalog` is next to that file. Replace the three dots and run the cell: it gives your file to Airflow and "
    "tells you what happened.",
    starter=LOOP_STARTER,
    hints=(
        "Which name does the loop give you, and which function makes a DAG from it?",
        "`build(config)` returns the DAG. Airflow looks at the global names of a file; `globals()` is a dictionary.",
    ),
    solution=LOOP_STARTER.replace("...", "globals()[config.id] = build(config)"),
    broken=("= build(config)", "= config"),
    also_right=(LOOP_STARTER.replace("...", "build(config)"),),
    misconceptions=(
        Misconception(LOOP_STARTER.replace("...", "print(config.id)"), "Who calls `build`?"),
        Misconception(
            LOOP_STARTER.replace("...", "build(config.id)"), "`build` needs the whole configuration"
        ),
        Misconception(LOOP_STARTER.replace("...", "pass") + "    dag = build(config)\n", "`build` ran once"),
    ),
    check=_check_loop,
)

PIPELINE_STARTER = """
def pipeline():
    return {
        "id": "north_orders_eu",
        "name": "North: orders (EU)",
        "description": "Orders that North delivers for the EU.",
        "source_bucket": "north-eu",
        "source_pattern": "orders/*.csv",
        "destination": ...,
        "notify": ...,
        "kind": ...,
        "steps": ...,
    }
"""


def _pipeline(destination: str, notify: str, kind: str, steps: str) -> str:
    text = PIPELINE_STARTER
    for value in (destination, notify, kind, steps):
        text = text.replace("...", value, 1)
    return text


def _check_pipeline(attempt: Attempt) -> str:
    config = attempt.call()
    if not isinstance(config, dict):
        raise NotYet(f"`pipeline()` returns {config!r}, which is not a dictionary.")
    if unwritten := [field for field, value in config.items() if value == repr(...)]:
        raise NotYet(f"You have not replaced the dots in: {', '.join(unwritten)}.")
    folder = attempt.folder / "dags"
    write_catalog(folder / "catalog", configurations(12))
    (folder / "catalog" / "thirteenth.json").write_text(json.dumps(config), encoding="utf-8")
    (folder / "factory.py").write_text(FACTORY, encoding="utf-8")
    try:
        read_catalog(folder / "catalog")
    except ConfigError as error:
        problems = [line.strip() for line in str(error).splitlines()]
        fields = [line for line in problems if line.partition(":")[0] in PipelineConfig.model_fields]
        raise NotYet("Your configuration is rejected:\n" + "\n".join(fields or problems)) from None
    cycle = attempt.parsed(folder)
    expected = Attempt(folder / "factory.py").imported().dags.get(config["id"])
    if expected is None or cycle.active != 13:
        raise NotYet(
            f"Airflow has {cycle.active} DAGs. It should have 13, one of them with the id of your pipeline."
        )
    after = len(expected["preconditions"])
    if after == 1 < config["steps"]:
        raise NotYet(
            "After `preconditions` comes one step, and the others follow one after another: that is `incremental`."
        )
    if after != 4:
        raise NotYet(f"Steps that run side by side after `preconditions`: {after}. The partner needs 4.")
    return (
        f"Airflow has 13 DAGs, and you wrote no code for `{config['id']}`: only what differs. (This was a copy of the "
        "catalog; the lesson goes on with its own.)"
    )


FACTORY = LOOP_STARTER.replace("def dag_file():", "if True:").replace("...", "build(config)")

PIPELINE = Exercise(
    number="02.2",
    task="A thirteenth partner, North, delivers orders. Write the configuration of its pipeline, which runs "
    "four steps side by side, loads into a folder of your choice under `s3://`, and notifies you.",
    starter=PIPELINE_STARTER,
    hints=(
        "Look at the configuration shown at the beginning of the notebook; it has the four fields that you "
        "fill in here.",
        "`full` runs the steps side by side. A number has no quotes, and the destination begins with `s3://`.",
    ),
    solution=_pipeline('"s3://lake/north/orders"', '"you@company.example"', '"full"', "4"),
    broken=("4,", "3,"),
    misconceptions=(
        Misconception(
            _pipeline('"s3://lake/north/orders"', '"you@company.example"', '"full"', '"4"'),
            'steps: found "4", need a whole number from 1 to 50',
        ),
        Misconception(
            _pipeline('"north/orders"', '"you@company.example"', '"full"', "4"),
            'destination: found "north/orders", need an address such as',
        ),
        Misconception(
            _pipeline('"s3://lake/north/orders"', '"you@company.example"', '"incremental"', "4"),
            "the others follow one after another",
        ),
        Misconception(
            _pipeline('"s3://lake/north/orders"', '"the data team"', '"full"', "4"),
            'notify: found "the data team", need the e-mail address',
        ),
    ),
    check=_check_pipeline,
)

LATE_STARTER = """
def dag_file():
    from airflow.providers.standard.operators.python import PythonOperator
    from airflow.sdk import DAG

    for partner in ["north", "south", "west"]:
        with DAG(f"load_{partner}"):
            PythonOperator(task_id="load", python_callable=lambda: f"loads {partner}")
"""


def _check_late(attempt: Attempt) -> str:
    expected = {f"load_{partner}": f"loads {partner}" for partner in ("north", "south", "west")}
    try:
        imported = attempt.imported()
    except ImportFailed as failed:
        if "must be callable" in failed.error:
            raise NotYet(
                "`python_callable` wants the function itself. What you passed is the text that it returns, computed "
                f"while Airflow parses the file, not when the task runs. {failed}"
            ) from None
        raise
    if set(imported.dags) != set(expected):
        raise NotYet(
            f"The ids were right before: {', '.join(expected)}. Now they are {', '.join(imported.dags) or 'none'}. "
            "Look at what a task does when it runs."
        )
    did = attempt.run(returned, attempt.file, {})
    if set(did.values()) == {"loads west"}:
        raise NotYet(
            "All three tasks say `loads west`. The function looks up a *name* when it runs. By then the "
            "loop has ended, and the name refers to the last partner. Copying the value does not help: "
            "a copy has a name too."
        )
    if wrong := [dag_id for dag_id in expected if did[dag_id] != expected[dag_id]]:
        raise NotYet(
            f"The task of `{wrong[0]}` says {did[wrong[0]]!r}, but should say {expected[wrong[0]]!r}."
        )
    return "Each task loads the data of its own partner. No parse shows this fault; only a run does."


LATE = Exercise(
    number="02.3",
    task="Find the fault. Three DAGs, no import error, and yet all of them load the last partner's data: "
    "each task says `loads west`. Fix it.",
    starter=LATE_STARTER,
    hints=(
        "When does the part after `lambda:` run, and what does `partner` refer to at that moment?",
        "Give each function its own value while the loop runs: an argument's default is evaluated when the function "
        "is defined. The operator's `op_kwargs` does the same, and so does a function that creates the task.",
    ),
    solution=LATE_STARTER.replace("lambda:", "lambda partner=partner:"),
    broken=("lambda partner=partner:", "lambda other=partner:"),
    also_right=(
        LATE_STARTER.replace("lambda:", "lambda name:").replace(
            '{partner}")\n', '{name}", op_kwargs={"name": partner})\n'
        ),
        """
def dag_file():
    from airflow.sdk import DAG, task

    @task
    def load(partner):
        return f"loads {partner}"

    for partner in ["north", "south", "west"]:
        with DAG(f"load_{partner}"):
            load(partner)
""",
    ),
    misconceptions=(
        Misconception(
            LATE_STARTER.replace('DAG(f"load_{partner}")', 'DAG(f"load_{partner}_2")'), "The ids were right"
        ),
        Misconception(
            LATE_STARTER.replace("        with", "        copied = str(partner)\n        with").replace(
                "loads {partner}", "loads {copied}"
            ),
            "a copy has a name too",
        ),
        Misconception(LATE_STARTER.replace("lambda: ", ""), "wants the function itself"),
    ),
    check=_check_late,
)

EXERCISES = (LOOP, PIPELINE, LATE)

QUESTIONS = (
    Question(
        "One of the twelve configurations in a catalog is invalid. How many DAGs can run after the next parse?",
        "One fate",
        (
            Option("11", "The catalog is read before the loop begins, so no DAG is built."),
            Option(
                "0", "The import fails, and with it everything that the file would have defined.", right=True
            ),
            Option(
                "Those before it in the loop",
                "`read_catalog` fails before the loop begins. Even DAGs that were already built would be discarded.",
            ),
        ),
    ),
    Question(
        "A file says `for config in configs: dag = build(config)`, and `build` uses `with DAG`. How many DAGs does "
        "Airflow find in it?",
        "The factory",
        (
            Option(
                "One, the last",
                "That would be true of a `DAG(…)` without `with`, which Airflow finds only by its global name.",
            ),
            Option("All", "Each `with DAG` registers its DAG, whatever name it has.", right=True),
            Option("None", "Airflow needs no name for what a `with DAG` has registered."),
        ),
    ),
)
