"""Every claim of every notebook, in the order in which the notebook makes them, with the edit that makes it false."""

from __future__ import annotations

from notebook_guards.sabotage import Sabotage

ADD_A_SECOND_FACTORY = """\
from workbook.catalog import write_catalog
from workbook.workspace import DAGS
write_catalog(folder / "catalog", configurations(most))
(folder / "dynamic" / "from_json.py").write_text((DAGS / "dynamic" / "from_json.py").read_text())
"""

ADD_A_CALL = """\
call = f"import urllib.request; urllib.request.urlopen('{service.url}/pipelines')"
reading.write_text(f"{reading.read_text()}\\n{call}\\n")
"""

DELIVER_EARLY = r"""
(deliveries / "orders.csv").write_text("order,amount\n")
wait_for_state("wait_for_delivery", {"success"})
"""

WAIT_ON_A_WORKER = """
text = (DAGS / "first" / "one_of_each.py").read_text().replace("deferrable=True", "deferrable=False")
(here / "first").mkdir()
(here / "first" / "one_of_each.py").write_text(text)
airflow.publish(here.name, here / "first")
"""

NAME_THE_ADDRESS = """
asks = factory / "dynamic" / "from_service.py"
told = 'Path(__file__).with_name("service.url").read_text().strip()'
asks.write_text(asks.read_text().replace(told, repr(service.url)))
frozen = run(\
"""

CALL_WHILE_PARSING = """static = here / "static"
for file in static.glob("*.py"):
    call = f"urllib.request.urlopen('{service.url}/pipelines/{pipelines[0].id}')"
    guarded = f"import urllib.request\\ntry:\\n    WANTED or {call}\\nexcept OSError:\\n    pass\\n"
    file.write_text(f"{file.read_text()}{guarded}")
"""

CALL_WITHOUT_GUARD = """
for file in static.glob("*.py"):
    call = f"import urllib.request; urllib.request.urlopen('{service.url}/pipelines')"
    file.write_text(f"{file.read_text()}{call}\\n")
homes = {"the factory\
"""

RENAME_ONE = """static = here / "static"
for file in static.glob("*.py"):
    file.write_text(file.read_text().replace(pipelines[0].id, "another"))
"""

RENAME_A_COPY = """
copied = next((here / "other").glob("*.py"))
copied.write_text(copied.read_text().replace(pipelines[0].id, "another"))
same = [\
"""

OPEN_SOMETHING = """
opening = next((here / "one").glob("*.py"))
opening.write_text(f"{opening.read_text()}open(__file__).close()\\n")
folders = [\
"""

ADD_BEFORE = """
run("git add dags/static", repo)
run("git commit -q -m 'The frozen files'", repo)
_ = run("git clone -q repo clone", here)
"""

DESCRIBE_ANEW = """
for file in (repo / "dags" / "static").glob("*.py"):
    file.write_text(file.read_text().replace("they call", "we call"))
description = DagBag(\
"""

CHANGE_EACH = r"""
for file in (repo / "dags" / "static").glob("*.py"):
    file.write_text(f"{file.read_text()}\n")
run("git commit -a -q -m 'A description'", repo)
"""

KEEP_THE_TIMES = """
import os
for name in fresh:
    os.utime(old[name], ns=(fresh[name].stat().st_mtime_ns,) * 2)
by_time = [\
"""

LOSE_A_FILE = """
next((here / "50" / "dags").glob("*.py")).unlink()
layouts |= {name: measure(here / name) for name in ("10", "50")}
lay_out(here / "50", pipelines, limits["50"])
"""

READ_ONE_ONLY = """
names = list(limits)
plain = here / "factory" / "dags" / "dynamic" / "from_json.py"
plain.write_text(plain.read_text().replace("read_catalog(CATALOG):", "read_catalog(CATALOG)[:1]:"))
"""

LOOK_FOR_NEW_FILES = """
home.settings["dag_processor.refresh_interval"] = 2
again = home.parsed_again(frozen, lambda: run(f"{FREEZE} --reshard", source, last=2))
"""

DEFER_AS_WELL = """
text = (folder / "blocking.py").read_text()
(folder / "blocking.py").write_text(text.replace("deferrable=False", "deferrable=True"))
airflow.publish("waiting", folder)
"""

MAKE_IT_IMPORTABLE = r"""
(airflow.folder / "plugins" / "job_ended.py").write_text(trigger)
(first / "by_hand.py").write_text("from job_ended import JobEnded\n" + operator + dags)
(first / "work.json").write_text('{"jobs": 1, "seconds": 5}')
airflow.publish("by_hand", first)
"""

BEGIN_ON_A_WORKER = """
file = crowd_folder / "from_trigger.py"
file.write_text(file.read_text().replace("start_from_trigger=True", "start_from_trigger=False"))
airflow.publish("drills", here / "drills")
"""

TAKE_THE_SLOTS = """
taking = storm(airflow, ["blocking_full"])
wait_for_states(airflow, taking, "running", SLOTS)
running, deferred = gauges(airflow, "pool.running_slots", "pool.deferred_slots")
end(airflow, taking)
"""

ASK_UNTIL_ERRORS = """
service.set(error_rate=1)
wait_until(lambda: service.errors >= 2 * size.jobs)
errors = service.errors
warning = excerpt(lambda: task_log(airflow, crowd[0], "step_1"), "500 Internal Server Error")
"""

LET_IT_LIVE = """\
    process.status()
service.finish()
wait_until(lambda: set(task_instances(airflow, crowd).state) != {"deferred"})
"""

SUBMIT_ONCE_MORE = """
import httpx
again = {"key": f"by hand/{crowd[0].run_id}", "seconds": 1}
httpx.post(f"{service.url}/jobs", json=again, trust_env=False)
ended = finish(airflow, crowd)
"""

ONE_JOB_BY_HAND = """
import httpx
by_hand = {"key": "by hand", "seconds": size.job_seconds}
httpx.post(f"{service.url}/jobs", json=by_hand, trust_env=False).raise_for_status()
"""

COMPUTE_INSTEAD = r"""
busy = '''import time

class Busy(RemoteJobOperator):
    def _wait(self, job):
        end = time.monotonic() + self.seconds
        while time.monotonic() < end:
            pass
        return super()._wait(job)

'''
text = (folder / "blocking.py").read_text().replace("def step", f"{busy}def step")
(folder / "blocking.py").write_text(text.replace("return RemoteJobOperator", "return Busy"))
airflow.publish("waiting", folder)
"""

SUBMIT_AND_WAIT = """
text = (folder / "reschedule.py").read_text()
(folder / "reschedule.py").write_text(text.replace("wait_for_completion=False", "wait_for_completion=True"))
(folder / "quick.py").write_text(QUICK)
"""

ASK_BY_HAND = """
import httpx
httpx.get(f"{service.url}/jobs/job-1", trust_env=False).raise_for_status()
questions = service.polls
"""

ASK_FIRST = """
quick = storm(airflow, ["quick"])
finish(airflow, quick)
service.reset()
blocking = storm(airflow, ["blocking_full"])
"""

SABOTAGES: dict[str, list[Sabotage]] = {
    "00_start_here": [
        Sabotage(
            "this machine has what the workbook needs",
            "machine_check(memory_gb=2)",
            "machine_check(memory_gb=1_000_000)",
        ),
        Sabotage(
            "Airflow answers, and it is the version that the lessons were written for",
            "/api/v2/version",
            "/api/v2/nowhere",
        ),
    ],
    "01_airflow_in_ten_minutes": [
        Sabotage(
            "the sensor held a worker's slot until the delivery was there",
            'print("the sensor is", wait_for_state("wait_for_delivery", {"running", "success"}))',
            DELIVER_EARLY,
        ),
        Sabotage(
            "the second sensor waits without a worker's slot",
            'airflow.publish(here.name, DAGS / "first")',
            WAIT_ON_A_WORKER,
        ),
        Sabotage(
            "the task found the delivery through the connection and counted its 3 orders",
            "2,20\\n3,30\\n",
            "2,20\\n",
        ),
    ],
    "02_the_dag_factory": [
        Sabotage(
            "ten configurations make ten DAGs out of one file",
            "configurations(10)",
            "configurations(9)",
        ),
        Sabotage(
            "two more files of data are two more DAGs",
            "configurations(12)",
            "configurations(11)",
        ),
        Sabotage(
            "and no line of code has changed",
            "before = factory.read_text()",
            'before = factory.read_text()\nfactory.write_text(f"{before}# touched\\n")',
        ),
        Sabotage(
            "one changed line changes every DAG",
            'build(config.model_copy(update={"notify": "new-team@x.example"}))',
            "build(config)",
        ),
        Sabotage(
            "one configuration that is wrong takes every DAG of the factory away",
            '"steps": "three", "destination": ""',
            '"steps": 3',
        ),
        Sabotage(
            "the next parse after the repair brings all of them back",
            "wrong.write_text(right)",
            "wrong.write_text('{')",
        ),
    ],
    "03_too_big": [
        Sabotage(
            "every parse asks the service once for each pipeline",
            "        cycle = parse_cycle(folder)",
            "        cycle = parse_cycle(folder)\n        cycle = parse_cycle(folder)",
        ),
        Sabotage(
            "no parse is faster than its calls",
            "with config_service(pipelines, latency=0.020)",
            "with config_service(pipelines, latency=0)",
            "b",
        ),
        Sabotage(
            "on a good day every DAG can run",
            "config_service(most, latency=0.020)",
            "config_service(most, latency=2 * size.import_timeout / most)",
            "b",
        ),
        Sabotage(
            "past the timeout Airflow records exactly one import error, and it names the timeout",
            "service.set(latency=2 * size.import_timeout / most)",
            "service.down()",
        ),
        Sabotage(
            "one import that is too slow takes every DAG of the file away",
            "service.set(latency=2 * size.import_timeout / most)",
            f"service.set(latency=2 * size.import_timeout / most)\n{ADD_A_SECOND_FACTORY}",
            "b",
        ),
        Sabotage("a service that is down does the same", "service.down()", "service.up()", "b"),
        Sabotage("the next healthy parse brings every DAG back", "service.up()", "service.down()"),
        Sabotage(
            "to start one task, the big factory makes all of its 40 DAGs",
            "(alone[:1], crowd, careful)",
            "(alone[:1], crowd[:39], careful)",
        ),
        Sabotage(
            "with the parsing context it makes that task's DAG and no other",
            '("from_service", "from_service", "parsing_context")',
            '("from_service", "from_service", "from_service")',
            "b",
        ),
    ],
    "04_root_causes": [
        Sabotage(
            "the largest factory takes at least twice as long as the smallest",
            "for pipelines in size.numbers\n",
            "for pipelines in size.numbers[::-1]\n",
        ),
        Sabotage(
            "the audit finds the line that opens a connection for each pipeline",
            "config_service(40, latency=0.020)",
            "config_service(39, latency=0.020)",
        ),
        Sabotage(
            "the import spends more time on waiting for the service than on anything else",
            "slowest = profile(asking)",
            'slowest = profile(dag_folder(here / "quiet", "from_json", 40) / "dynamic" / "from_json.py")',
            "b",
        ),
        Sabotage(
            "the factory with JSON files opens no connection",
            "calls, files = (",
            f"{ADD_A_CALL}calls, files = (",
        ),
        Sabotage(
            "it opens a file for each pipeline instead",
            'dag_folder(here / "reading", "from_json", 40)',
            'dag_folder(here / "reading", "from_json", 41)',
            "b",
        ),
        Sabotage(
            "json5 takes at least 100 times as long as json",
            "best_seconds(json.loads)",
            "best_seconds(json5.loads)",
        ),
        Sabotage(
            "a compiled parser reads the same JSON5 at least 20 times as fast",
            "best_seconds(pyjson5.loads)",
            "best_seconds(json5.loads)",
            "b",
        ),
        Sabotage(
            "the JSON5 factory spends more than a third of its import on the parser",
            'dag_folder(here / "fancy", "from_json5", 100) / "dynamic" / "from_json5.py"',
            'dag_folder(here / "fancy", "from_json", 100) / "dynamic" / "from_json.py"',
        ),
        Sabotage(
            "each of 40 copies opens all 40 configurations",
            'one_copy = sorted((copies / "dynamic").glob("*.py"))[0]',
            'one_copy = next((dag_folder(here / "few", "file_per_dag", 3) / "dynamic").glob("*.py"))',
        ),
        Sabotage(
            "twice the pipelines are four times the configurations to open",
            'dag_folder(here / "half", "file_per_dag", 20)',
            'dag_folder(here / "half", "file_per_dag", 19)',
        ),
        Sabotage(
            "both layouts define the same DAGs",
            "forty_files = parse_cycle(copies)",
            'forty_files = parse_cycle(dag_folder(here / "fewer", "file_per_dag", 39))',
            "b",
        ),
        Sabotage(
            "the copies take at least three times as long as the one factory",
            'one_file = quicker_of_two(dag_folder(here / "one", "from_json", 40))\nforty_files = parse_cycle(copies)',
            'one_file = quicker_of_two(copies)\nforty_files = parse_cycle(dag_folder(here / "one", "from_json", 40))',
        ),
        Sabotage(
            "the calm DAG has one version, however often it is parsed",
            "description='\"made by the factory\"'",
            "description='f\"made at {datetime.now()}\"'",
        ),
        Sabotage(
            "the restless DAG has a new version after every run",
            "description='f\"made at {datetime.now()}\"'",
            "description='\"made once\"'",
            "b",
        ),
        Sabotage(
            "with calls of 0.1 s, 400 DAGs do not fit into 30 s",
            "plain.import_seconds(400, calls_per_dag=1, latency=0.1)",
            "plain.import_seconds(400, calls_per_dag=0, latency=0.1)",
        ),
        Sabotage(
            "without calls the same 400 DAGs fit",
            "without_calls = plain.import_seconds(400)",
            "without_calls = plain.import_seconds(400, calls_per_dag=1, latency=0.1)",
            "b",
        ),
    ],
    "05_static_generation": [
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
            NAME_THE_ADDRESS,
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
            RENAME_ONE,
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
            CALL_WHILE_PARSING,
        ),
        Sabotage("with the service down, no DAG of the factory can run", "service.down()", "pass"),
        Sabotage(
            "with the service down, every frozen DAG can run",
            'homes = {"the factory',
            CALL_WITHOUT_GUARD,
            "b",
        ),
        Sabotage(
            "each task of the factory asks for every pipeline again",
            "before, after = run_of(factory), run_of(static)",
            "before, after = run_of(static), run_of(static)",
            "b",
        ),
        Sabotage(
            "the tasks of the frozen files ask for none",
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
        Sabotage("both factories are frozen with all of their DAGs", "same = [", RENAME_A_COPY),
        Sabotage(
            "20 copies open the catalog 20 times, 400 configurations",
            '"file_per_dag", pipelines[:20]',
            '"file_per_dag", pipelines[:19]',
        ),
        Sabotage(
            "frozen, the copies share one file, which opens nothing",
            "--bundle copies --out other",
            "--bundle copies --out other --dags-per-file 1",
            "b",
        ),
        Sabotage("frozen, the JSON5 factory opens nothing either", "folders = [", OPEN_SOMETHING),
        Sabotage(
            "git diff finds no difference, although the frozen files are in no commit",
            "git commit -a -q -m 'Freeze the factory'",
            "git add -N dags/static",
        ),
        Sabotage(
            "git status lists them as files that git does not know",
            "untracked = run(",
            'run("git add dags/static", repo)\nuntracked = run(',
        ),
        Sabotage(
            "in a fresh clone, --check finds that they are missing",
            '_ = run("git clone -q repo clone", here)',
            ADD_BEFORE,
            "b",
        ),
        Sabotage(
            "the check passes for current files, and fails for outdated ones",
            'write_catalog(repo / "dags" / "catalog", [quoted])',
            'write_catalog(repo / "dags" / "catalog", [quoted])\nrun(FREEZE, repo, last=1)',
        ),
        Sabotage("the description comes back as it was written", "description = DagBag(", DESCRIBE_ANEW, "b"),
        Sabotage("in a fresh clone every file has a new time", "by_time = [", KEEP_THE_TIMES),
        Sabotage(
            "one changed configuration changes the content of one file",
            "run(\"git commit -a -q -m 'A description'\", repo)",
            CHANGE_EACH,
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
    ],
    "06_dags_per_file": [
        Sabotage(
            "each layout and the factory define every DAG",
            'layouts |= {name: measure(here / name) for name in ("10", "50")}',
            LOSE_A_FILE,
        ),
        Sabotage(
            "a cycle with one DAG per file takes at least twice as long as one with at most 50 per file",
            '"1": 1, "10": 10, "50": 50,',
            '"1": 50, "10": 10, "50": 1,',
        ),
        Sabotage(
            "with one DAG per file, a cycle is a parse for every DAG; of the factory it is one",
            'factory = measure(here / "factory")',
            'factory = layouts["1"]',
        ),
        Sabotage(
            "with all DAGs in one file, the database stores at least twice as much text as with at most 50 per file",
            '"all": len(pipelines)}',
            '"all": 1}',
        ),
        Sabotage(
            "with the guard, a task start builds one DAG, whatever the layout",
            "return file, inside[len(inside) // 2]",
            'return file, "nobody"',
        ),
        Sabotage(
            "without it, a task start builds every DAG of the file",
            '"get_parsing_context().dag_id", "None"',
            '"nothing of the kind", "None"',
        ),
        Sabotage(
            "from the JSON factory, a task start builds every DAG of the catalog",
            "names = list(limits)",
            READ_ONE_ONLY,
        ),
        Sabotage(
            "from the file with all DAGs, a start without the guard takes at least three times the CPU",
            "if not guarded:",
            "if False:",
        ),
        Sabotage(
            "a broken file takes down its own DAGs and no others",
            'file.write_text(f"{good[name]}this is neither Python nor JSON\\n")',
            "file.write_text(good[name])",
        ),
        Sabotage(
            "a broken configuration takes down every DAG of the JSON factory",
            'own["JSON factory"] = list(supply)[:120]',
            'own["JSON factory"] = list(supply)[:119]',
        ),
        Sabotage(
            "one changed configuration writes one file, whatever the layout",
            '"new-team@x.example"}), *rest]',
            '"new-team@x.example"}), *(other.model_copy(update={"steps": 7}) for other in rest)]',
        ),
        Sabotage(
            "Airflow immediately parses the files that were written, and no others, so not the factory",
            "home.parsed_again(side, change_one_of_each)",
            "[change_one_of_each(), home.parsed_again(side, lambda: None)][1]",
        ),
        Sabotage(
            "no DAG moves when one is added",
            "    run(FREEZE, source, last=1)",
            '    run(f"{FREEZE} --reshard --dags-per-file 20", source, last=1)',
        ),
        Sabotage(
            "one file is written, and Airflow parses this one again",
            "home.parsed_again(frozen, add_one)",
            "[add_one(), home.parsed_again(frozen, lambda: None)][1]",
        ),
        Sabotage(
            "no DAG moves when the DAGs double",
            'write_catalog(source / "catalog", grown[41:])',
            'write_catalog(source / "catalog", grown[41:])\n'
            'run(f"{FREEZE} --reshard --dags-per-file 60", source, last=1)',
        ),
        Sabotage(
            "Airflow looks for each DAG that moved in a file that no longer holds it",
            'again = home.parsed_again(frozen, lambda: run(f"{FREEZE} --reshard", source, last=2), look=False)',
            LOOK_FOR_NEW_FILES,
        ),
        Sabotage(
            "a task start of such a DAG finds no DAG in that file",
            "(frozen / str(file), str(dag_id))",
            "(frozen / split[str(dag_id)], str(dag_id))",
        ),
        Sabotage(
            "afterwards every DAG can run again",
            "cycle = home.parse_cycle(frozen)",
            'next(frozen.glob("*.py")).unlink()\ncycle = home.parse_cycle(frozen)',
        ),
        Sabotage(
            "each DAG that moved has a second version, and no other DAG has one",
            "home.begin_runs(crowded)",
            "pass",
        ),
        Sabotage(
            "on layouts that it has not seen, the model is off by less than a factor of five",
            "costs.cycle_seconds(layout.sizes, processes=layout.processes)",
            "costs.cycle_seconds(layout.sizes * 100, processes=layout.processes)",
        ),
        Sabotage(
            "for 2,000 DAGs the model predicts a cycle at least twice as long with one per file as with at most 50",
            "shard_sizes(2000, limit)",
            "shard_sizes(2000, 40)",
        ),
    ],
    "07_out_of_slots": [
        Sabotage(
            "the jobs take turns on the slots, and no run is shorter than its turns",
            'Case("blocking", jobs=size.jobs, seconds=size.job_seconds, slots=SLOTS)',
            'Case("blocking", jobs=size.jobs, seconds=size.job_seconds / 2, slots=SLOTS)',
        ),
        Sabotage(
            "the service never runs more jobs at once than there are slots",
            'blocking, quick = run_beside_quick("blocking_full")',
            f'blocking, quick = run_beside_quick("blocking_full"){ONE_JOB_BY_HAND}',
        ),
        Sabotage(
            "the quick task gets a slot only when at least half of the jobs are done",
            'blocking, quick = run_beside_quick("blocking_full")',
            ASK_FIRST.strip(),
            "b",
        ),
        Sabotage(
            "the pool's gauges show every slot held, and more tasks in the queue than in slots",
            "metrics[metrics.time.between(begin, over)]",
            "metrics[metrics.time > over]",
        ),
        Sabotage(
            "every slot is held by two processes at least",
            "held = held_slots(airflow, SLOTS)",
            # the process of a task that has ended goes when it can; on a busy machine all four were still there
            "finish(airflow, [*blocking, *quick])\nwhile held_slots(airflow, 0).slots:\n    pass\n"
            "held = held_slots(airflow, SLOTS, seconds=1)",
        ),
        Sabotage(
            "most of the time they compute nothing",
            'airflow.publish("waiting", folder)',
            COMPUTE_INSTEAD.strip(),
            "b",
        ),
        Sabotage(
            "rescheduled, more jobs run at once than there are slots",
            '(folder / "quick.py").write_text(QUICK)',
            SUBMIT_AND_WAIT.strip(),
            "b",
        ),
        Sabotage(
            "every question is the start of a process, and every job costs two starts at least",
            "questions = service.polls",
            ASK_BY_HAND.strip(),
            "b",
        ),
        Sabotage(
            "the quick task waits at least twice as long behind tasks that hold their slots",
            'run_beside_quick("reschedule_full")',
            'run_beside_quick("blocking_full")',
            "b",
        ),
        Sabotage(
            "on a run that it was not fitted to, the simulation is wrong by less than a factor of two",
            "held_out = measure(airflow, unseen)",
            'held_out = measure(airflow, unseen)\nunseen = Case("blocking", jobs=100, seconds=3, slots=SLOTS)',
        ),
    ],
    "08_deferrable_operators": [
        Sabotage(
            "blocking, the jobs take turns on the slots", 'airflow.publish("waiting", folder)', DEFER_AS_WELL
        ),
        Sabotage(
            "a trigger in the DAG file fails its task",
            'airflow.publish("by_hand", first)',
            MAKE_IT_IMPORTABLE,
            "b",
        ),
        Sabotage(
            "the job that the task began runs on, and nobody waits for it",
            "ended = finish(airflow, trial)",
            "ended = finish(airflow, trial)\nservice.finish()",
            "b",
        ),
        Sabotage(
            "deferrable, each job is submitted once",
            'waiting_folder(here / "by_hand", jobs=size.jobs,',
            'waiting_folder(here / "by_hand", jobs=size.jobs + 1,',
            "b",
        ),
        Sabotage(
            "deferrable, more jobs run at once than there are slots",
            "service.submissions - before, service.most_concurrent",
            "service.submissions - before, service.concurrent",
        ),
        Sabotage("a job that fails fails its task", "service.set(fail_rate=1)", "pass"),
        Sabotage(
            "the job that is late and the job that nobody wants are cancelled",
            "end(airflow, [unwanted])\nfinish(airflow, [late])\nwait_until(lambda: service.cancels == 2)",
            "finish(airflow, [late])",
            "b",
        ),
        Sabotage(
            "every task of both runs waits for a job of its own",
            'crowd = storm(airflow, ["deferrable_full", "from_trigger_full"])',
            'crowd = storm(airflow, ["deferrable_full", "from_trigger_full"])\nstorm(airflow, ["unwanted_full"])',
            "b",
        ),
        Sabotage(
            "no slot is taken while they wait",
            'running, deferred = gauges(airflow, "pool.running_slots", "pool.deferred_slots")',
            TAKE_THE_SLOTS,
            "b",
        ),
        Sabotage(
            "what begins in the triggerer has never stood in the queue for a slot",
            'airflow.publish("drills", here / "drills")',
            BEGIN_ON_A_WORKER,
        ),
        Sabotage(
            "through an error for each of them, all tasks go on waiting",
            ASK_UNTIL_ERRORS.strip(),
            'errors, warning = service.errors, ""',
        ),
        Sabotage(
            "while one trigger sleeps, nobody asks about any job",
            "        time.sleep(6)",
            "        import asyncio\n        await asyncio.sleep(6)",
            "b",
        ),
        Sabotage(
            "every job has ended, and every task still waits",
            "    process.kill()",
            LET_IT_LIVE,
        ),
        Sabotage(
            "every task ends well, in its first try",
            'airflow.restart("triggerer")\nended = ',
            'end(airflow, crowd[:1])\nairflow.restart("triggerer")\nended = ',
            "b",
        ),
        Sabotage(
            "no job is submitted twice, and none is lost",
            "ended = finish(airflow, crowd)",
            SUBMIT_ONCE_MORE,
        ),
    ],
}
