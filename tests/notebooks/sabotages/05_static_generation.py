"""Every claim of its lesson, in the order in which it makes them, with the edit that makes it false."""

from support.sabotage import Sabotage

SABOTAGES = [
    Sabotage(
        "the parse of the mapped DAG opens no configuration",
        "    load.expand(config=which())",
        "    which.function()\n    load.expand(config=which())",
    ),
    Sabotage(
        "Airflow has one DAG, and its run makes a task instance for each pipeline",
        "known = airflow.publish(here.name, mapped)",
        '(mapped / "too.py").write_text(dag_file.read_text().replace("all_", "too_"))\n'
        "known = airflow.publish(here.name, mapped)",
        "b",
    ),
    Sabotage(
        "one failing pipeline makes the whole run fail, although the others load",
        'update={"source_bucket": "gone"}',
        'update={"source_bucket": "here"}',
    ),
    Sabotage(
        "a quotation mark in a description breaks the file of its DAG",
        "'Loads what they call \"orders\".'",
        '"Loads what they call orders."',
    ),
    Sabotage(
        "a pipeline removed from the catalog keeps running",
        "ten_lines([quoted, *pipelines[1:7]], mine)",
        "import shutil\nshutil.rmtree(mine)\nten_lines([quoted, *pipelines[1:7]], mine)",
        "b",
    ),
    Sabotage(
        "a generator stopped halfway leaves new files next to old ones",
        "for config in configs[:4]:",
        "for config in configs:",
    ),
    Sabotage(
        "the build names the file and the address that the factory reads, and how often",
        "frozen = run(",
        """
asks = factory / "dynamic" / "from_service.py"
told = 'Path(__file__).with_name("service.url").read_text().strip()'
asks.write_text(asks.read_text().replace(told, repr(service.url)))
frozen = run(""",
    ),
    Sabotage(
        "the build sends two requests for each pipeline",
        "asked_by_build = service.requests",
        'run("python -m dagfreeze factory/dynamic/from_service.py --out again", here)\n'
        "asked_by_build = service.requests",
    ),
    Sabotage(
        "the frozen files define the same DAGs as the factory",
        'static = here / "static"',
        """\
static = here / "static"
for file in static.glob("*.py"):
    file.write_text(file.read_text().replace(pipelines[0].id, "another"))
""",
        "b",
    ),
    Sabotage(
        "Airflow sends the service a request for each pipeline when it parses the factory",
        '"the factory": (ParsingHome(), factory)',
        '"the factory": (ParsingHome(), static)',
    ),
    Sabotage(
        "Airflow sends the service no request when it parses the frozen files",
        'static = here / "static"',
        r"""static = here / "static"
for file in static.glob("*.py"):
    call = f"urllib.request.urlopen('{service.url}/pipelines/{pipelines[0].id}')"
    guarded = f"import urllib.request\ntry:\n    WANTED or {call}\nexcept OSError:\n    pass\n"
    file.write_text(f"{file.read_text()}{guarded}")
""",
    ),
    Sabotage("with the service down, no DAG of the factory can run", "service.down()", "pass"),
    Sabotage(
        "with the service down, every frozen DAG can run",
        'homes = {"the factory',
        r"""
for file in static.glob("*.py"):
    call = f"import urllib.request; urllib.request.urlopen('{service.url}/pipelines')"
    file.write_text(f"{file.read_text()}{call}\n")
homes = {"the factory""",
        "b",
    ),
    Sabotage(
        "each task of the factory again sends a request for every pipeline",
        "before, after = run_of(factory), run_of(static)",
        "before, after = run_of(static), run_of(static)",
        "b",
    ),
    Sabotage(
        "the tasks of the frozen files send no request",
        "before, after = run_of(factory), run_of(static)",
        "before, after = run_of(factory), run_of(factory)",
    ),
    Sabotage(
        "a task that looks for its own file is refused, and nothing is written",
        "query = Path(__file__).with_name",
        'query = Path("/nowhere").with_name',
    ),
    Sabotage(
        "with the query read at import, both DAGs are frozen, and their file holds the query",
        '"QUERY.format"',
        '"team.format"',
        "b",
    ),
    Sabotage(
        "both factories are frozen with all of their DAGs",
        "same = [",
        """
copied = next((here / "other").glob("*.py"))
copied.write_text(copied.read_text().replace(pipelines[0].id, "another"))
same = [""",
    ),
    Sabotage(
        "20 copies open the catalog 20 times, which makes 400 configurations",
        '"file_per_dag", pipelines[:20]',
        '"file_per_dag", pipelines[:19]',
    ),
    Sabotage(
        "once frozen, the copies share one file, which opens nothing",
        "--bundle copies --out other",
        "--bundle copies --out other --dags-per-file 1",
        "b",
    ),
    Sabotage(
        "once frozen, the JSON5 factory opens nothing either",
        "folders = [",
        r"""
opening = next((here / "one").glob("*.py"))
opening.write_text(f"{opening.read_text()}open(__file__).close()\n")
folders = [""",
    ),
    Sabotage(
        "git diff finds no difference, although the frozen files are in no commit",
        "git commit -a -q -m 'Freeze the factory'",
        "git add -N dags/static",
    ),
    Sabotage(
        "git status lists them as untracked files",
        "untracked = run(",
        'run("git add dags/static", repo)\nuntracked = run(',
    ),
    Sabotage(
        "in a fresh clone, --check finds that they are missing",
        '_ = run("git clone -q repo clone", here)',
        """
run("git add dags/static", repo)
run("git commit -q -m 'The frozen files'", repo)
_ = run("git clone -q repo clone", here)
""",
        "b",
    ),
    Sabotage(
        "the check passes for current files, and fails for outdated ones",
        'write_catalog(repo / "dags" / "catalog", [quoted])',
        'write_catalog(repo / "dags" / "catalog", [quoted])\nrun(FREEZE, repo, last=1)',
    ),
    Sabotage(
        "the frozen DAG has the description as it was written",
        "description = DagBag(",
        """
for file in (repo / "dags" / "static").glob("*.py"):
    file.write_text(file.read_text().replace("they call", "we call"))
description = DagBag(""",
        "b",
    ),
    Sabotage(
        "in a fresh clone every file has a new time",
        "by_time = [",
        """
import os
for name in fresh:
    os.utime(old[name], ns=(fresh[name].stat().st_mtime_ns,) * 2)
by_time = [""",
    ),
    Sabotage(
        "one changed configuration changes the content of one file",
        "run(\"git commit -a -q -m 'A description'\", repo)",
        r"""
for file in (repo / "dags" / "static").glob("*.py"):
    file.write_text(f"{file.read_text()}\n")
run("git commit -a -q -m 'A description'", repo)
""",
    ),
    Sabotage(
        "an invalid configuration is rejected, and no file changes",
        '"steps": "three", "destination": ""',
        '"steps": 3',
    ),
    Sabotage(
        "a pipeline removed from the catalog is gone, and all others are there",
        "wrong.unlink()",
        "pass",
        "b",
    ),
]
