# %% [markdown]
# # Too big
#
# Afterwards you can
# - time a parse the way Airflow does it, and count what the file does meanwhile
# - push a factory over the import timeout, and say what becomes of its DAGs
# - say what every start of a task pays for a large factory
#
# 20 minutes · nothing to do beforehand
#
# [previous: The DAG factory](02_the_dag_factory.ipynb) · [contents](../README.md) · [next: Root causes](04_root_causes.ipynb)
#
# <details><summary>Do you remember? What makes a Python file a DAG factory?</summary>
# It loops over configurations and makes a DAG of each. One file, many DAGs.
# </details>
#
# <details><summary>Do you remember? Which part of Airflow runs that loop?</summary>
# The DAG processor. It imports every DAG file in a process of its own, and comes back to it every 30 seconds.
# </details>

# %%
from statistics import median

import pandas as pd

from pipelines.config import PipelineConfig
from workbook import stack
from workbook.catalog import configurations, dag_folder
from workbook.charts import bars, dial
from workbook.lesson import claim, predict, show, table
from workbook.measure import Cycle, ParsingHome, parse_cycle
from workbook.measure.imports import task_starts
from workbook.scale import scale
from workbook.services import config_service
from workbook.workspace import lesson_folder

here = lesson_folder("03")
size = scale()
most = size.dial[-1]
print(f"scale {size.name}: up to {most} pipelines, import timeout {size.import_timeout:g} s")

# %% [markdown]
# ## Turn the dial
#
# The team keeps its pipelines in a configuration service: one address for each, always up to date. The factory asks
# that service while Airflow imports the file.

# %%
show("dags/dynamic/from_service.py")

# %% [markdown]
# **Predict.** The service answers in 20 milliseconds, which is quick. How many seconds does Airflow need to parse the
# file when it holds as many pipelines as the cell above printed? Write a number down before you go on. No guess is
# fine too, but people who guess first remember more.

# %%
guess = predict("seconds to parse the whole file, at 20 ms for an answer", "s")
guess

# %% [markdown]
# **Measure.** `parse_cycle` starts Airflow's own DAG processor on a folder, lets it parse every file once, and reads
# what Airflow reports. The service is a real HTTP server in a process of its own, and counts what it is asked.


# %%
def turn_to(pipelines: int) -> dict[str, float]:
    """Parse the factory once, with that many pipelines in the service."""
    with config_service(pipelines, latency=0.020) as service:
        folder = dag_folder(here / "dial", "from_service", service_url=service.url)
        cycle = parse_cycle(folder)
        return {
            "pipelines": pipelines,
            "calls": service.requests,
            "active DAGs": cycle.active,
            "seconds": cycle.files.seconds[0],
        }


dialled = pd.DataFrame([turn_to(pipelines) for pipelines in size.dial])
table(dialled, {"seconds": ".2f"})

# %%
claim("every parse asks the service once for each pipeline", (dialled.calls == dialled.pipelines).all())
claim(
    "no parse is faster than its calls",
    (dialled.seconds >= dialled.pipelines * 0.020).all(),
    ", ".join(f"{seconds:.2f} s" for seconds in dialled.seconds),
)

# %%
last = dialled.iloc[-1]
dial(
    dict(zip(dialled.pipelines, dialled.seconds, strict=True)),
    limit=size.import_timeout,
    guess=guess.value,
    title="A quick answer for each pipeline still adds up",
    sentence=f"{most} calls of 20 ms make the parse of one file take «{last.seconds:.1f} s». "
    f"The line is the limit that this lesson gives the import: {size.import_timeout:g} s.",
)

# %% [markdown]
# **Find the cause.** The line is straight: twice the pipelines, twice the wait. Nothing is computed during that time.
# And Airflow parses the file again every 30 seconds, whether or not anything changed, to learn that nothing is new.
#
# The talk that this workbook follows had fewer than 50 pipelines in such a factory, with a call of 0.1 seconds for
# each, on Airflow 2.5. How many of yours would fit into Airflow's own limit of 30 seconds?

# %%
without_call = last.seconds / most - 0.020
fits = int(30 / (0.100 + without_call))
print(f"with calls of 0.1 s, «{fits}» pipelines fit into 30 s here; the talk says: fewer than 50")

# %% [markdown]
# The two figures come from different machines and different Airflows, so do not compare them too closely. The wall is
# the same; it only stands elsewhere.

# %% [markdown]
# ## The day the service is slow
#
# Airflow stops an import that takes longer than `[core] dagbag_import_timeout`. The default is 30 seconds. This lesson
# sets it to what the first cell printed; at the scales for learning that is less, so that you do not wait.
#
# **Predict.** The factory works. Then the service has a slow day, and the import runs into the timeout. Some pipelines
# were already loaded when that happens. Of 100 DAGs, how many can still run?

# %%
survivors = predict("of 100 DAGs, how many can still run after one import timeout")
survivors

# %% [markdown]
# **Measure.** One database, which remembers, and five parses of the same file. Between them only the service changes.

# %%
service = config_service(most, latency=0.020).start()
folder = dag_folder(here / "days", "from_service", service_url=service.url)
home = ParsingHome({"core.dagbag_import_timeout": size.import_timeout})
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
# Airflow records one import error for the file. This is what its user interface shows, in its own words:

# %%
slow_errors = days["the service is slow"].import_errors
for line in "".join(slow_errors.error).splitlines():
    if "import timeout" in line:
        print(f"«{line.replace(str(folder), '…')}»")

# %%
claim("on a good day every DAG can run", days["a good day"].active == most)
claim(
    "past the timeout Airflow records exactly one import error, and it names the timeout",
    len(slow_errors) == 1 and slow_errors.error.str.contains("import timeout").all(),
)
claim("one import that is too slow takes every DAG of the file away", days["the service is slow"].active == 0)
claim("a service that is down does the same", days["the service is down"].active == 0)
claim("the next healthy parse brings every DAG back", days["back to normal"].active == most)

# %% [markdown]
# **Find the cause.** A Python file is imported whole or not at all. The pipelines that were already loaded when time
# ran out are thrown away with the rest. Airflow still knows the DAGs, but it marks every one of them: no new run
# starts, and the interface hides them. Nobody changed a pipeline, nobody deployed anything; another team's service had
# a slow minute.
#
# Raising the timeout moves the wall. It does not take it away, and the next limit is close behind: after
# `[dag_processor] dag_file_processor_timeout`, 50 seconds by default, Airflow kills the process that parses the file.

# %%
service.stop()
home.close()

# %% [markdown]
# ## The price of every task
#
# So far the DAG processor paid. But whoever runs a task needs its DAG, too: when a task starts, Airflow imports the
# DAG's file, the whole file, to find that one task.
#
# **Predict.** Take a task that only writes a line to the log. Its DAG is the only one of its factory, or it is one of
# 40; both factories ask the service, which needs 50 ms for an answer. How many seconds does the task take from the
# factory of 40?

# %%
guess = predict(
    "seconds for a task that does nothing, from a factory of 40 DAGs, at 50 ms for an answer", "s"
)
guess

# %% [markdown]
# **Measure.** Now you need all of Airflow: scheduler, executor, API server. `start` brings it up, or attaches to the
# one that another notebook has started.

# %%
airflow = stack.start()


# %%
def pipelines_of_one_step(seed: int) -> list[PipelineConfig]:
    """40 pipelines; the first has a single step."""
    made = configurations(40, seed=seed)
    first = made[0].model_copy(update={"steps": 1})
    return [first, *made[1:]]


alone, crowd, careful = (pipelines_of_one_step(seed) for seed in (31, 32, 33))
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
def task_seconds(config: PipelineConfig, runs: int = 1) -> list[float]:
    """Run the pipeline; the seconds of each of its tasks, as Airflow records them."""
    durations: list[float] = []
    for _ in range(runs):
        run = airflow.trigger(config.id)
        airflow.wait(config.id, run)
        tasks = airflow.task_instances(config.id, run)
        durations += list(tasks.duration[tasks.operator != "EmptyOperator"])
    return durations


for config in (alone[0], careful[0]):
    _ = task_seconds(config)  # the first tasks on a fresh Airflow are slower than all others
seconds = {
    "a file of one DAG": median(task_seconds(alone[0], runs=2)),
    "a factory of 40 DAGs": median(task_seconds(crowd[0])),
}
for file, value in seconds.items():
    print(f"a task from {file}: «{value:.2f} s»")

# %% [markdown]
# **Find the cause.** The difference is the import: 40 calls of 50 ms are 2 seconds, at the start of every task of
# every run. The task itself does the same in both.
#
# **Change one thing and measure again.** At the start of a task, Airflow tells the file which DAG it wants. A factory
# can ask, and leave out the others:

# %%
show("dags/dynamic/parsing_context.py")

# %%
print(len(context), "DAGs in the factory with the parsing context")
seconds = {**seconds, "the same, with the parsing context": median(task_seconds(careful[0], runs=2))}

# %%
times_slower = seconds["a factory of 40 DAGs"] / seconds["a file of one DAG"]
bars(
    seconds,
    highlight="a factory of 40 DAGs",
    guess=guess.value,
    title="A task that does nothing pays for the whole file of its DAG",
    sentence=f"From the factory the task takes «{times_slower:.0f} times» as long as from a file of one DAG; "
    "with the parsing context the factory is out of its way.",
)

# %% [markdown]
# Seconds depend on your machine and on what else it does. What is behind them can be counted: `task_starts` imports a
# file the way the start of a task does, and counts the DAGs that the file makes.

# %%
wanted = {"small": alone[0], "big": crowd[0], "context": careful[0]}
files = [(next((here / name / "dynamic").glob("*.py")), config.id) for name, config in wanted.items()]
starts = task_starts(files, rounds=1)
print("DAGs made at the start of a task:", *starts.dags)
claim("to start one task, the big factory makes all of its 40 DAGs", starts.dags[1] == 40)
claim("with the parsing context it makes that task's DAG and no other", starts.dags[2] == 1)

# %% [markdown]
# The parsing context helps the tasks. It does not help the DAG processor, which wants every DAG and names none: the
# file still asks for all 40 pipelines at every parse, and still falls with the service.

# %%
for name in ("small", "big", "context"):
    airflow.unpublish(f"{here.name}_{name}")
for service in services:
    service.stop()

# %% [markdown]
# ## What to take with you
#
# A factory pays for all its DAGs at every parse, and once more at the start of every task. When the import takes
# longer than the timeout, one import error takes every DAG of the file away, until the next parse that is quick
# enough. What makes the import slow need not be yours: here it was a service that had a bad day.
#
# **On your own.** In the service's bad day above, let it fail instead of being slow: `service.set(error_rate=0.1)`.
# How many of the DAGs can run when one answer in ten is an error?
#
# [previous: The DAG factory](02_the_dag_factory.ipynb) · [contents](../README.md) · [next: Root causes](04_root_causes.ipynb)
