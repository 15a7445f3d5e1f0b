"""The exercises and questions of notebook 03, too big."""

from __future__ import annotations

from workbook.catalog import configurations, dag_folder
from workbook.exercises.attempt import Attempt, ImportFailed, module_of
from workbook.exercises.exercise import Exercise, Misconception, NotYet, Option, Question
from workbook.measure import parse_cycle
from workbook.services import config_service

PIPELINES = 12

FIT_STARTER = """
def fits(limit, latency, per_dag):
    # limit: seconds that the import may take
    # latency: seconds for each answer from the service
    # per_dag: seconds that each DAG costs on top of that
    return ...
"""


CASES = {(3.0, 0.1, 0.015): 26, (3.0, 0.2, 0.015): 13, (30.0, 0.1, 0.005): 285, (6.0, 0.05, 0.014): 93}


def _check_fit(attempt: Attempt) -> str:
    results = attempt.run(_fits, attempt.file)
    number = results[0]
    shown = f"`fits(3, 0.1, 0.015)` gives {number}"
    if not all(isinstance(each, int | float) for each in results):
        raise NotYet(f"{shown}, which is not a number.")
    if results[1] > number:
        raise NotYet(
            f"{shown}, and more for a service half as fast. Does a slow service leave time for more?"
        )
    if number == 30:
        raise NotYet(f"{shown}: that leaves time for the answers only. Each DAG also costs `per_dag`.")
    if number != int(number):
        raise NotYet(f"{shown}. A DAG cannot be built in part: which whole number still fits?")
    if number == 27 or results[2] == 286:
        raise NotYet(f"{shown}. Round down: with even one DAG too many, none can run.")
    for case, each, expected in zip(CASES, results, CASES.values(), strict=True):
        if each != expected:
            raise NotYet(f"`fits{case}` gives {each}, but {expected} fit.")
    # the answers alone to twice as many need more than the limit, on any machine
    twice = 2 * int(number)
    with config_service(twice, latency=0.1) as service:
        folder = dag_folder(attempt.folder / "dags", "from_service", service_url=service.url)
        stopped = parse_cycle(folder, {"core.dagbag_import_timeout": 3})
    if stopped.active or not stopped.import_errors.error.str.contains("import timeout").all():
        raise NotYet(f"Airflow found {stopped.active} DAGs where none was expected.")
    return f"Airflow was just given {twice} pipelines and 3 seconds: the import timed out, and not one DAG can run."


def _fits(file: str) -> list[object]:
    """What the learner's function gives for each case."""
    return [module_of(file).fits(*case) for case in CASES]


FIT = Exercise(
    number="03.1",
    task="How many pipelines fit within the import timeout? Write a function that tells you, for any limit, "
    "any service and any machine.",
    starter=FIT_STARTER,
    hints=(
        "How many seconds does one pipeline cost in total?",
        "The limit divided by that, rounded down.",
    ),
    solution=FIT_STARTER.replace("...", "int(limit / (latency + per_dag))"),
    broken=("latency + per_dag", "latency"),
    also_right=(FIT_STARTER.replace("...", "limit // (latency + per_dag)"),),
    misconceptions=(
        Misconception(FIT_STARTER.replace("...", "int(limit / latency)"), "Each DAG also costs `per_dag`"),
        Misconception(FIT_STARTER.replace("...", "limit * latency / per_dag"), "half as fast"),
        Misconception(
            FIT_STARTER.replace("...", "limit / (latency + per_dag) + 0.5"), "cannot be built in part"
        ),
        Misconception(FIT_STARTER.replace("...", "int(limit / (latency + per_dag)) + 1"), "Round down"),
    ),
    check=_check_fit,
)

SURVIVE_STARTER = """
def dag_file():
    from pathlib import Path

    from pipelines.blueprint import build
    from pipelines.config import fetch_config, fetch_ids

    SERVICE = Path(__file__).with_name("service.url").read_text().strip()
    try:
        configs = [fetch_config(SERVICE, each) for each in fetch_ids(SERVICE)]
    except OSError:  # the service is down, and Airflow should keep its DAGs
        configs = []
    for config in configs:
        build(config)
"""

SURVIVE_SOLUTION = """
def dag_file():
    import json
    from pathlib import Path

    from pipelines.blueprint import build
    from pipelines.config import PipelineConfig, fetch_config, fetch_ids

    SERVICE = Path(__file__).with_name("service.url").read_text().strip()
    LAST = Path(__file__).with_name("last_answer.json")
    try:
        configs = [fetch_config(SERVICE, each) for each in fetch_ids(SERVICE)]
        LAST.write_text(json.dumps([config.model_dump() for config in configs]))
    except OSError:  # the service is down, and Airflow should keep its DAGs
        configs = [PipelineConfig(**each) for each in json.loads(LAST.read_text())]
    for config in configs:
        build(config)
"""


def _check_survive(attempt: Attempt) -> str:
    configs = configurations(PIPELINES)
    with config_service(configs[:-1], latency=0.0) as service:
        address = attempt.folder / "service.url"
        address.write_text(service.url, encoding="utf-8")
        before = attempt.imported().dags
        if len(before) != PIPELINES - 1:
            raise NotYet(f"On a good day the file defines {len(before)} of {PIPELINES - 1} DAGs.")
        service.down()
        try:
            during = attempt.imported().dags
        except ImportFailed as failed:
            raise NotYet(
                f"With the service down the import fails, and every DAG is gone until the service is back. {failed}"
            ) from None
        if not during:
            raise NotYet(
                "With the service down there is no import error, but the file defines no DAGs. Airflow takes them down "
                "without a word, which is worse than an error: nobody is told. Every parse runs in a new process, so "
                "anything that was in a variable or a cache in memory is gone."
            )
        if set(during) != set(before):
            raise NotYet(f"With the service down the file defines {len(during)} of {len(before)} DAGs.")
    with config_service(configs, latency=0.0) as service:
        address.write_text(service.url, encoding="utf-8")
        if len(attempt.imported().dags) != PIPELINES:
            raise NotYet(
                "The DAGs survive, but a pipeline that is new in the service never appears: the file reads only what "
                "it wrote down the first time."
            )
    return (
        "The DAGs survive the outage. But each parse still requests every configuration, and a parse and a task start "
        "may write the saved answer at the same time. Notebook 05 has a better place for the last answer."
    )


SURVIVE = Exercise(
    number="03.2",
    task='Find the fault. "This factory survives an outage of its service," says its author, and indeed there is no '
    "import error. What happens to the DAGs? Fix it, so that they are all there while the service is down.",
    starter=SURVIVE_STARTER,
    hints=(
        "How many DAGs does the file define when `configs` is an empty list? What does a parse leave behind when its "
        "process ends?",
        "Write the last good answer into a file next to this one, and read it after an `OSError`.",
    ),
    solution=SURVIVE_SOLUTION,
    broken=("        LAST.write_text", "        str"),
    misconceptions=(
        Misconception(
            SURVIVE_STARTER.replace("configs = []", "configs = KNOWN")
            .replace("    try:", "    KNOWN = []\n    try:")
            .replace("    except", "        KNOWN = configs\n    except"),
            "anything that was in a variable or a cache in memory is gone",
        ),
        Misconception(
            SURVIVE_STARTER.replace("configs = []", "raise"),
            "the import fails, and every DAG is gone until the service is back",
        ),
        Misconception(
            SURVIVE_SOLUTION.replace(
                "    try:\n", "    try:\n        if LAST.exists():\n            raise OSError\n"
            ),
            "a pipeline that is new in the service never appears",
        ),
    ),
    check=_check_survive,
)

ASK_STARTER = """
def dag_file():
    from pathlib import Path

    from airflow.sdk import get_parsing_context
    from pipelines.blueprint import build
    from pipelines.config import fetch_config, fetch_ids

    SERVICE = Path(__file__).with_name("service.url").read_text().strip()
    wanted = get_parsing_context().dag_id

    for pipeline_id in ...:
        build(fetch_config(SERVICE, pipeline_id))
"""


def _check_ask(attempt: Attempt) -> str:
    configs = configurations(PIPELINES)
    one = configs[0].id
    with config_service(configs, latency=0.0) as service:
        (attempt.folder / "service.url").write_text(service.url, encoding="utf-8")
        try:
            parsed = attempt.imported().dags
        except ImportFailed as failed:
            if service.requests <= 1:
                raise NotYet(
                    f"The DAG processor wants every DAG and names none: in a parse `wanted` is None. {failed}"
                ) from None
            raise
        if set(parsed) != {each.id for each in configs}:
            raise NotYet(
                f"In a parse the file builds {len(parsed)} of {PIPELINES} DAGs, and Airflow marks the others stale."
            )
        service.reset()
        started = attempt.imported(one).dags
        requests, lists = service.requests, service.lists
        if set(started) != {one}:
            raise NotYet(
                f"To start a task of one DAG the file still builds {len(started)} DAGs, and it sends "
                f"{requests} requests for configurations."
            )
        if requests != 1:
            raise NotYet(f"Only one DAG is built, but the file still requests {requests} configurations.")
        if lists:
            raise NotYet(
                "One DAG is built and one configuration requested, but the file still asks for the list of "
                "all ids first. A filter needs the whole list before it can leave anything out; `if … else` "
                "evaluates only one of its two sides."
            )
        service.reset()
        cycle = attempt.parsed()
        if cycle.active != PIPELINES:
            raise NotYet(f"Airflow's DAG processor finds {cycle.active} of {PIPELINES} DAGs.")
        return (
            "A task start now requests one configuration. "
            f"A parse still requests {service.requests}: the DAG processor is no faster."
        )


ASK = Exercise(
    number="03.3",
    task="From memory: write what the loop iterates over, so that a task start asks the service for one "
    "configuration and for nothing else, and a parse still finds every DAG.",
    starter=ASK_STARTER,
    hints=(
        "What is `wanted` when the DAG processor imports the file, and what is it when a task starts?",
        "One expression with `if … else`: a list of one id, or all ids.",
    ),
    solution=ASK_STARTER.replace("...", "[wanted] if wanted else fetch_ids(SERVICE)"),
    broken=("if wanted else", "if not wanted else"),
    also_right=(ASK_STARTER.replace("...", "fetch_ids(SERVICE) if wanted is None else {wanted}"),),
    misconceptions=(
        Misconception(
            ASK_STARTER.replace("...", "[i for i in fetch_ids(SERVICE) if wanted in (None, i)]"),
            "still asks for the list of all ids",
        ),
        Misconception(ASK_STARTER.replace("...", "[wanted]"), "in a parse `wanted` is None"),
        Misconception(
            ASK_STARTER.replace("...", "fetch_ids(SERVICE)"), "To start a task of one DAG the file still"
        ),
        Misconception(
            ASK_STARTER.replace("...", "[wanted] if wanted else fetch_ids(SERVICE)[:1]"),
            "marks the others stale",
        ),
    ),
    check=_check_ask,
)

EXERCISES = (FIT, SURVIVE, ASK)

QUESTIONS = (
    Question(
        "A factory asks a service about each of its pipelines, and each answer takes 20 ms. What makes a "
        "parse roughly twice as fast?",
        "Turn the dial",
        (
            Option("Twice the import timeout", "That moves the limit; the parse takes as long as before."),
            Option("Half the requests", "Most of the time is requests times latency.", right=True),
            Option("A faster CPU", "Nothing is computed while the file waits for answers."),
        ),
    ),
    Question(
        "The factory uses the parsing context, and the service goes down. What happens?",
        "The price of every task",
        (
            Option("Nothing", "The DAG processor names no DAG, so the file still asks for all of them."),
            Option("The next parse takes every DAG down", "Only a task start asks for less.", right=True),
            Option(
                "Running tasks fail immediately",
                "They imported their file when they started, and do not ask again.",
            ),
        ),
    ),
)
