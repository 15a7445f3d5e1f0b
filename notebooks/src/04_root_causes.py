# %% [markdown]
# # Root causes
#
# By the end you can
# - tell the causes of a slow DAG file apart: the number of DAGs, calls, slow JSON readers, files that each read
#   everything
# - find the cause in a file that you did not write, with an audit and a profile
# - say which values make Airflow record new versions of a DAG that nobody changed
#
# {minutes}
#
# [previous: Too big](03_too_big.ipynb) · [contents](../README.md) · [next: Static generation](05_static_generation.ipynb)
#
# <details><summary>Do you remember? What happens to the DAGs of a file whose import takes too long?</summary>
# All of them are marked stale and cannot run until a parse of the file succeeds again.
# </details>
#
# <details><summary>Do you remember? What else imports a DAG file, besides the DAG processor?</summary>
# The worker, whenever one of the file's tasks starts.
# </details>

# %%
import pandas as pd

from workbook.catalog import dag_folder
from workbook.charts import bars, dial
from workbook.exercises import check, hint, solution
from workbook.lesson import claim, predict, show, table
from workbook.measure import parse_cycle, quicker_of_two
from workbook.scale import scale
from workbook.workspace import lesson_folder

here = lesson_folder("04")
size = scale()
print(f"scale {size.name}: up to {size.numbers[-1]} pipelines")

# %% [markdown]
# ## Cause one: sheer numbers
#
# Before you blame anything, find out what DAGs cost by themselves. The simplest factory reads JSON files from a folder
# next to it. It makes no calls to a service.

# %%
show("dags/dynamic/from_json.py")

# %% [markdown]
# **Predict.** The first cell printed the largest number of pipelines. How many seconds does Airflow need to
# parse a factory with that many?

# %%
guess = predict("seconds to parse the largest JSON factory in this notebook", "s")
guess

# %% [markdown]
# **Measure.** Airflow parses factories of different sizes. It parses the smallest one twice, and the faster time
# counts, because any other activity on your machine would distort so short a time. Together, the parses take about half
# a minute.

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
from workbook.models.parse_costs import fit

costs = fit(zip(numbers.pipelines, numbers.seconds, strict=True))
guess.beside(numbers.seconds.iloc[-1], "Without calls, a DAG costs milliseconds.")
dial(
    dict(zip(numbers.pipelines, numbers.seconds, strict=True)),
    limit=30,
    guess=guess.value,
    talk=(2306, 27),
    title="Without calls, a DAG adds only milliseconds",
    sentence=f"A DAG costs «{1000 * costs.per_dag:.1f} ms» here, import plus serialization; the talk's "
    "factory without calls needed 27 s for 2,306 DAGs on Airflow 2.5.",
)

# %% [markdown]
# `fit` fits a straight line to your measurements: so many seconds for the file, and so many more for each DAG.

# %%
growth = numbers.seconds.iloc[-1] / numbers.seconds.iloc[0]
claim(
    "the largest factory takes at least twice as long as the smallest",
    growth >= 2,
    f"{growth:.0f} times",
)
print(
    "according to the fitted line, a parse would take 50 s with "
    f"«{(50 - costs.per_file) / costs.per_dag:,.0f}» DAGs in one file"
)

# %% [markdown]
# **Find the cause.** This work is unavoidable: building each DAG, with its tasks and their order, and
# converting it to the form that Airflow stores in its database. The conversion is called **serialization**.
# The work grows with the number of
# DAGs and of their tasks. So a factory without calls has limits, too. Airflow stops an import after 30
# seconds, the dashed line of the chart. And it kills a parse, which is import plus serialization, after the
# processor timeout, 50 seconds by default. The last line of the output says how many DAGs would reach the
# 50 seconds on your machine; the import may reach its own limit with fewer. That number is calculated from
# your measurements, not measured. The rest of this notebook is about work that you can avoid, or do
# elsewhere.

# %% [markdown]
# ## Cause two: waiting for a service
#
# Now suppose that you have a slow file and do not know why it is slow. Two tools find the cause, and both
# work on your own files.
#
# An **audit** counts how often each line of the file makes Python look up a host name, open a connection,
# list a folder, open a file, start a process or sleep. Python itself reports these events; `audit` only
# listens while it imports the file the way Airflow does.
#
# **Predict.** The factory from notebook 03 asks a service for its pipelines. Here the service knows 40. How
# many connections does one import
# open?

# %%
guess = predict("connections that one import opens, for 40 pipelines")
guess

# %% [markdown]
# **Measure.** Each row of the audit names a line of the file, what the line does, and how many times.

# %%
from workbook.measure.findings import how_often, share_of
from workbook.measure.imports import audit, profile
from workbook.services import config_service

service = config_service(40, latency=0.020).start()
asking = dag_folder(here / "asking", "from_service", service_url=service.url) / "dynamic" / "from_service.py"
found = audit(asking)
table(found)

# %%
connections = found[found.what == "opens a connection"]
guess.beside(int(connections.times.sum()), "One for each pipeline, and one for the list of them.")
claim(
    "the audit finds the line that opens a connection for each pipeline",
    (connections.times == 40).any(),
    ", ".join(f"line {row.line}: {row.times}" for row in connections.itertuples()),
)

# %% [markdown]
# One more connection gets the list of pipelines.
#
# A **profile** says where the time goes. This one comes from pyinstrument, which samples the running program a thousand
# times a second and notes which function it is in.

# %%
slowest = profile(asking)
claim(
    "the import spends more time waiting for the service than on anything else",
    slowest.function.iloc[0] == "fetch_config",
    f"{share_of('fetch_config', slowest):.0%}",
)
table(slowest.head(2)[["function", "share"]], {"share": ".0%"})

# %% [markdown]
# **Change one thing and measure again.** Another factory reads the same number of pipelines from JSON files. Audit it,
# and let Airflow parse both.

# %%
reading = dag_folder(here / "reading", "from_json", 40) / "dynamic" / "from_json.py"
calls, files = (how_often(reading, what) for what in ("opens a connection", "opens a file"))
parses = {file.stem: parse_cycle(file.parents[1]) for file in (asking, reading)}
for factory, cycle in parses.items():
    print(f"Airflow parses {cycle.active} DAGs of {factory} in «{cycle.files.seconds[0]:.2f} s»")
claim("the factory with JSON files opens no connection", calls == 0, f"{calls}")
claim("it opens one file for each pipeline instead", files == 40, f"{files}")
service.stop()

# %% [markdown]
# The audit showed where the calls are, and the profile showed that they are what makes the file slow. So you
# know what to move, and
# that it is worth the trouble. Often a call has to stay, but not at the top level of the file:

# %% [markdown]
# exercise 04.1

# %% [markdown]
# ## Cause three: a slow reader
#
# People like JSON5, a form of JSON with comments, trailing commas and keys without quotes. The usual package
# for reading it, `json5`, is written in Python.
#
# **Predict.** Reading the same text takes longer with `json5` than with `json`. How many times as long?

# %%
guess = predict("time that json5 takes, as a multiple of json's", "×")
guess

# %% [markdown]
# **Measure.** Three packages read the same 100 texts, so that only the reader differs. The best of three rounds counts.

# %%
import json

import json5
import pyjson5

from workbook.catalog import configurations
from workbook.measure.readers import reader_seconds

texts = [json.dumps(config.model_dump()) for config in configurations(100)]
parsers = {
    "json": reader_seconds(json.loads, texts),
    "pyjson5": reader_seconds(pyjson5.loads, texts),
    "json5": reader_seconds(json5.loads, texts),
}
ratio = parsers["json5"] / parsers["json"]

# %%
bars(
    {f"{name}": seconds * 1000 for name, seconds in parsers.items()},
    unit="ms",
    log=True,
    highlight="json5",
    title="The reader written in Python takes at least 100 times as long",
    sentence=f"For the same 100 texts json5 takes «{ratio:.0f}» times as long as json; pyjson5, which is compiled, "
    f"«{parsers['pyjson5'] / parsers['json']:.1f}» times. Each step of the axis is ten times the one before.",
)

# %%
guess.beside(ratio, "json reads the text in C; json5 handles each character of it in Python.", talk=1000)
claim("json5 takes at least 100 times as long as json", ratio >= 100, f"{ratio:.0f} times")
claim(
    "pyjson5, which is compiled, is at least 20 times as fast as json5 for the same texts",
    parsers["json5"] / parsers["pyjson5"] >= 20,
    f"{parsers['json5'] / parsers['pyjson5']:.0f} times",
)

# %% [markdown]
# So JSON5 is not slow; this reader of it is.
#
# **Find the cause** in a factory that reads JSON5, with the profile. `loads` is the function of `json5` that reads a
# text:

# %%
fancy = dag_folder(here / "fancy", "from_json5", 100) / "dynamic" / "from_json5.py"
slowest = profile(fancy)
claim(
    "the JSON5 factory spends more than a third of its import reading JSON5",
    share_of("loads", slowest) > 1 / 3,
    f"{share_of('loads', slowest):.0%}",
)
table(slowest.head(2)[["function", "share"]], {"share": ".0%"})

# %% [markdown]
# There are two ways to fix this. You have measured both.
#
# <details><summary>Which two? Think first, then look</summary>
# Use a compiled reader, or read no JSON5 at parse time. With the second, people keep writing JSON5, and a
# build step converts it once into something that is cheap to read. The next notebook takes that road.
# </details>

# %% [markdown]
# ## Cause four: a file for each DAG, still dynamic
#
# If one large file is the problem, many small ones should fix it. So someone copies the factory, once for each
# pipeline, and lets every copy pick its own pipeline.

# %%
show("dags/dynamic/file_per_dag.py")

# %% [markdown]
# **Predict.** There are 40 pipelines, so there are 40 files. In one **cycle** Airflow parses all 40 files once. How
# many times does it open a configuration?

# %%
guess = predict("how many times a configuration is opened in one cycle over 40 such files")
guess

# %% [markdown]
# **Measure.** First audit one copy. Then let the DAG processor parse all copies, and compare with the single factory
# (the faster of two parses). The parses take about 20 seconds.

# %%
copies = dag_folder(here / "copies", "file_per_dag", 40)
one_copy = sorted((copies / "dynamic").glob("*.py"))[0]
opened = how_often(one_copy, "opens a file")
half = dag_folder(here / "half", "file_per_dag", 20)
opened_of_half = how_often(next((half / "dynamic").glob("*.py")), "opens a file")
print(f"one copy opens {opened} configurations, 40 copies open {40 * opened}")
print(
    f"with half the pipelines, one copy opens {opened_of_half}, and all 20 copies open {20 * opened_of_half}"
)

# %%
one_file = quicker_of_two(dag_folder(here / "one", "from_json", 40))
forty_files = parse_cycle(copies)
times_longer = forty_files.files.seconds.sum() / one_file.files.seconds.sum()
table(
    pd.DataFrame(
        {
            "layout": ["a single factory", "40 copies, each reading everything"],
            "DAGs": [one_file.active, forty_files.active],
            "files": [len(one_file.files), len(forty_files.files)],
            "seconds of parsing": [one_file.files.seconds.sum(), forty_files.files.seconds.sum()],
        }
    ),
    {"seconds of parsing": ".2f"},
)

# %%
guess.beside(40 * opened, "Each of the 40 files reads the whole catalog to find its own configuration.")
claim("each of 40 copies opens all 40 configurations", opened == 40)
claim(
    "twice the pipelines mean four times as many configurations to open",
    40 * opened == 4 * 20 * opened_of_half,
    f"{20 * opened_of_half} and {40 * opened}",
)
claim("both layouts define the same DAGs", set(one_file.dags.dag_id) == set(forty_files.dags.dag_id))
claim(
    "the copies take at least three times as long as the single factory",
    times_longer >= 3,
    f"{times_longer:.1f} times",
)

# %% [markdown]
# **Find the cause.** The work grows with the square of the number of pipelines: twice the pipelines mean twice the
# files, and each file reads twice as much. At 2,000 pipelines the copies would open four million configurations in
# every cycle. Here no single file came near the timeout, so nothing failed. The cycle just takes longer, and
# a change appears later. Small files help once each of them reads only what it needs, and most of all once
# nothing in
# them is dynamic.

# %% [markdown]
# exercise 04.2

# %% [markdown]
# ## Cause five: values that change at every parse
#
# This cause is new in Airflow 3. Airflow now keeps every version of a DAG that has run, so that you can see later what
# ran. It detects a new version by comparing the stored form with the freshly parsed one.
#
# **Predict.** The two DAGs below, a calm one and a restless one, differ only in their ids and descriptions. Each runs
# three times, and Airflow parses the files before the first run and after each run. How many versions of the restless
# DAG are there at the end?

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
_ = (pair / "calm.py").write_text(dag.format(dag_id=f"calm_{here.name}", description='"made by the factory"'))
_ = (pair / "restless.py").write_text(
    dag.format(dag_id=f"restless_{here.name}", description='f"made at {datetime.now()}"')
)

# %%
guess = predict("versions of the restless DAG after three runs and a parse after each")
guess

# %% [markdown]
# **Measure.** The two DAGs run on a complete Airflow. When you publish the same files again, Airflow parses them
# immediately. (Otherwise it would wait up to 30 seconds. By default it also stores a changed DAG at most once every 30
# seconds; here `[core] min_serialized_dag_update_interval` is 0.) Starting Airflow takes about half a minute if no
# other notebook has started it yet, and the runs take about as long.

# %%
from workbook import stack

airflow = stack.start()

# %%
airflow.publish(here.name, pair)
for _ in range(3):
    for name in ("calm", "restless"):
        airflow.run(f"{name}_{here.name}").wait()
    airflow.publish(here.name, pair)
versions = {name: airflow.dag_versions(f"{name}_{here.name}") for name in ("calm", "restless")}
versions

# %%
guess.beside(versions["restless"], "The first parse makes a version too, before any run.")
claim("the calm DAG has one version, however often it is parsed", versions["calm"] == 1)
claim("the restless DAG has a new version after every run", versions["restless"] == 4)
airflow.unpublish(here.name)

# %% [markdown]
# **Find the cause.** `datetime.now()` in a description, `uuid4()` in a tag, a service's answer with a timestamp in it:
# each makes the DAG look new at every parse. Airflow overwrites a version that no run has used; that is why,
# here, each DAG runs between two parses. The history, which should show what ran, fills up with copies of the
# same DAG. Airflow 3.3
# warns about the obvious cases; it cannot see a value that comes from a call.

# %% [markdown]
# exercise 04.3

# %% [markdown]
# ## All causes together
#
# The chart below has three controls: number of DAGs, time per call, factory. Both curves are calculated
# from your measurements: the solid one is the import, the dotted one import plus serialization. The circles
# are measured parses, so they belong to the dotted curve. The two dashed lines are Airflow's limits for one
# file: 30 seconds for the import, 50 seconds for import plus serialization.

# %%
from workbook.models.parse_costs import measured_costs

fancy_numbers = pd.DataFrame(
    [
        {"pipelines": pipelines, "seconds": cycle.files.seconds[0]}
        for pipelines in size.numbers[:2]
        for cycle in [parse_cycle(dag_folder(here / "numbers", "from_json5", pipelines))]
    ]
)
costs_of = {
    "JSON, by json": measured_costs(here / "alone", "from_json", numbers),
    "JSON5, by json5": measured_costs(here / "alone", "from_json5", fancy_numbers),
}

# %%
from workbook.charts.parse_explorer import parse_explorer

asked = parses["from_service"].files.seconds[0]
points = [
    {"parser": parser, "dags": dags, "latency": 0, "seconds": seconds}
    for parser, measured in {"JSON, by json": numbers, "JSON5, by json5": fancy_numbers}.items()
    for dags, seconds in measured.itertuples(index=False)
]
points.append({"parser": "JSON, by json", "dags": 40, "latency": 0.020, "seconds": asked})
explorer = parse_explorer(costs_of, points)
explorer

# %% [markdown]
# Set the time per call to 100 ms and find the number of DAGs at which the solid curve meets the lower
# dashed line. Then set the time to 0 ms. Then choose the other factory.
#
# <details><summary>Number, calls, reader: which would you fix first? Think first, then look</summary>
# The one that costs the most seconds; here that is the calls. Without them, many times as many DAGs fit under
# the limit. The reader
# comes next. Fewer DAGs are quicker, too, but then somebody's pipeline is missing.
# </details>

# %%
plain = costs_of["JSON, by json"]
with_calls = plain.import_seconds(400, calls_per_dag=1, latency=0.1)
claim("with calls of 0.1 s, 400 DAGs need more than 30 s", with_calls > 30, f"{with_calls:.0f} s")
without_calls = plain.import_seconds(400)
claim("without calls the same 400 DAGs need less than 30 s", without_calls < 30, f"{without_calls:.1f} s")

# %% [markdown]
# questions 04

# %% [markdown]
# ## What to remember
#
# What each DAG costs by itself is unavoidable. Calls add waiting, for each DAG, at every parse and every task start,
# and the service that answers them decides whether your DAGs can run. The slow reader took at least 100 times
# as long as the fast one, for the same texts. The work of copies that each read everything grows with the
# square of their number. And a value that changes at every parse makes a DAG look new although nobody changed
# it. Except for the number of DAGs, all of this can
# be avoided, or done once, before Airflow parses the file.
#
# **On your own.** Run `audit` on the slowest DAG file that you have at work. Which line would you move first?
#
# [previous: Too big](03_too_big.ipynb) · [contents](../README.md) · [next: Static generation](05_static_generation.ipynb)
