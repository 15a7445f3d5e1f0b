# %% [markdown]
# # Too big
#
# By the end you can
# - time a parse the way Airflow does, and count the requests that the file makes
# - push a factory over the import timeout, and say what happens to its DAGs
# - say what a large factory costs at every task start
#
# {minutes}
#
# [previous: The DAG factory](02_the_dag_factory.ipynb) · [contents](../README.md) · [next: Root causes](04_root_causes.ipynb)
#
# <details><summary>Do you remember? What makes a Python file a DAG factory?</summary>
# It loops over configurations and builds a DAG from each: one file, many DAGs.
# </details>
#
# <details><summary>Do you remember? Which part of Airflow runs that loop?</summary>
# The DAG processor. It parses each DAG file in a separate process, and again every 30 seconds.
# </details>

# %%
import pandas as pd

from workbook.catalog import dag_folder
from workbook.charts import bars, dial
from workbook.exercises import check, hint, solution
from workbook.lesson import claim, predict, show, table
from workbook.measure.calls import parse_asking
from workbook.scale import scale
from workbook.workspace import lesson_folder

here = lesson_folder("03")
size = scale()
most = size.dial[-1]
print(f"scale {size.name}: up to {most} pipelines, import timeout {size.import_timeout:g} s")

# %% [markdown]
# ## Turn the dial
#
# The team has moved its configurations from files to a *configuration service*, which another team runs,
# so that they are always up to date. The
# service has one address for each pipeline. While Airflow imports the file, the factory sends one request for each
# pipeline to that service.

# %%
show("dags/dynamic/from_service.py")

# %% [markdown]
# **Predict.** The service answers in 20 milliseconds, which is fast. The first cell printed the largest
# number of pipelines. How many seconds does Airflow need to parse the file with that many? Enter a number
# before you go on, or leave the box empty.

# %%
guess = predict("seconds to parse the whole file, at 20 ms per answer", "s")
guess

# %% [markdown]
# **Measure.** `parse_asking` starts Airflow's own DAG processor on a folder, lets it parse every file once, and reads
# the result that Airflow reports. The service is a real HTTP server in a separate process. It counts the
# requests for configurations; requests for the list of pipelines are counted separately.

# %%
show("notebooks/workbook/measure/calls.py", name="parse_asking")

# %%
dialled = pd.DataFrame([parse_asking(here / "dial", number, latency=0.020) for number in size.dial])
table(dialled, {"seconds": ".2f"})

# %%
claim("every parse sends one request for each pipeline", (dialled.calls == dialled.pipelines).all())
claim("no parse sends two requests at the same time", (dialled["concurrent calls"] == 1).all())

# %%
last = dialled.iloc[-1]
guess.beside(last.seconds, f"{most} calls of 20 ms take {most * 0.020:g} s, and each DAG adds a little.")
dial(
    dict(zip(dialled.pipelines, dialled.seconds, strict=True)),
    limit=size.import_timeout,
    guess=guess.value,
    title="Even fast answers add up",
    sentence=f"With {most} calls of 20 ms, parsing one file takes «{last.seconds:.1f} s». "
    f"The dashed line is this lesson's import timeout: {size.import_timeout:g} s.",
)

# %% [markdown]
# **Find the cause.** The factory makes one call after another, and waits at least 20 ms for each. So the line is
# straight: twice the pipelines, twice the wait. While the factory waits, nothing is computed. And every 30
# seconds Airflow parses the file again, even if nothing has changed.
#
# A note in
# [the talk's repository](https://github.com/calvinhp/2023_PythonWebConf_TooBigforDAGFactories) says that on
# Airflow 2.5 its factory worked only with fewer than 50 DAGs. That factory calls no service: in place of each
# call it pauses for 0.1 s. With calls of 0.1 s, how many pipelines would fit on your machine into 30 s,
# Airflow's default import timeout (the longest time that the import of one file may take)?

# %%
without_call = last.seconds / most - 0.020
fits = int(30 / (0.100 + without_call))
print(f"with calls of 0.1 s, «{fits}» pipelines would fit within 30 s here; the note says: fewer than 50")

# %% [markdown]
# The two figures cannot be compared directly: 50 pauses of 0.1 s take only 5 s, so the talk's factory spent
# time on more than its pauses, and the note does not say on what. Both factories have a time limit,
# and in both, every wait brings it closer.

# %% [markdown]
# exercise 03.1

# %% [markdown]
# ## The day the service is slow
#
# Airflow stops an import that takes longer than `[core] dagbag_import_timeout`. The default is 30 seconds. This lesson
# uses the timeout that the first cell printed. At the `laptop` scale it is shorter than the default, so you wait less.
#
# **Predict.** The factory works. Then the service has a slow day, and the import exceeds the timeout. By then the loop
# has built some of the DAGs. Of 100 DAGs, how many can still run?

# %%
survivors = predict("of 100 DAGs, how many can still run after one import timeout")
survivors

# %% [markdown]
# **Measure.** Airflow parses the same file five times, with the same database throughout. Only the service changes from
# one parse to the next.

# %%
from workbook.measure import Cycle, ParsingHome
from workbook.services import config_service

service = config_service(most, latency=0.020).start()
folder = dag_folder(here / "days", "from_service", service_url=service.url)
home = ParsingHome({"core.dagbag_import_timeout": size.import_timeout})

# %%
days: dict[str, Cycle] = {}
days["a good day"] = home.parse_cycle(folder)

service.set(latency=2 * size.import_timeout / most)
days["the service is slow"] = home.parse_cycle(folder)

service.set(latency=0.020)
days["a good day again"] = home.parse_cycle(folder)

service.down()
days["the service is down"] = home.parse_cycle(folder)

service.up()
days["back to normal"] = home.parse_cycle(folder)

# %%
table(
    pd.DataFrame(
        {
            "day": list(days),
            "DAGs that Airflow knows": [len(cycle.dags) for cycle in days.values()],
            "DAGs that can run": [cycle.active for cycle in days.values()],
            "import errors": [len(cycle.import_errors) for cycle in days.values()],
        }
    )
)

# %% [markdown]
# On the two bad days Airflow still knows every DAG, but none can run. It records one import error for the file. This is
# the message that the UI shows on the slow day (Airflow calls the timeout an `AirflowTaskTimeout`, although no task
# ran):

# %%
slow_errors = days["the service is slow"].import_errors
for line in "".join(slow_errors.error).splitlines():
    if "import timeout" in line:
        print(f"«{line.replace(str(folder), '…')}»")

# %%
survivors.beside(
    100 * days["the service is slow"].active // most,
    "Airflow discards even the DAGs that were built before the timeout.",
)
claim("on a good day every DAG can run", days["a good day"].active == most)
claim(
    "after the timeout Airflow records exactly one import error, which names the timeout",
    len(slow_errors) == 1 and slow_errors.error.str.contains("import timeout").all(),
)
claim("one import that is too slow takes down every DAG of the file", days["the service is slow"].active == 0)
claim("a service that is down also takes down every DAG of the file", days["the service is down"].active == 0)
claim("the next healthy parse brings every DAG back", days["back to normal"].active == most)

# %% [markdown]
# **Find the cause.** Airflow accepts all the DAGs in a file or none. It discards even those that were built
# before the time ran out. From earlier parses Airflow still knows every DAG, but it marks each of them
# **stale**: a stale DAG gets no new runs, and the UI hides it. Nobody changed a pipeline, and nobody deployed
# anything; another team's service had a slow minute.
#
# Raising the timeout only moves the wall, and the next limit is close behind: after
# `[dag_processor] dag_file_processor_timeout`, 50 seconds by default, Airflow kills the process that parses the file.

# %% [markdown]
# exercise 03.2

# %%
service.stop()
home.close()

# %% [markdown]
# ## The price of every task
#
# So far only the DAG processor has paid. But a worker needs the DAG, too: when a task starts, the worker
# imports the whole file of the task's DAG, just to find that one task.
#
# **Predict.** Take a task that only writes one line to the log. Its DAG is either the only one in its factory or one of
# 40. Both factories send requests to the service, which takes 50 ms per answer. How many seconds does the
# task take in the factory of 40?

# %%
guess = predict("seconds for a task that only logs, in a factory of 40 DAGs, at 50 ms per answer", "s")
guess

# %% [markdown]
# **Measure.** Now you need a complete Airflow, with scheduler, executor and API server. `start` brings one up, or
# connects to the one that another notebook has started. You publish three files: one with
# one DAG, one with 40, and a third for later. Only the first pipeline of each file runs, and it has one step.

# %%
from workbook import stack
from workbook.catalog import first_with_one_step

airflow = stack.start()
alone, crowd, careful = (first_with_one_step(40, seed) for seed in (31, 32, 33))

# %%
services = [config_service(known, latency=0.050).start() for known in (alone[:1], crowd, careful)]
small, big, context = (
    airflow.publish(f"{here.name}_{name}", dag_folder(here / name, factory, service_url=service.url))
    for name, factory, service in zip(
        ("small", "big", "context"),
        ("from_service", "from_service", "parsing_context"),
        services,
        strict=True,
    )
)
print(len(small), "DAG in the small file,", len(big), "in the factory")

# %%
from statistics import median

from workbook.measure.tasks import task_seconds

for config in (alone[0], careful[0]):
    _ = task_seconds(airflow, config.id)  # the first tasks on a fresh Airflow are slower than later ones
seconds = {
    "a file of one DAG": median(task_seconds(airflow, alone[0].id) + task_seconds(airflow, alone[0].id)),
    "a factory of 40 DAGs": median(task_seconds(airflow, crowd[0].id)),
}
for file, value in seconds.items():
    print(f"a task in {file}: «{value:.2f} s»")

# %% [markdown]
# **Find the cause.** The difference is the import: 40 calls of 50 ms take 2 seconds, at every task start of every run.
# The task itself does the same work in both files.
#
# **Change one thing and measure again.** When a task starts, the **parsing context** tells the file which DAG
# the task belongs to. A factory can read the id of that DAG there, and skip all the others:

# %%
show("dags/dynamic/parsing_context.py")

# %% [markdown]
# **Predict.** A task of this factory starts. How many of the 40 DAGs does the file build for it?

# %%
built = predict("DAGs that the file with the parsing context builds for one task start")
built

# %% [markdown]
# **Measure.** First, time the task again:

# %%
print(len(context), "DAGs in the factory with the parsing context")
twice = task_seconds(airflow, careful[0].id) + task_seconds(airflow, careful[0].id)
seconds = {**seconds, "the same, with the parsing context": median(twice)}

# %%
times_slower = seconds["a factory of 40 DAGs"] / seconds["a file of one DAG"]
guess.beside(seconds["a factory of 40 DAGs"], "Before the task logs its line, its worker builds all 40 DAGs.")
bars(
    seconds,
    highlight="a factory of 40 DAGs",
    guess=guess.value,
    title="A task that logs one line pays for the whole file of its DAG",
    sentence=f"In the factory the task takes «{times_slower:.0f} times» as long as in a file of one DAG; "
    "with the parsing context it pays for one DAG only.",
)

# %% [markdown]
# These times depend on your machine and on what else it is doing. The cause can be counted: `task_starts`
# imports a file the way a worker does at a task start, and counts the DAGs that the file builds.

# %%
from workbook.measure.imports import task_starts

wanted = {"small": alone[0], "big": crowd[0], "context": careful[0]}
files = [(next((here / name / "dynamic").glob("*.py")), config.id) for name, config in wanted.items()]
starts = task_starts(files, rounds=1)
print("DAGs built at a task start:", *starts.dags)

# %%
built.beside(int(starts.dags[2]), "The loop runs once, for the DAG that the worker names.")
claim("to start one task, the large factory builds all of its 40 DAGs", starts.dags[1] == 40)
claim("with the parsing context it builds that task's DAG and no other", starts.dags[2] == 1)

# %% [markdown]
# The parsing context helps the tasks. It does not help the DAG processor, which needs every DAG and names none: at
# every parse the file still requests all 40 configurations, and still fails when the service fails.

# %% [markdown]
# exercise 03.3

# %%
for name in ("small", "big", "context"):
    airflow.unpublish(f"{here.name}_{name}")
for service in services:
    service.stop()

# %% [markdown]
# questions 03

# %% [markdown]
# ## What to remember
#
# A factory pays for all its DAGs at every parse, and again at every task start. When the import takes longer than the
# timeout, one import error takes down every DAG of the file, until a parse is fast enough again. The cause may lie
# outside your code: here it was another team's service.
#
# **On your own.** Run the cell that begins with `from workbook.measure import Cycle` again. In a new cell, call
# `service.set(error_rate=0.1)`: now one answer in ten is an HTTP 500, a server error. Then look at
# `home.parse_cycle(folder).active`. How many of the DAGs can run?
#
# [previous: The DAG factory](02_the_dag_factory.ipynb) · [contents](../README.md) · [next: Root causes](04_root_causes.ipynb)
