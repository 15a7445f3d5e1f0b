# %% [markdown]
# # Static generation
#
# By the end you can
# - decide whether each configuration needs a DAG of its own
# - move the work from parse time to build time, without changing a line of your factory
# - put that build into CI (continuous integration), and deploy only what changed
#
# {minutes}
#
# [previous: Root causes](04_root_causes.ipynb) · [contents](../README.md) · [next: DAGs per file](06_dags_per_file.ipynb)
#
# <details><summary>Do you remember? How often does Airflow parse a DAG file that nobody changes?</summary>
# Every 30 seconds; in addition, the file is imported at every task start.
# </details>
#
# <details><summary>Do you remember? Which of the causes in notebook 04 are avoidable?</summary>
# Calls, slow readers, files that each read everything, and values that change at every parse: all but the number of
# DAGs.
# </details>

# %%
from pathlib import Path

import pandas as pd

from workbook.catalog import configurations, dag_folder, write_catalog
from workbook.exercises import check, hint, solution
from workbook.lesson import claim, predict, run, table
from workbook.scale import scale
from workbook.workspace import lesson_folder

here = lesson_folder("05")
size = scale()
pipelines = configurations(size.catalog, seed=5)
print(f"scale {size.name}: {len(pipelines)} pipelines")

# %% [markdown]
# ## Does each configuration need a DAG of its own?
#
# Before you make a hundred DAGs faster, ask whether you need a hundred DAGs. Airflow can create *tasks* from data while
# a DAG runs: **dynamic task mapping**. One task reads the list of pipelines, and `expand` makes one *mapped task
# instance* of the next task for each pipeline.

# %%
MAPPED = """
from pathlib import Path
from airflow.sdk import dag, task
from pipelines.config import read_catalog

@task
def which():
    return [config.model_dump() for config in read_catalog(Path(__file__).parent / "catalog")]

@task
def load(config):
    if config["source_bucket"] == "gone":
        raise LookupError("there is no such bucket")
    print("loading", config["source_bucket"])
"""

# %%
mapped = here / "mapped"
write_catalog(mapped / "catalog", pipelines[:6])
dag_file = mapped / "mapped.py"
_ = dag_file.write_text(f"""{MAPPED}
@dag(dag_id="all_{here.name}", schedule=None)
def everything():
    load.expand(config=which())

everything()
""")

# %% [markdown]
# **Predict.** The catalog of the mapped DAG holds six pipelines. How many configurations does Airflow open when it
# parses this file?

# %%
guess = predict("configurations that Airflow opens when it parses the mapped DAG")
guess

# %% [markdown]
# **Measure.** First audit the parse; then run the DAG on a complete Airflow. One of the six pipelines points to a
# bucket that no longer exists. Starting Airflow takes about half a minute if no other notebook has started it yet.

# %%
from workbook.measure.findings import how_often

opened = how_often(dag_file, "opens a file")
guess.beside(opened, "The list is read by a task, when the DAG runs.")
claim("the parse of the mapped DAG opens no configuration", opened == 0, f"{opened}")

# %%
from workbook import stack

lost = pipelines[0].model_copy(update={"source_bucket": "gone"})
write_catalog(mapped / "catalog", [lost])
airflow = stack.start()
known = airflow.publish(here.name, mapped)
mapped_run = airflow.run(known[0])
state = mapped_run.wait().state[0]
instances = mapped_run.tasks().query("task_id == 'load'")
table(instances.groupby("state").size().rename("mapped task instances").reset_index())

# %%
claim(
    "Airflow has one DAG, and its run makes a task instance for each pipeline",
    len(known) == 1 and len(instances) == 6,
)
claim(
    "one failing pipeline makes the whole run fail, although the others load",
    state == "failed" and (instances.state == "success").sum() == 5,
    f"the run is {state}",
)

# %% [markdown]
# **Find the cause.** Airflow parses a DAG with two tasks, however many pipelines there are; a worker reads the list,
# once per run. That makes the DAG cheap to parse, and often one such DAG is enough: for the tables of a
# database, the files of a partner, the models of a training job.
#
# Look at what it gives up. All pipelines share one schedule and one backfill. They share one fate: the run above has
# failed, and the person on call sees "failed", not "five of six loaded". In the list of DAGs they are one row, with one
# owner. And the number of mapped task instances is limited:

# %%
from airflow.configuration import conf

print(
    "at most", conf.getint("core", "max_map_length"), "mapped instances of a task, unless you raise the limit"
)
airflow.unpublish(here.name)

# %% [markdown]
# So the question is not a technical one. A pipeline with its own schedule, owner or backfill needs its own DAG. The
# rest of this notebook is about such pipelines.
#
# <details><summary>One team loads 300 tables of one database every night. 300 partners deliver files at 300
# different times, and each pipeline has its own owner. Which case needs one mapped DAG, and which needs 300
# DAGs? Think first, then look</summary>
# The tables need one mapped DAG: one schedule, one owner, and a backfill of one night loads them all. The partners need
# a DAG each: a backfill for one must not load the others again, and one that fails must not make the other
# 299 look as if they had failed.
# </details>

# %% [markdown]
# ## A generator in ten lines
#
# The factory's loop is fine; it just runs at the wrong time. Run it *before* Airflow sees anything, and let
# it write DAG files instead of building DAGs. Ten lines are enough. `format` replaces each name in braces
# with the field of that name:

# %%
TEMPLATE = """
from airflow.sdk import DAG
from airflow.providers.standard.operators.empty import EmptyOperator

with DAG("{id}", description="{description}", schedule=None):
    EmptyOperator(task_id="load")
"""

# %%
from collections.abc import Iterable

from pipelines.config import PipelineConfig


def ten_lines(configs: Iterable[PipelineConfig], out: Path) -> None:
    """Write a DAG file for each configuration."""
    out.mkdir(exist_ok=True)
    for config in configs:
        (out / f"{config.id}.py").write_text(TEMPLATE.format(**config.model_dump()))


# %%
from workbook.measure import ParsingHome

mine = here / "mine"
ten_lines(pipelines[:8], mine)
home = ParsingHome()
print(home.parse_cycle(mine).active, "DAGs, and nothing dynamic left in their files")

# %% [markdown]
# It works, and for a weekend project it is fine. Then three things happen; here are the first two. Someone puts
# quotation marks into a description. Someone removes a pipeline from the catalog.
#
# **Predict.** There were eight pipelines. Now one has quotation marks in its description and another has been removed.
# You generate the files again. How many DAGs can run?

# %%
guess = predict("DAGs that can run, out of eight, after one got quotation marks and one was removed")
guess

# %% [markdown]
# **Measure.**

# %%
quoted = pipelines[0].model_copy(update={"description": 'Loads what they call "orders".'})
removed = pipelines[7]
ten_lines([quoted, *pipelines[1:7]], mine)
after = home.parse_cycle(mine)
running = set(after.dags.dag_id[~after.dags.stale & ~after.dags.import_errors])
guess.beside(
    len(running),
    "The broken file takes down its own DAG only, and nobody deletes the file of the removed pipeline.",
)
claim("a quotation mark in a description breaks the file of its DAG", quoted.id not in running)
claim("a pipeline removed from the catalog keeps running", removed.id in running)

# %% [markdown]
# The broken file is the lesser evil: you notice it. The removed pipeline keeps loading. And text that can end a string
# in your file can also continue as code (code injection). Then the third thing happens: someone presses Ctrl-C, or the
# disk fills up.


# %%
from collections.abc import Iterator


def interrupted(configs: list[PipelineConfig]) -> Iterator[PipelineConfig]:
    """Yield the first four of the configurations, with a new description; then stop."""
    for config in configs[:4]:
        yield config.model_copy(update={"description": "A new description."})
    raise KeyboardInterrupt


try:
    ten_lines(interrupted(pipelines[:8]), mine)
except KeyboardInterrupt:
    texts = [file.read_text() for file in mine.glob("*.py")]

# %%
new = sum("A new description." in text for text in texts)
claim(
    "a generator stopped halfway leaves new files next to old ones",
    0 < new < len(texts),
    f"{new} of {len(texts)}",
)
home.close()

# %% [markdown]
# There is a fourth problem, the largest one: the shape of your DAGs now exists twice, in the factory and in the
# template. A real DAG has operators, groups, callbacks, functions. A template for all that is a second factory, and you
# keep the two in step by hand.
#
# <details><summary>Which of the four problems does <code>description={description!r}</code> in the template solve?
# Think first, then look</summary>
# Only the first. Python then writes the text as a literal, whatever is in it. Removed pipelines, interrupted runs and
# the second factory remain.
# </details>

# %% [markdown]
# ## The same pipelines, from the service
#
# So do not write a second factory. **Freeze** the one you have: import it at build time, just as Airflow would; take
# the DAGs that it builds; and write each of them as plain code, such as a person would write. `dagfreeze` does this for
# you. Here you give it the factory from notebook 03, "Too big", which asks the configuration service about
# each pipeline. You do not change a line of it. The service needs 50 ms for each answer, so with 200
# pipelines the build takes about 15 seconds.

# %%
from workbook.services import config_service

service = config_service(pipelines, latency=0.050).start()
factory = dag_folder(here / "factory", "from_service", service_url=service.url)
frozen = run("python -m dagfreeze factory/dynamic/from_service.py --out static", here)
asked_by_build = service.requests

# %% [markdown]
# The build lists what the factory reads from outside while it is imported: one file and one address, each with the
# lines that read it. From now on, only the build reads them: if the file or the service's answers change, you need a
# new build.

# %%
claim(
    "the build names the file and the address that the factory reads, and how often",
    all(
        word in frozen.said for word in ("File service.url", "Address 127.0.0.1", f"({len(pipelines)} times)")
    ),
)
claim(
    "the build sends two requests for each pipeline",
    asked_by_build == 2 * len(pipelines),
    f"{asked_by_build}",
)

# %% [markdown]
# It sends two, because it imports the factory twice, in two processes at the same time. If something
# differs between the two imports, such as `start_date=datetime.now()`, the build names the DAG and the
# field.
#
# Here is the beginning of the first file, without most of its header: plain code that you can read, search, review and
# debug. Airflow shows it as the DAG's code.

# %%
from IPython.display import Markdown

static = here / "static"
lines = (static / "from_service_0.py").read_text().splitlines()
code = lines.index("from datetime import UTC, datetime")
Markdown("\n".join(["```python", *lines[:3], "# …", "", *lines[code : code + 42], "```"]))

# %% [markdown]
# The test `WANTED in (None, …)` is the **guard**. It uses the parsing context from notebook 03: when a task starts, the
# file builds only that task's DAG. How many DAGs belong in such a file is the question of the next notebook; here it is
# at most 50. The id of a DAG decides which file it is in, so some files are fuller than others.
#
# The build said "frozen and proven". Proven means two things. The build imported each file in a fresh process: once the
# way the DAG processor does, and once for each DAG, the way a task start does. And it compared each DAG with the one that
# the factory built, down to the bytecode of its functions.
#
# Now freeze something of your own. You do not need a file for it: the check writes your code to a file.

# %% [markdown]
# exercise 05.1

# %% [markdown]
# **Predict.** Airflow parses the factory, and then the frozen files. By what factor does the factory take longer?

# %%
guess = predict("parse time of the factory, as a multiple of the frozen files' parse time", "×")
guess

# %% [markdown]
# **Measure.** Airflow parses the frozen files twice, and the second parse counts: the first one also compiles them, and
# every later parse is like the second. For the factory, one small file, compiling makes no difference. With 200 pipelines
# the three parses take about 20 seconds.

# %%
from workbook.measure.calls import parse_beside

homes = {"the factory": (ParsingHome(), factory), "frozen files": (ParsingHome(), static)}
homes["frozen files"][0].parse_cycle(static)
cycles, asked = {}, {}
for name, (home, folder) in homes.items():
    cycles[name], asked[name] = parse_beside(service, folder, home)

seconds = {name: cycle.files.seconds.sum() for name, cycle in cycles.items()}
times = seconds["the factory"] / seconds["frozen files"]
guess.beside(times, "The factory spends most of its time waiting for answers.")

# %%
from workbook.charts import bars

bars(
    seconds,
    highlight="the factory",
    title="Without the calls, only the cost of the files and their DAGs is left",
    sentence=f"For one parse, Airflow spends «{seconds['the factory']:.1f} s» on the factory, with "
    f"«{asked['the factory']}» calls, and «{seconds['frozen files']:.1f} s» on the frozen files, with none.",
)

# %%
defined = {name: set(cycle.dags.dag_id) for name, cycle in cycles.items()}
claim(
    "the frozen files define the same DAGs as the factory", defined["frozen files"] == defined["the factory"]
)
claim(
    "Airflow sends the service a request for each pipeline when it parses the factory",
    asked["the factory"] == len(pipelines),
    f"{asked['the factory']}",
)
claim(
    "Airflow sends the service no request when it parses the frozen files",
    asked["frozen files"] == 0,
    f"{asked['frozen files']}",
)

# %% [markdown]
# **Find the cause.** The build gets the same answers from the service as the factory. But it sends its
# requests while nobody is waiting for a DAG; with the factory, Airflow sends them at every parse, twice a
# minute.
#
# **Change one thing and measure again.** The service goes down. In notebook 03 that took down every DAG.

# %%
service.down()
down = {name: home.parse_cycle(folder) for name, (home, folder) in homes.items()}
service.up()
claim("with the service down, no DAG of the factory can run", down["the factory"].active == 0)
claim("with the service down, every frozen DAG can run", down["frozen files"].active == len(pipelines))
table(
    pd.DataFrame(
        {
            "": list(down),
            "requests in one parse": [asked[name] for name in down],
            "DAGs": [cycles[name].active for name in down],
            "DAGs with the service down": [cycle.active for cycle in down.values()],
        }
    )
)

# %% [markdown]
# A build needs the service, of course. When it is down, the build says so and stops, and what is deployed stays
# deployed. A day without new pipelines is a nuisance; a day without pipelines is an outage.

# %% [markdown]
# ## A task, before and after
#
# Now compare the two on the complete Airflow. You publish the factory, run one pipeline, publish the frozen
# files in its place, and run the same pipeline again. To Airflow it is still the same DAG, with its history.
#
# **Predict.** The pipeline has a single step, so a worker starts two of its tasks, `preconditions` and the
# step; the empty tasks at both ends need no worker. How many requests does the service answer during the
# run with the factory?

# %%
guess = predict("requests to the service during the run with the factory")
guess

# %% [markdown]
# **Measure.** The service now answers in 20 ms. With 200 pipelines, the two runs take about half a minute.

# %%
service.set(latency=0.020)
one = min(pipelines, key=lambda config: (config.steps, config.id))


def run_of(folder: Path) -> tuple[int, float]:
    """Publish a folder and run one pipeline; return the number of requests, and the seconds per task."""
    airflow.publish(here.name, folder)
    service.reset()
    run = airflow.run(one.id)
    run.wait()
    tasks = run.tasks().query("operator != 'EmptyOperator'")
    return service.requests, tasks.duration.median()


# %%
before, after = run_of(factory), run_of(static)
for name, (requests, duration) in {"the factory": before, "frozen files": after}.items():
    print(f"{name}: «{requests}» requests, «{duration:.2f} s» for a task")
guess.beside(float(before[0]), "Each task start imports the file, and so sends a request for every pipeline.")

# %%
claim(
    "each task of the factory again sends a request for every pipeline",
    before[0] >= 2 * len(pipelines),
    f"{before[0]}",
)
claim("the tasks of the frozen files send no request", after[0] == 0, f"{after[0]}")
airflow.unpublish(here.name)
service.stop()

# %% [markdown]
# ## What the build decides
#
# A factory's file has two kinds of lines. Some run while the file is imported. Before you froze the factory, that was
# at every parse and at every task start. Now only the build runs them, and the frozen file keeps their result. The
# others are in the function of a task, and still run when the task runs. So whatever the first kind reads is as old as
# the build: files, the service, Airflow Variables, environment variables, the time. The build lists each of these, as
# it did above.
#
# That is what you want for a configuration. It is not what you want for a password: everyone could read the
# password in the frozen file, and after someone changes it, your tasks would still use the old one.

# %% [markdown]
# exercise 05.2

# %% [markdown]
# ## A DAG that cannot be frozen
#
# Some DAGs depend on where their file is, or on an object that exists only while the file is imported. A
# frozen copy of such a DAG would be a different DAG, so `dagfreeze` refuses it. Here is one that you are
# likely to meet:

# %%
REPORT = """
from pathlib import Path
from airflow.sdk import DAG, task

@task
def count(team):
    query = Path(__file__).with_name("orders.sql").read_text()
    print(query.format(team=team))

for team in ("north", "south"):
    with DAG(f"count_{team}", schedule=None):
        count(team)
"""

# %%
(here / "report").mkdir()
_ = (here / "report" / "orders.sql").write_text("SELECT count(*) FROM orders WHERE team = '{team}'")
report = here / "report" / "report.py"
_ = report.write_text(REPORT)
refused = run("python -m dagfreeze report/report.py --out frozen_report", here)
claim(
    "a task that looks for its own file is refused, and nothing is written",
    refused.status == 2 and not (here / "frozen_report").exists(),
)

# %% [markdown]
# Read the message: it names the file and the line of the DAG, the task, and the reason. When the task *runs*, it looks
# for `orders.sql` next to `__file__`. The frozen file is in another folder, and there is no `orders.sql` next to it.
#
# **Change one thing and measure again.** When could the query be read instead, so that no task has to look for it?
#
# <details><summary>Think first, then look</summary>
# When the file is imported: put <code>QUERY = Path(__file__).with_name("orders.sql").read_text()</code> at the top of
# the file, and let the task use <code>QUERY</code>. Without freezing, Airflow then reads the query at each parse. With
# freezing, the build reads it, and the query is part of the frozen file.
# </details>

# %%
READ = 'Path(__file__).with_name("orders.sql").read_text()'
_ = report.write_text(
    REPORT.replace(f"    query = {READ}\n", "")
    .replace("query.format", "QUERY.format")
    .replace("@task", f"QUERY = {READ}\n\n@task")
)
mended = run("python -m dagfreeze report/report.py --out frozen_report", here)
text = "".join(file.read_text() for file in (here / "frozen_report").glob("*.py"))
claim(
    "with the query read at import, both DAGs are frozen, and their file holds the query",
    mended.status == 0 and "SELECT count(*)" in text and "__file__" not in text,
)

# %% [markdown]
# Other refusals are similar. A function that `exec` made has no source to copy: define it with `def`. A refusal costs
# you a minute. A file that holds almost the same DAG would cost you a night.
#
# The next refusal looks like that of `orders.sql`. Does the same fix work?

# %% [markdown]
# exercise 05.3

# %% [markdown]
# ## JSON5, and copies of one file
#
# In notebook 04 two other factories were slow without any service. One reads JSON5, with a slow reader. The other is
# *a file for each DAG, still dynamic*: many copies of one file, each of which reads the whole catalog to find its own
# configuration. Freezing removes these causes, too. Here are both factories, with 20 pipelines each.
#
# **Predict.** You freeze the whole *folder* of the 20 copies. How many frozen files do you get?

# %%
guess = predict("frozen files from 20 copies, with at most 50 DAGs in a file")
guess

# %% [markdown]
# **Measure.**

# %%
comfortable = dag_folder(here / "comfortable", "from_json5", pipelines[:20])
_ = run("python -m dagfreeze comfortable/dynamic/from_json5.py --bundle comfortable --out one", here, last=2)
copies = dag_folder(here / "copies", "file_per_dag", pipelines[:20])
_ = run("python -m dagfreeze copies/dynamic --bundle copies --out other", here, last=2)


# %%
def opened_in(folder: Path) -> list[int]:
    """How many DAG files a folder holds, and how many configurations Airflow opens when it parses them."""
    files = sorted(folder.glob("*.py"))
    return [len(files), len(files) * how_often(files[0], "opens a file")]  # all copies are alike


folders = [comfortable / "dynamic", here / "one", copies / "dynamic", here / "other"]
rows = [opened_in(folder) for folder in folders]
names = ["JSON5", "JSON5, frozen", "copies", "copies, frozen"]
figures = pd.DataFrame(rows, columns=["DAG files", "configurations opened to parse them all"])
table(figures.assign(factory=names)[["factory", *figures.columns]])
guess.beside(rows[-1][0], "The DAGs of a folder share frozen files, whichever copy they come from.")

# %%
from airflow.dag_processing.dagbag import DagBag

same = [
    set(DagBag(here / out, safe_mode=False).dags) == {c.id for c in pipelines[:20]}
    for out in ("one", "other")
]
claim("both factories are frozen with all of their DAGs", same == [True, True])
claim("20 copies open the catalog 20 times, which makes 400 configurations", rows[2] == [20, 400])
claim("once frozen, the copies share one file, which opens nothing", rows[3] == [1, 0])
claim("once frozen, the JSON5 factory opens nothing either", rows[1] == [1, 0])

# %% [markdown]
# **Find the cause.** The copies define nothing of their own: their operators come from modules, and the frozen file
# imports them from there. So the DAGs of the folder can share a file, and 20 imports become one.
#
# <details><summary>In exercise 04.2 each copy opened only its own configuration. What does freezing save on top of that?
# Think first, then look</summary>
# 20 imports become one, and no file is opened at all. Besides, an invalid configuration would have made its
# copy fail at a parse; now it makes the build fail.
# </details>

# %% [markdown]
# ## Where freezing belongs: build, check, deploy
#
# The configurations can live in a repository as well. Then a new pipeline is a commit, and CI can check it before
# Airflow sees it. So create a git repository:

# %%
repo = here / "repo"
dag_folder(repo / "dags", "from_json", pipelines)
ignore = repo / "dags" / ".airflowignore"
_ = ignore.write_text("catalog/\n")
for command in ("init -q -b main", "add .", "commit -q -m 'A factory and its catalog'"):
    run(f"git {command}", repo)

# %% [markdown]
# Now build. From now on, Airflow must not parse the factory itself, so the cell also adds to `.airflowignore`
# the line that the build recommends. Then it commits.

# %%
FREEZE = "python -m dagfreeze dags/dynamic/from_json.py --bundle dags --out dags/static"
_ = run(FREEZE, repo, last=2)
_ = ignore.write_text("catalog/\n/dynamic/from_json.py\n")
_ = run("git commit -a -q -m 'Freeze the factory'", repo)

# %% [markdown]
# **Predict.** Does that commit contain the frozen files? CI could run `git diff --exit-code` to compare the files with
# the commit. Does that command fail here? Guess its exit status: 0, or 1 for a difference.

# %%
guess = predict("exit status of git diff --exit-code, after git commit -a")
guess

# %% [markdown]
# **Measure.** Compare. Then check a fresh clone, because that is what CI works on.

# %%
difference = run("git diff --exit-code -- dags/static", repo)
untracked = run("git status --porcelain -- dags/static", repo)
_ = run("git clone -q repo clone", here)
checked = [run(f"{FREEZE} --check", here / "clone", last=5).status]

# %%
guess.beside(difference.status, "git diff compares tracked files only, and nobody has added these.")
claim("git diff finds no difference, although the frozen files are in no commit", difference.status == 0)
claim("git status lists them as untracked files", untracked.said.startswith("?? dags/static"))
claim("in a fresh clone, --check finds that they are missing", checked == [1])

# %% [markdown]
# **Find the cause.** `git commit -a` and `git diff` look only at tracked files. They overlook a new file, and a
# deployment from that commit would lack it. So CI either builds and then runs `git status --porcelain`, or runs
# `--check` without a build. But `--check` *after* a build proves nothing about the commit: it compares
# the sources with what the build has just written from them.
#
# **Change one thing and measure again.** Add the files, and let CI check again. Then someone writes the
# description whose quotation marks broke the ten-line generator.

# %%
run("git add dags/static", repo)
run("git commit -q -m 'The frozen files'", repo)
_ = run("git pull -q", here / "clone")
write_catalog(repo / "dags" / "catalog", [quoted])
checked = [run(f"{FREEZE} --check", here / "clone", last=1).status]
checked.append(run(f"{FREEZE} --check", repo, last=2).status)
claim("the check passes for current files, and fails for outdated ones", checked == [0, 1])

# %% [markdown]
# `--check` writes nothing. `--diff` writes nothing either, and shows a reviewer what the edit does to the DAGs: a line
# that begins with `-` would be removed, and one that begins with `+` would be added.
#
# **Predict.** How many files does the build write?

# %%
guess = predict("files that the build writes when one configuration has changed")
guess

# %%
import shutil

deployed = shutil.copytree(repo / "dags" / "static", here / "deployed")  # what Airflow has today
_ = run(f"{FREEZE} --diff", repo, last=11)
_ = run(FREEZE, repo, last=1)
description = DagBag(repo / "dags" / "static", safe_mode=False).dags[quoted.id].description
claim("the frozen DAG has the description as it was written", description == quoted.description)

# %% [markdown]
# Now deploy. CI copies files from a fresh clone to Airflow. Should it copy those whose *modification time*
# differs from that of the deployed ones, as `rsync -a` does, or those whose *content* differs?

# %%
run("git commit -a -q -m 'A description'", repo)
run("git clone -q repo fresh", here)
fresh = {file.name: file for file in (here / "fresh" / "dags" / "static").glob("*.py")}
old = {name: deployed / name for name in fresh}
by_time = [name for name in fresh if fresh[name].stat().st_mtime_ns != old[name].stat().st_mtime_ns]
by_content = [name for name in fresh if fresh[name].read_bytes() != old[name].read_bytes()]
print(f"{len(fresh)} files; copied by time: {len(by_time)}, copied by content: {len(by_content)}")
claim("in a fresh clone every file has a new time", len(by_time) == len(fresh))
guess.beside(len(by_content), "Every DAG stays in its file, so a change to one DAG changes no other file.")
claim("one changed configuration changes the content of one file", len(by_content) == 1)

# %% [markdown]
# **Find the cause.** git does not store times: the files of a clone are as old as the clone. But the build writes only
# the files that differ, so their contents show exactly what is new. This matters to Airflow, which parses a file
# immediately when its time changes. With `rsync -a` it would parse every file again; with `--checksum --no-times`, only
# one.
#
# **Change one thing and measure again.** Someone writes the number of steps as a word, and deletes the destination. In
# notebook 02 this took down every DAG.

# %%
import json

wrong = repo / "dags" / "catalog" / f"{removed.id}.json"
content = {file.name: file.read_bytes() for file in (repo / "dags" / "static").glob("*.py")}
_ = wrong.write_text(json.dumps({**removed.model_dump(), "steps": "three", "destination": ""}))
refused = run(FREEZE, repo, last=4)
unchanged = content == {file.name: file.read_bytes() for file in (repo / "dags" / "static").glob("*.py")}
claim("an invalid configuration is rejected, and no file changes", refused.status == 2 and unchanged)

# %% [markdown]
# The message names the file, each wrong field and what is allowed, and it reaches the person who wrote the line. The
# build also solves the third problem of the ten-line generator: it writes nothing until every DAG is proven,
# and then replaces each file in one step. Now the owner decides that the pipeline is no longer needed:

# %%
wrong.unlink()
_ = run(FREEZE, repo, last=2)
left = set(DagBag(repo / "dags" / "static", safe_mode=False).dags)
claim(
    "a pipeline removed from the catalog is gone, and all others are there",
    left == {config.id for config in pipelines} - {removed.id},
)

# %% [markdown]
# Commit the frozen files to your repository, so that reviewers see them. The rest is a few lines for CI:
#
# ```yaml
# # on each commit: do the frozen files match their sources?
# - run: python -m dagfreeze dags/dynamic/from_json.py --bundle dags --out dags/static --check
# # or, if CI runs the build: build, then look for changes
# - run: python -m dagfreeze dags/dynamic/from_service.py --bundle dags --out dags/static && test -z "$(git status --porcelain)"
# # deploy: by content, not by time
# - run: rsync -a --checksum --no-times --delete dags/ airflow:/opt/airflow/dags/
# ```

# %% [markdown]
# questions 05

# %% [markdown]
# ## What to remember
#
# First ask whether a pipeline needs a DAG of its own; one mapped DAG costs one parse, however many pipelines it has. If
# each pipeline needs its own DAG, keep your factory and run it before you deploy: the build asks the service.
# Airflow never does, at a parse or at a task start. An invalid configuration fails in the build,
# in front of the person who can fix it, while everything already deployed keeps running.
#
# **On your own.** Freeze one of your own factories:
# `python -m dagfreeze your_dags/factory.py --out /tmp/frozen`,
# in the environment in which your Airflow runs. First install `dagfreeze` there:
# `pip install path/to/this/repository`.
# What does the factory read? What does the build refuse, if anything?
#
# [previous: Root causes](04_root_causes.ipynb) · [contents](../README.md) · [next: DAGs per file](06_dags_per_file.ipynb)
