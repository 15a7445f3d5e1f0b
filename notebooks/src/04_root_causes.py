# %% [markdown]
# # Root causes
#
# Afterwards you can
# - tell apart what makes a DAG file slow: number, calls, parsing code, files that each read everything
# - find the cause in a file that you did not write, with an audit and a profile
# - say which values make Airflow record a new version of a DAG at every parse
#
# 20 minutes · nothing to do beforehand
#
# [previous: Too big](03_too_big.ipynb) · [contents](../README.md) · [next: Static generation](05_static_generation.ipynb)
#
# <details><summary>Do you remember? What becomes of the DAGs of a file whose import takes too long?</summary>
# All of them are marked and cannot run, until a parse of the file succeeds again.
# </details>
#
# <details><summary>Do you remember? Who imports a DAG file besides the DAG processor?</summary>
# Every task when it starts, to find itself.
# </details>

# %%
import json
import timeit
from collections.abc import Callable
from pathlib import Path
from time import process_time

import json5
import pandas as pd
import pyjson5

from workbook import stack
from workbook.catalog import configurations, dag_folder
from workbook.charts import bars, dial
from workbook.charts.parse_explorer import parse_explorer
from workbook.lesson import claim, predict, show, table
from workbook.measure import Cycle, parse_cycle
from workbook.measure.imports import audit, import_seconds, profile
from workbook.models.parse_costs import ParseCosts, fit
from workbook.scale import scale
from workbook.services import config_service
from workbook.workspace import lesson_folder

here = lesson_folder("04")
size = scale()
print(f"scale {size.name}: up to {size.numbers[-1]} pipelines")


def how_often(dag_file: Path, what: str) -> int:
    """How often a DAG file does something while it is imported."""
    found = audit(dag_file)
    return int(found.times[found.what == what].sum())


def share_of(function: str, slowest: pd.DataFrame) -> float:
    """The part of an import that a function takes, 0 to 1."""
    return float(slowest.share[slowest.function == function].sum())


def quicker_of_two(folder: Path) -> Cycle:
    """Parse a folder of little work twice: a moment of something else on the machine would weigh much there."""
    return min((parse_cycle(folder) for _ in range(2)), key=lambda cycle: cycle.files.seconds.sum())


# %% [markdown]
# ## Cause one: sheer number
#
# The simplest factory reads JSON files that lie beside it. It calls nobody.

# %%
show("dags/dynamic/from_json.py")

# %% [markdown]
# **Predict.** How many seconds does Airflow need for the largest number that the first cell printed?

# %%
guess = predict("seconds to parse the largest JSON factory of this lesson", "s")
guess

# %% [markdown]
# **Measure.** The smallest factory is parsed twice, and the quicker time counts: a moment of something else on your
# machine would weigh much there.

# %%
smallest, *larger = (
    dag_folder(here / f"numbers_{pipelines}", "from_json", pipelines) for pipelines in size.numbers
)
cycles = [quicker_of_two(smallest), *map(parse_cycle, larger)]
numbers = pd.DataFrame(
    {"pipelines": [cycle.active for cycle in cycles], "seconds": [cycle.files.seconds[0] for cycle in cycles]}
)
table(numbers, {"seconds": ".2f"})

# %%
costs = fit(zip(numbers.pipelines, numbers.seconds, strict=True))
dial(
    dict(zip(numbers.pipelines, numbers.seconds, strict=True)),
    limit=30,
    guess=guess.value,
    talk=(2400, 27),
    title="Without calls, thousands of DAGs fit into one file",
    sentence=f"A DAG costs «{1000 * costs.per_dag:.1f} ms» here, import and serialization together; the talk's "
    "factory without calls needed 27 s for 2,400 DAGs on Airflow 2.5.",
)

# %%
growth = numbers.seconds.iloc[-1] / numbers.seconds.iloc[0]
claim(
    "the largest factory takes at least twice as long as the smallest",
    growth >= 2,
    f"{growth:.0f} times",
)

# %% [markdown]
# **Find the cause.** This is work that has to be done: make the DAG, its tasks, their order, and write it down in the
# form that Airflow stores. It grows with the number and with nothing else. The rest of this notebook is about work
# that does not have to be done, or not here.

# %% [markdown]
# ## Cause two: somebody else's answer
#
# Now you get a slow file and do not know why. Two tools find out, and both work at home.
#
# An **audit** counts what each line of the file makes Python do outside of it: connections, files, processes, sleeps.
# Python itself raises these events; `audit` only listens while it imports the file as Airflow does.
#
# **Predict.** The service knows 40 pipelines. How many connections does one import open?

# %%
guess = predict("connections that one import opens, for 40 pipelines")
guess

# %% [markdown]
# **Measure.**

# %%
service = config_service(40, latency=0.020).start()
asking = dag_folder(here / "asking", "from_service", service_url=service.url) / "dynamic" / "from_service.py"
found = audit(asking)
table(found)

# %%
connections = found[found.what == "opens a connection"]
claim(
    "the audit finds the line that opens a connection for each pipeline",
    (connections.times == 40).any(),
    ", ".join(f"line {row.line}: {row.times}" for row in connections.itertuples()),
)

# %% [markdown]
# A **profile** says where the time goes. This one is pyinstrument, which looks at the running program a thousand times
# a second and notes which function the file is waiting for.

# %%
slowest = profile(asking)
table(slowest.head(2)[["function", "share"]], {"share": ".0%"})

# %%
claim(
    "the import spends more time on waiting for the service than on anything else",
    slowest.function.iloc[0] == "fetch_config",
    f"{share_of('fetch_config', slowest):.0%}",
)

# %% [markdown]
# **Change one thing and measure again.** The same pipelines, from files beside the factory:

# %%
asked = parse_cycle(asking.parents[1])
reading = dag_folder(here / "reading", "from_json", 40) / "dynamic" / "from_json.py"
calls, files = (how_often(reading, what) for what in ("opens a connection", "opens a file"))
claim("the factory with JSON files opens no connection", calls == 0, f"{calls}")
claim("it opens a file for each pipeline instead", files == 40, f"{files}")
service.stop()

# %% [markdown]
# ## Cause three: a slow parser
#
# People like JSON5: comments, trailing commas, bare keys. Its usual parser is written in Python.
#
# **Predict.** How many times as long as `json` does `json5` take for the same text?

# %%
guess = predict("times as long as json", "×")
guess

# %% [markdown]
# **Measure.** The same 100 configurations, as the same text, so that only the parser differs; each in its best of
# three rounds.

# %%
texts = [json.dumps(config.model_dump()) for config in configurations(100)]


def best_seconds(parse: Callable[[str], object]) -> float:
    """Seconds of CPU to parse all the texts once; what else your machine does is not in them."""
    rounds = timeit.repeat(lambda: [parse(text) for text in texts], timer=process_time, number=1, repeat=3)
    return min(rounds)


parsers = {
    "json": best_seconds(json.loads),
    "pyjson5": best_seconds(pyjson5.loads),
    "json5": best_seconds(json5.loads),
}
ratio = parsers["json5"] / parsers["json"]

# %%
bars(
    {f"{name}": seconds * 1000 for name, seconds in parsers.items()},
    unit="ms",
    log=True,
    highlight="json5",
    title="The parser in Python takes hundreds of times as long",
    sentence=f"For the same 100 texts json5 takes «{ratio:.0f}» times as long as json; pyjson5, which is compiled, "
    f"«{parsers['pyjson5'] / parsers['json']:.1f}» times. Each step of the axis is ten times the one before.",
)

# %%
print(
    f"your guess: {'none' if guess.value is None else f'«{guess.value:g}»'}; here: «{ratio:.0f}»; the talk: 1000"
)
claim("json5 takes at least 100 times as long as json", ratio >= 100, f"{ratio:.0f} times")
claim(
    "a compiled parser reads the same JSON5 at least 20 times as fast",
    parsers["json5"] / parsers["pyjson5"] >= 20,
    f"{parsers['json5'] / parsers['pyjson5']:.0f} times",
)

# %% [markdown]
# **Find the cause** in the factory itself, with the profile:

# %%
fancy = dag_folder(here / "fancy", "from_json5", 100) / "dynamic" / "from_json5.py"
slowest = profile(fancy)
table(slowest.head(2)[["function", "share"]], {"share": ".0%"})

# %%
claim(
    "the JSON5 factory spends more than a third of its import on the parser",
    share_of("loads", slowest) > 1 / 3,
    f"{share_of('loads', slowest):.0%}",
)

# %% [markdown]
# There are two remedies, and you have just measured both: a compiled parser, or no JSON5 at parse time at all. People
# go on writing it, and a build step turns it into something cheap, once. That is the road of the next notebook.

# %% [markdown]
# ## Cause four: a file for each DAG, still dynamic
#
# If one big file is the problem, many small ones should be the cure. So somebody copies the factory, once for each
# pipeline, and lets every copy pick its own.

# %%
show("dags/dynamic/file_per_dag.py")

# %% [markdown]
# **Predict.** There are 40 pipelines, so 40 files. How often is a configuration opened in one cycle over all of them?

# %%
guess = predict("configurations opened in one cycle over 40 such files")
guess

# %% [markdown]
# **Measure.** First one copy, with the audit; then all of them, on the DAG processor, beside the one factory, whose
# quicker parse of two counts.

# %%
copies = dag_folder(here / "copies", "file_per_dag", 40)
one_copy = sorted((copies / "dynamic").glob("*.py"))[0]
opened = how_often(one_copy, "opens a file")
half = dag_folder(here / "half", "file_per_dag", 20)
opened_of_half = how_often(next((half / "dynamic").glob("*.py")), "opens a file")
print(f"one copy opens {opened} configurations, 40 copies open {40 * opened}")
print(
    f"with half of the pipelines, one of 20 copies opens {opened_of_half}, all of them {20 * opened_of_half}"
)

# %%
one_file = quicker_of_two(dag_folder(here / "one", "from_json", 40))
forty_files = parse_cycle(copies)
times_longer = forty_files.files.seconds.sum() / one_file.files.seconds.sum()
table(
    pd.DataFrame(
        {
            "layout": ["one factory", "40 copies, each reading everything"],
            "DAGs": [one_file.active, forty_files.active],
            "files": [len(one_file.files), len(forty_files.files)],
            "seconds of parsing": [one_file.files.seconds.sum(), forty_files.files.seconds.sum()],
        }
    ),
    {"seconds of parsing": ".2f"},
)

# %%
claim("each of 40 copies opens all 40 configurations", opened == 40)
claim(
    "twice the pipelines are four times the configurations to open",
    40 * opened == 4 * 20 * opened_of_half,
    f"{20 * opened_of_half} and {40 * opened}",
)
claim("both layouts define the same DAGs", set(one_file.dags.dag_id) == set(forty_files.dags.dag_id))
claim(
    "the copies take at least three times as long as the one factory",
    times_longer >= 3,
    f"{times_longer:.1f} times",
)

# %% [markdown]
# **Find the cause.** The work grows with the square: twice the pipelines are twice the files, and each of them reads
# twice as much. At 2,000 pipelines the copies would open four million configurations in every cycle. Here no single file
# came near the timeout, so nothing failed: the cycle only becomes longer and longer, and a change waits longer until it
# shows. Small files help when there is nothing dynamic left in them.

# %% [markdown]
# ## Cause five: values that change at every parse
#
# This one is new with Airflow 3. Airflow now keeps every version of a DAG that has run, so that you can see later
# what ran. It notices a new version by comparing the stored form with the one that it has just parsed.
#
# **Predict.** The two files below differ by one line. Each DAG runs three times, and Airflow parses the files again
# after each run. How many versions of the restless one are there in the end?

# %%
dag = """
from datetime import datetime
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

with DAG("{dag_id}", schedule=None, description={description}):
    PythonOperator(task_id="only", python_callable=print)
"""
pair = here / "pair"
pair.mkdir()
(pair / "calm.py").write_text(dag.format(dag_id=f"calm_{here.name}", description='"made by the factory"'))
(pair / "restless.py").write_text(
    dag.format(dag_id=f"restless_{here.name}", description='f"made at {datetime.now()}"')
)
guess = predict("versions of the restless DAG after three runs and a parse after each")
guess

# %% [markdown]
# **Measure.** On the whole Airflow. Publishing the same files once more makes Airflow parse them at once. (By itself it
# would wait up to 30 seconds; `[core] min_serialized_dag_update_interval`, which is 30 seconds as well, is 0 here.)

# %%
airflow = stack.start()

# %%
airflow.publish(here.name, pair)
for _ in range(3):
    for name in ("calm", "restless"):
        airflow.wait(f"{name}_{here.name}", airflow.trigger(f"{name}_{here.name}"))
    airflow.publish(here.name, pair)
versions = {name: airflow.dag_versions(f"{name}_{here.name}") for name in ("calm", "restless")}
versions

# %%
claim("the calm DAG has one version, however often it is parsed", versions["calm"] == 1)
claim("the restless DAG has a new version after every run", versions["restless"] == 4)
airflow.unpublish(here.name)

# %% [markdown]
# **Find the cause.** `datetime.now()` in a description, `uuid4()` in a tag, a service's answer that carries a time
# stamp: each makes the DAG look new at every parse. The history that should tell what ran fills with copies of the
# same DAG. Airflow 3.3 warns about the obvious ones; a value that comes from a call it cannot see.

# %% [markdown]
# ## All of them at once
#
# Turn the three dials: number of DAGs, time of a call, parser. The curve is calculated from what you have measured on
# this machine; the marked points are your measurements. The two lines are Airflow's limits for one file: 30 seconds
# for the import, 50 seconds for import and serialization together.


# %%
def measured_costs(factory: str, points: pd.DataFrame) -> ParseCosts:
    """Fit the costs of a factory to its measured parses; the import alone is timed to take it apart."""
    pipelines, seconds = points.iloc[-1]
    folder = dag_folder(here / "alone", factory, int(pipelines)) / "dynamic" / f"{factory}.py"
    serialization = max(0.0, (seconds - import_seconds(folder)) / pipelines)
    return fit(zip(points.pipelines, points.seconds, strict=True), serialization=serialization)


fancy_numbers = pd.DataFrame(
    [
        {"pipelines": pipelines, "seconds": cycle.files.seconds[0]}
        for pipelines in size.numbers[:2]
        for cycle in [parse_cycle(dag_folder(here / "numbers", "from_json5", pipelines))]
    ]
)
costs_of = {
    "JSON, by json": measured_costs("from_json", numbers),
    "JSON5, by json5": measured_costs("from_json5", fancy_numbers),
}

# %%
points = [
    *(
        {"parser": "JSON, by json", "dags": n, "latency": 0, "seconds": s}
        for n, s in numbers.itertuples(index=False)
    ),
    *(
        {"parser": "JSON5, by json5", "dags": n, "latency": 0, "seconds": s}
        for n, s in fancy_numbers.itertuples(index=False)
    ),
    {"parser": "JSON, by json", "dags": 40, "latency": 0.020, "seconds": asked.files.seconds[0]},
]
explorer = parse_explorer(costs_of, points)
explorer

# %% [markdown]
# Set the time of a call to 100 ms and find the number of DAGs at which the curve meets the first line. Then take the
# call away. Then choose the other parser. Which of the three would you mend first in your own factory?

# %%
plain = costs_of["JSON, by json"]
with_calls = plain.import_seconds(400, calls_per_dag=1, latency=0.1)
claim("with calls of 0.1 s, 400 DAGs do not fit into 30 s", with_calls > 30, f"{with_calls:.0f} s")
without_calls = plain.import_seconds(400)
claim("without calls the same 400 DAGs fit", without_calls < 30, f"{without_calls:.1f} s")

# %% [markdown]
# ## What to take with you
#
# Number costs what it costs. Calls cost their waiting, for each DAG, at every parse and every start of a task, and
# whoever answers them decides whether your DAGs exist. A slow parser multiplies the cheapest part of the work by
# hundreds. Copies that each read everything grow with the square. And a value that changes at every parse makes every
# DAG look new. All of it is work that depends only on the configurations, and none of it has to be done while Airflow
# waits.
#
# **On your own.** Run `audit` on the slowest DAG file that you have at work. Which line would you move first?
#
# [previous: Too big](03_too_big.ipynb) · [contents](../README.md) · [next: Static generation](05_static_generation.ipynb)
