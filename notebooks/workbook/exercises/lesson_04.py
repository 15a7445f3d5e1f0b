"""The exercises and questions of notebook 04, root causes."""

from __future__ import annotations

import shutil

from workbook.catalog import configurations, write_catalog
from workbook.exercises.attempt import Attempt
from workbook.exercises.exercise import Exercise, Misconception, NotYet, Option, Question
from workbook.exercises.looks import opened_and_made, returned, stored_and_returned
from workbook.measure.imports import audit
from workbook.services import config_service

PIPELINES = 12

MOVE_STARTER = """
def dag_file():
    from pathlib import Path
    from airflow.sdk import DAG, task
    from pipelines.config import fetch_config, fetch_ids

    SERVICE = Path(__file__).with_name("service.url").read_text().strip()

    @task
    def load(bucket):
        return f"loads from {bucket}"

    for pipeline_id in fetch_ids(SERVICE):
        with DAG(f"load_{pipeline_id}"):
            load(fetch_config(SERVICE, pipeline_id).source_bucket)
"""
CALL = "fetch_config(SERVICE, pipeline_id).source_bucket"
MOVED = MOVE_STARTER.replace(f"load({CALL})", "load(pipeline_id)")
ASKS = f"        bucket = {CALL}\n        return"
MOVE_SOLUTION = MOVED.replace("load(bucket)", "load(pipeline_id)").replace("        return", ASKS)


def _check_move(attempt: Attempt) -> str:
    configs = configurations(PIPELINES)
    buckets = {f"load_{each.id}": f"loads from {each.source_bucket}" for each in configs}
    with config_service(configs, latency=0.0) as service:
        (attempt.folder / "service.url").write_text(service.url, encoding="utf-8")
        dag_ids = set(attempt.imported().dags)
        if dag_ids != set(buckets):
            raise NotYet(f"The file makes {len(dag_ids & set(buckets))} of its {PIPELINES} DAGs.")
        service.reset()
        connections = audit(attempt.file).query("what == 'opens a connection'")
        if (requests := service.requests) or service.lists > 1:
            lines = ", ".join(
                f"{row.times} on line {row.line}: `{row.code}`" for row in connections.itertuples()
            )
            raise NotYet(
                f"One import still asks the service {requests + service.lists} times; one request, for the list, is "
                f"enough. The audit finds these connections: {lines}. Code at the top level of a file, including loops "
                "and the arguments of calls, runs at every import; so does a function that is called from there."
            )
        service.reset()
        did = attempt.run(returned, attempt.file, {})
        requests = service.requests
    if not requests:
        dag_id = next(iter(buckets))
        raise NotYet(
            f"No import asks for a configuration now, but no task does either: the task of `{dag_id}` "
            f"says `{did.get(dag_id)}`, but should say `{buckets[dag_id]}`."
        )
    if len(set(did.values())) == 1:
        raise NotYet(
            f"No import asks for a configuration now, but all {PIPELINES} tasks say `{next(iter(did.values()))}`. By "
            "the time they run, the loop has ended and its variable holds the last pipeline. Pass each task its own id."
        )
    for dag_id, expected in buckets.items():
        if did.get(dag_id) != expected:
            raise NotYet(f"The task of `{dag_id}` says `{did.get(dag_id)}`, but should say `{expected}`.")
    return (
        "One import opens one connection, for the list, and each task asks for its own configuration. The price: when "
        "the service is down, a task now fails; but Airflow can try that task again."
    )


MOVE = Exercise(
    number="04.1",
    task="The audit of this file looks like the one above. But only the task needs the bucket. Move the call into the "
    "task: then one import opens one connection, and the task still says where it loads from.",
    starter=MOVE_STARTER,
    hints=(
        "Which line runs at every import, and which lines run only in the task?",
        "What does the task need to know so that it can ask the service itself? Pass that to `load`.",
    ),
    solution=MOVE_SOLUTION,
    broken=(f"bucket = {CALL}", "bucket = pipeline_id"),
    also_right=(MOVED.replace("load(bucket)", "load(pipeline_id)").replace("{bucket}", f"{{{CALL}}}"),),
    misconceptions=(
        Misconception(
            MOVE_STARTER.replace(CALL, "bucket_of(pipeline_id)").replace(
                "    @task\n", f"    def bucket_of(pipeline_id):\n        return {CALL}\n\n    @task\n"
            ),
            "One import still asks the service",
        ),
        Misconception(
            MOVE_STARTER.replace("load(bucket)", "load()")
            .replace(f"load({CALL})", "load()")
            .replace("        return", ASKS),
            "its variable holds the last pipeline",
        ),
        Misconception(MOVED, "but no task does either"),
    ),
    check=_check_move,
)

OWN_STARTER = """
def dag_file():
    # one of 12 DAG files for Airflow, all alike; the name of a copy is the id of its pipeline
    from pathlib import Path

    from pipelines.blueprint import build
    from pipelines.config import parse_config, read_catalog

    CATALOG = Path(__file__).parents[1] / "catalog"
    OWN_ID = Path(__file__).stem

    config = ...
    build(config)
"""
OWN_SOLUTION = OWN_STARTER.replace("...", 'parse_config((CATALOG / f"{OWN_ID}.json").read_bytes(), OWN_ID)')


def _check_own(attempt: Attempt) -> str:
    configs = configurations(PIPELINES)
    write_catalog(attempt.folder / "catalog", configs)
    copies = [attempt.folder / "dags" / f"{each.id}.py" for each in configs]
    (attempt.folder / "dags").mkdir()
    for copy in copies:
        shutil.copyfile(attempt.file, copy)
    Attempt(copies[-1]).imported()
    opened, dag_ids = attempt.run(opened_and_made, copies, attempt.folder / "catalog")
    if dag_ids != [each.id for each in configs]:
        raise NotYet(
            f"{PIPELINES} copies should define {PIPELINES} DAGs: each copy the one that it is named after. They define "
            f"{len(set(dag_ids))}. What does the name of a copy tell it?"
        )
    if opened == PIPELINES**2:
        raise NotYet(
            f"Each copy keeps its own pipeline, but {PIPELINES} copies still open {opened} configurations: each opens "
            "all of them, and then drops all but one."
        )
    if opened > PIPELINES:
        raise NotYet(
            f"{PIPELINES} copies open {opened} configurations. That is less than {PIPELINES**2}, but the number still "
            "grows with the square of the number of copies: a copy opens every configuration that comes "
            "before its own."
        )
    if (active := attempt.parsed(attempt.folder / "dags").active) != PIPELINES:
        raise NotYet(f"Airflow found {active} DAGs in {PIPELINES} copies.")
    return f"{PIPELINES} copies open {opened} configurations, where {PIPELINES**2} were opened before."


OWN = Exercise(
    number="04.2",
    task="For now, the copies stay. Write the line that gives a copy its own configuration, so that 12 "
    "copies open 12 configurations and not 144. In the catalog each file is named after its pipeline's id.",
    starter=OWN_STARTER,
    hints=(
        "A copy knows the name of its configuration's file before it opens any. Which path is that?",
        '`(CATALOG / f"{OWN_ID}.json").read_bytes()` opens one file; `parse_config(content, place)` makes a '
        "configuration from it. `place` only appears in error messages.",
    ),
    solution=OWN_SOLUTION,
    broken=('(CATALOG / f"{OWN_ID}.json")', "min(CATALOG.iterdir())"),
    also_right=(
        OWN_STARTER.replace("parse_config, read_catalog", "PipelineConfig").replace(
            "...", 'PipelineConfig.model_validate_json((CATALOG / f"{OWN_ID}.json").read_text())'
        ),
    ),
    misconceptions=(
        Misconception(
            OWN_STARTER.replace("...", "next(each for each in read_catalog(CATALOG) if each.id == OWN_ID)"),
            "each opens all of them, and then drops all but one",
        ),
        Misconception(
            OWN_STARTER.replace(
                "    config = ...\n",
                """\
    for path in sorted(CATALOG.iterdir()):
        config = parse_config(path.read_bytes(), path.name)
        if config.id == OWN_ID:
            break
""",
            ),
            "the number still grows with the square",
        ),
        Misconception(
            OWN_STARTER.replace("...", "read_catalog(CATALOG)[0]"), "What does the name of a copy tell it?"
        ),
    ),
    check=_check_own,
)

CALM_STARTER = """
def dag_file():
    from datetime import datetime
    from uuid import uuid4

    from airflow.providers.standard.operators.python import PythonOperator
    from airflow.sdk import DAG

    def load(partner, batch):
        return f"loads {partner} as batch {batch}"

    for partner in ["north", "south"]:
        with DAG(f"load_{partner}", start_date=datetime(2026, 1, 1)):
            PythonOperator(task_id="load", python_callable=load, op_args=[partner, uuid4().hex])
"""


def _check_calm(attempt: Attempt) -> str:
    dag_ids = set(attempt.imported().dags)
    if dag_ids != {"load_north", "load_south"}:
        raise NotYet(f"The ids were right before; now they are {', '.join(sorted(dag_ids)) or 'none'}.")
    monday, tuesday = (attempt.run(stored_and_returned, attempt.file, day) for day in ("monday", "tuesday"))
    (stored, did), (stored_again, did_again) = monday["load_north"], tuesday["load_north"]
    if stored != stored_again:
        raise NotYet(
            "Two imports of the same file still give two different DAGs: at the second, Airflow would record a new "
            "version. Wherever it is, a value that is computed while the file is imported can be different next time."
        )
    if "{" in did or "run_id" in did:
        raise NotYet(
            f"The DAGs are calm, but nobody filled the template in: the task says `{did}`. Airflow fills in "
            "templates only in the operator's arguments, and only what is in double braces. An f-string "
            "turns double braces into single ones."
        )
    if did == did_again:
        raise NotYet(f"The DAGs are calm, but two runs both say `{did}`: each run needs a batch of its own.")
    if not did.startswith("loads north as batch "):
        raise NotYet(f"The task should say which batch it loads, but it says `{did}`.")
    return "Two imports give the same DAG, and each run has its own batch. It is made when the task runs."


CALM = Exercise(
    number="04.3",
    task="Find the fault. After each run, these two DAGs have a new version. The author wants each run to load a batch "
    "of its own. Fix the file so that each run still does, but two imports give the same DAGs.",
    starter=CALM_STARTER,
    hints=(
        "Which value is different at each import? Does Airflow need it when it parses the file, or only when the "
        "task runs?",
        "Let the function make the batch, or pass a template. Airflow replaces the text `{{ run_id }}` in `op_args` "
        "when the task runs.",
    ),
    solution=CALM_STARTER.replace("uuid4().hex", '"{{ run_id }}"').replace(
        "    from uuid import uuid4\n", ""
    ),
    broken=("{{ run_id }}", "first"),
    also_right=(
        CALM_STARTER.replace("partner, batch", "partner")
        .replace("{batch}", "{uuid4().hex}")
        .replace(", uuid4().hex]", "]"),
    ),
    misconceptions=(
        Misconception(
            CALM_STARTER.replace("uuid4().hex", "BATCH").replace(
                "    def load", "    BATCH = uuid4().hex\n\n    def load"
            ),
            "a value that is computed while the file is imported",
        ),
        Misconception(
            CALM_STARTER.replace("uuid4().hex", "str(datetime.now().date())"),
            "each run needs a batch of its own",
        ),
        Misconception(
            CALM_STARTER.replace("uuid4().hex", 'f"{partner}_{{ run_id }}"'), "nobody filled the template in"
        ),
    ),
    check=_check_calm,
)

EXERCISES = (MOVE, OWN, CALM)

QUESTIONS = (
    Question(
        "A factory sends 100 requests of 50 ms and reads 100 texts with `json5`, 2 ms each. `json` would be hundreds "
        "of times faster. What do you fix first?",
        "All causes together",
        (
            Option("The reader", "All texts together take 0.2 s. Compare seconds, not factors."),
            Option("The requests", "They take 5 s, and all texts together 0.2 s.", right=True),
            Option("Either one: both are slow", "The requests take 25 times as long."),
        ),
    ),
    Question(
        "A DAG has `datetime.now()` in its description, and it never runs. Airflow parses its file three times. How "
        "many versions of the DAG are there?",
        "Cause five: values that change at every parse",
        (
            Option("None", "The first parse already stores one."),
            Option("One", "Airflow overwrites a version that no run has used; one remains.", right=True),
            Option("Three", "Airflow keeps a version only after a run has used it."),
        ),
    ),
)
