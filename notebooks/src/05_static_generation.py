# %% [markdown]
# # Static generation
#
# Afterwards you can
# - decide whether each configuration needs a DAG of its own
# - move the work from parse time to build time, with a generator that you run before you deploy
# - put that build into CI, and deploy only what changed
#
# 20 minutes · nothing to do beforehand
#
# [previous: Root causes](04_root_causes.ipynb) · [contents](../README.md) · [next: DAGs per file](06_dags_per_file.ipynb)
#
# <details><summary>Do you remember? How often does Airflow parse a DAG file that nobody changes?</summary>
# Every 30 seconds, and once more at every start of a task.
# </details>
#
# <details><summary>Do you remember? Which of the causes of a slow parse are work that need not be done then?</summary>
# Calls, slow parsers, files that each read everything, and values that change at every parse. Only the number of
# DAGs is work that has to be done.
# </details>

# %%
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd
from airflow.configuration import conf
from airflow.dag_processing.dagbag import DagBag

from pipelines.config import PipelineConfig
from workbook import stack
from workbook.catalog import configurations, dag_folder, write_catalog
from workbook.charts import bars
from workbook.commands import run
from workbook.importing import audit
from workbook.lessons import claim, predict, table
from workbook.parsing import ParsingHome
from workbook.services import config_service
from workbook.sources import show
from workbook.workspace import lesson_folder, scale

here = lesson_folder("05")
size = scale()
pipelines = configurations(size.catalog, seed=5)
print(f"scale {size.name}: {len(pipelines)} pipelines")

# %% [markdown]
# ## Does each configuration need a DAG of its own?
#
# Before you make a hundred DAGs faster, ask whether you need a hundred DAGs. Airflow can make *tasks* of data while a
# DAG runs: this is called **dynamic task mapping**. One DAG reads the list of pipelines in a task, and `expand` makes
# a copy of the next task for each of them.

# %%
mapped = here / "mapped"
write_catalog(mapped / "catalog", pipelines[:6])
dag_file = mapped / "mapped.py"
_ = dag_file.write_text(f"""
from pathlib import Path
from airflow.sdk import dag, task
from pipelines.config import read_catalog

@dag(dag_id="all_{here.name}", schedule=None)
def everything():
    @task
    def which():
        return [config.model_dump() for config in read_catalog(Path(__file__).parent / "catalog")]

    @task
    def load(config):
        if config["source_bucket"] == "gone":
            raise LookupError("there is no such bucket")
        print("loading", config["source_bucket"])

    load.expand(config=which())

everything()
""")

# %% [markdown]
# **Predict.** There are six pipelines in its catalog. How many configurations does Airflow open when it parses this
# file?

# %%
guess = predict("configurations that are opened when the mapped DAG is parsed")
guess

# %% [markdown]
# **Measure.** First the parse, with the audit; then a run, on the whole Airflow. One of the six pipelines has lost its
# bucket.

# %%
seen = audit(dag_file)
opened = int(seen.times[seen.what == "opens a file"].sum())
claim("the parse of the mapped DAG opens no configuration", opened == 0, f"{opened}")

# %%
lost = pipelines[0].model_copy(update={"source_bucket": "gone"})
write_catalog(mapped / "catalog", [lost])
airflow = stack.start()
known = airflow.publish(here.name, mapped)
run_id = airflow.trigger(known[0])
state = airflow.wait(known[0], run_id)
copies = airflow.task_instances(known[0], run_id).query("task_id == 'load'")
table(copies.groupby("state").size().rename("copies of the task").reset_index())

# %%
claim("Airflow has one DAG, and its run makes a task for each pipeline", len(known) == 1 and len(copies) == 6)
claim(
    "one pipeline that fails makes the whole run fail, though the others are loaded",
    state == "failed" and (copies.state == "success").sum() == 5,
    f"the run is {state}",
)

# %% [markdown]
# **Find the cause.** Airflow parses a DAG of two tasks, whatever the number of pipelines; the list is read by a
# worker, once per run. That is the cheapest factory there is, and often it is enough: for tables of one database, files
# of one partner, models of one training.
#
# Look at what it gives up. All pipelines share one schedule, and one backfill. They share a fate: the run above is
# failed, and whoever is called at night sees "failed", not "five of six are loaded". In the list of DAGs they are one
# row, with one owner. And there is a limit to the number of copies:

# %%
print("at most", conf.getint("core", "max_map_length"), "copies of a task, unless you raise it")
airflow.unpublish(here.name)

# %% [markdown]
# So the question is not technical. If a pipeline has its own schedule, its own owner, its own backfill, then it needs
# its own DAG. The rest of this notebook is for those.

# %% [markdown]
# ## A generator in ten lines
#
# The factory's loop is right; it only runs at the wrong time. Let it run *before* Airflow sees anything, and let it
# write DAG files instead of DAGs. You can do that in ten lines:

# %%
TEMPLATE = """
from airflow.sdk import DAG
from airflow.providers.standard.operators.empty import EmptyOperator

with DAG("{id}", description="{description}", schedule=None):
    EmptyOperator(task_id="load")
"""


def ten_lines(configs: Iterable[PipelineConfig], out: Path) -> None:
    """Write a DAG file for each configuration."""
    out.mkdir(exist_ok=True)
    for config in configs:
        (out / f"{config.id}.py").write_text(TEMPLATE.format(**config.model_dump()))


mine = here / "mine"
ten_lines(pipelines[:8], mine)
home = ParsingHome()
print(home.parse_cycle(mine).active, "DAGs, and nothing dynamic left in their files")

# %% [markdown]
# It works, and for a weekend it is fine. Then three things happen. Somebody puts a word of a description between
# quotation marks. Somebody takes a pipeline out of the catalog.
#
# **Predict.** There were eight pipelines. One is described with quotation marks now, another one is removed. You
# generate again. How many DAGs can run?

# %%
guess = predict("DAGs that can run, of eight, after one got quotation marks and one was removed")
guess

# %% [markdown]
# **Measure.**

# %%
quoted = pipelines[0].model_copy(update={"description": 'Loads what they call "orders".'})
removed = pipelines[7]
ten_lines([quoted, *pipelines[1:7]], mine)
after = home.parse_cycle(mine)
running = set(after.dags.dag_id[~after.dags.stale & ~after.dags.import_errors])
print(len(running), "DAGs can run")
claim("a quotation mark in a description breaks the file of its DAG", quoted.id not in running)
claim("a pipeline that was removed from the catalog runs on", removed.id in running)

# %% [markdown]
# The broken one is the lesser evil: you see it. The removed one goes on loading. And a text that can end a string in
# your file can also go on as code. The third thing is that somebody presses Ctrl-C, or the disk is full:


# %%
def interrupted(configs: list[PipelineConfig]) -> Iterator[PipelineConfig]:
    """The first four of the configurations, described anew; then it is over."""
    for config in configs[:4]:
        yield config.model_copy(update={"description": "Described anew."})
    raise KeyboardInterrupt


try:
    ten_lines(interrupted(pipelines[:8]), mine)
except KeyboardInterrupt:
    texts = [file.read_text() for file in mine.glob("*.py")]

new = sum("Described anew." in text for text in texts)
claim(
    "a generator that is stopped half-way leaves new files beside old ones",
    0 < new < len(texts),
    f"{new} of {len(texts)}",
)
home.close()

# %% [markdown]
# ## The generator of this workbook
#
# `pipelines.generate` is the same idea with those three mended. Here is the same catalog, with the same quotation marks:

# %%
write_catalog(here / "small", [quoted, *pipelines[1:8]])
_ = run("python -m pipelines.generate --catalog small --out small_dags", here)
described = DagBag(here / "small_dags", safe_mode=False).dags[quoted.id].description
print(described)
claim("the description comes back as it was written", described == quoted.description)

# %%
(here / "small" / f"{removed.id}.json").unlink()
done = run("python -m pipelines.generate --catalog small --out small_dags", here)
left = DagBag(here / "small_dags", safe_mode=False).dags
claim(
    "the removed pipeline is gone, and all others are there",
    set(left) == {c.id for c in [quoted, *pipelines[1:7]]},
)

# %% [markdown]
# It makes the new files beside the old ones and exchanges the whole folder at the end, so whoever stops it finds the
# old state or the new one. This is the beginning of a file that it has written: plain code, that you can read, search
# and debug. Airflow shows it as the code of the DAG.

# %%
show("dags/static/dags_00.py", lines=52)

# %% [markdown]
# The test `WANTED in (None, …)` is the parsing context that you know from the notebook "Too big": when a task starts,
# only its own DAG is made. How many DAGs belong in such a file is the question of the next notebook; here it is 50
# at most.

# %% [markdown]
# ## The same pipelines, from the service
#
# Now the factory that asks the configuration service, against files that were generated from the same service.
# `--fetch` asks it, several questions at a time, before anything is deployed.
#
# **Predict.** The service needs 50 ms for an answer. How many times as long as the generated files does the factory
# take to parse?

# %%
guess = predict("the factory's parse, in times of the generated files' parse", "×")
guess

# %% [markdown]
# **Measure.** The build first.

# %%
service = config_service(pipelines, latency=0.050).start()
run(f"python -m pipelines.generate --fetch {service.url} --out static", here)
built = service.requests
claim("the build asks the service once for each pipeline", built == len(pipelines), f"{built}")

# %% [markdown]
# Then Airflow. It parses the generated files twice, and the second time counts: the first one compiles them, and every
# later parse is like the second. The factory is one small file, and has nothing to gain from that.

# %%
static = here / "static"
factory = dag_folder(here / "factory", "from_service", service_url=service.url)
homes = {"the factory": (ParsingHome(), factory), "generated files": (ParsingHome(), static)}
homes["generated files"][0].parse_cycle(static)
cycles, asked = {}, {}
for name, (home, folder) in homes.items():
    service.reset()
    cycles[name] = home.parse_cycle(folder)
    asked[name] = service.requests

seconds = {name: cycle.files.seconds.sum() for name, cycle in cycles.items()}
times = seconds["the factory"] / seconds["generated files"]

# %%
bars(
    seconds,
    highlight="the factory",
    title="Without the calls, only the DAGs themselves are left to pay for",
    sentence=f"Every 30 seconds Airflow spends «{seconds['the factory']:.1f} s» on the factory, or "
    f"«{seconds['generated files']:.1f} s» on the generated files: the factory takes «{times:.0f} times» as long.",
)

# %%
print(f"your guess: {'none' if guess.value is None else f'«{guess.value:g}»'}; here: «{times:.0f}»")
defined = {name: set(cycle.dags.dag_id) for name, cycle in cycles.items()}
claim(
    "the generated files define the same DAGs as the factory",
    defined["generated files"] == defined["the factory"],
)
claim(
    "Airflow asks the service nothing when it parses them",
    asked["generated files"] == 0,
    f"{asked['generated files']}",
)
claim(
    "no parse of the factory is faster than its calls",
    seconds["the factory"] >= len(pipelines) * 0.050,
    f"{seconds['the factory']:.1f} s, {times:.0f} times the generated files",
)

# %% [markdown]
# **Find the cause.** The questions are the same, and so are the answers. They are asked once, by the build, several at
# a time, where nobody waits for a DAG; not by Airflow, one after the other, twice a minute.
#
# **Change one thing and measure again.** The service goes down. In the notebook "Too big" that took every DAG away.

# %%
service.down()
down = {name: home.parse_cycle(folder) for name, (home, folder) in homes.items()}
service.up()
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

# %%
claim("with the service down, no DAG of the factory can run", down["the factory"].active == 0)
claim("with the service down, every generated DAG can run", down["generated files"].active == len(pipelines))

# %% [markdown]
# A build needs the service, of course. When it is down, the build says so and stops, and what is deployed stays
# deployed. A day without new pipelines is a nuisance; a day without pipelines is not.

# %% [markdown]
# ## A task, before and after
#
# The same on the whole Airflow. You publish the factory, run one pipeline, publish the generated files in its place,
# and run the same pipeline again. It stays the same DAG to Airflow, with its history.
#
# **Predict.** How many questions does the service answer during the run, before and after? The pipeline has at least two
# tasks that need a worker.

# %%
guess = predict("questions to the service during one run of the factory's pipeline")
guess

# %% [markdown]
# **Measure.**

# %%
service.set(latency=0.020)
one = min(pipelines, key=lambda config: (config.steps, config.id))


def run_of(folder: Path) -> tuple[int, float]:
    """Publish, run one pipeline; the questions to the service meanwhile, and the seconds of its tasks."""
    airflow.publish(here.name, folder)
    service.reset()
    run_id = airflow.trigger(one.id)
    airflow.wait(one.id, run_id)
    tasks = airflow.task_instances(one.id, run_id).query("operator != 'EmptyOperator'")
    return service.requests, tasks.duration.median()


before, after = run_of(factory), run_of(static)
for name, (requests, duration) in {"the factory": before, "generated files": after}.items():
    print(f"{name}: «{requests}» questions, «{duration:.2f} s» for a task")

# %%
claim(
    "the tasks of the factory ask for every pipeline again", before[0] >= 2 * len(pipelines), f"{before[0]}"
)
claim("the tasks of the generated files ask for none", after[0] == 0, f"{after[0]}")
airflow.unpublish(here.name)
service.stop()

# %% [markdown]
# ## Where it belongs: build, check, deploy
#
# The configurations can live in a folder as well. Then a new pipeline is a commit, and CI can look at it before Airflow
# does.

# %%
catalog = here / "catalog"
write_catalog(catalog, pipelines)
_ = run("python -m pipelines.generate --catalog catalog --out dags", here)

# %% [markdown]
# **Predict.** One configuration of them changes: another address to notify. How many files does the next build write?

# %%
guess = predict("files that the build writes after one configuration changed")
guess

# %% [markdown]
# **Measure.** First what CI would run. `--check` writes nothing, and fails when the files are not what the catalog asks
# for; `--diff` shows the reviewer what will change.

# %%
times_before = {file: file.stat().st_mtime_ns for file in (here / "dags").glob("*.py")}
first = catalog / f"{pipelines[0].id}.json"
values = json.loads(first.read_text())
first.write_text(json.dumps({**values, "notify": "new-team@x.example"}))

checked = [run("python -m pipelines.generate --catalog catalog --out dags --check", here)]
_ = run("python -m pipelines.generate --catalog catalog --out dags --diff", here)

# %% [markdown]
# Then the build, and the check once more:

# %%
_ = run("python -m pipelines.generate --catalog catalog --out dags", here)
checked.append(run("python -m pipelines.generate --catalog catalog --out dags --check", here))
times_after = {file: file.stat().st_mtime_ns for file in (here / "dags").glob("*.py")}
touched = [file for file in times_after if times_before.get(file) != times_after[file]]
claim(
    "the check refuses files that are not current, and accepts them after the build",
    [c.status for c in checked] == [1, 0],
)
claim("one changed configuration changes one file", len(touched) == 1, f"{len(touched)}")

# %% [markdown]
# **Find the cause.** The generator writes a file only when its content changes, and a DAG's file depends on its own
# configuration and on little else. So a deployment that copies by modification time, as `rsync -a` does, copies one
# file. And Airflow, which parses a file at once when its time has changed, parses one file at once.
#
# **Change one thing and measure again.** Somebody writes the number of steps as a word. In the factory this took every
# DAG away.

# %%
state = {file.name: file.read_bytes() for file in (here / "dags").glob("*.py")}
first.write_text(json.dumps({**values, "steps": "three", "destination": ""}))
refused = run("python -m pipelines.generate --catalog catalog --out dags", here)
same = state == {file.name: file.read_bytes() for file in (here / "dags").glob("*.py")}
claim("a wrong configuration is refused, and no file is touched", refused.status == 2 and same)

# %% [markdown]
# The message names the file, the line, the field and the remedy, and the one who reads it is the one who wrote the
# line. In your repository the three steps are three lines:
#
# ```yaml
# - run: python -m pipelines.generate --catalog catalog --out dags/static           # build
# - run: git diff --exit-code dags/static                                           # or: --check
# - run: rsync -a --delete dags/ airflow:/opt/airflow/dags/                         # deploy
# ```

# %% [markdown]
# ## What to take with you
#
# First ask whether a pipeline needs a DAG of its own; one mapped DAG costs one parse, whatever the number. Where it
# does, run the factory's loop before you deploy: the build asks the service once for each pipeline, and Airflow asks
# it nothing, neither when it parses nor when a task starts. What can go wrong goes wrong in the build, in front of the
# person who can mend it, while everything that is deployed runs on.
#
# **On your own.** Start the build and press Ctrl-C while it runs, or fill `--fetch` with an address where nobody answers.
# What is in the folder afterwards?
#
# [previous: Root causes](04_root_causes.ipynb) · [contents](../README.md) · [next: DAGs per file](06_dags_per_file.ipynb)
