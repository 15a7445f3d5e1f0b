# %% [markdown]
# # DAGs per file
#
# By the end you can
# - say what each file costs Airflow, what each DAG costs, and what an oversized file costs
# - choose the number of DAGs in a file from your own measurements
# - say what it costs to move a DAG to another file, and why your DAGs stay where they are
#
# {minutes}
#
# [previous: Static generation](05_static_generation.ipynb) · [contents](../README.md) · [next: Out of slots](07_out_of_slots.ipynb)
#
# <details><summary>Do you remember? Which three steps does static generation add before Airflow sees a file?</summary>
# Build, check, deploy. The build runs the factory, the check compares the files with their sources, and only
# what changed is deployed.
# </details>
#
# <details><summary>Do you remember? What does a factory that asks for the parsing context leave out?</summary>
# At a task start it leaves out every DAG but the task's own. The DAG processor still gets all of them.
# </details>

# %%
import pandas as pd

from workbook.catalog import configurations, dag_folder
from workbook.exercises import check, hint, solution
from workbook.lesson import claim, predict, table
from workbook.measure.layouts import lay_out, measure, places
from workbook.scale import scale
from workbook.workspace import lesson_folder

here = lesson_folder("06")
size = scale()
pipelines = configurations(size.layouts, seed=6)
print(f"scale {size.name}: {len(pipelines)} pipelines")

# %% [markdown]
# ## From one per file to all in one
#
# The team in the talk behind this workbook fixed its factory with one static file per DAG, and went from a few dozen
# DAGs to more than 10,000. That was on Airflow 2.5. `dagfreeze` can put any number of DAGs into a file; a file with
# several is called a **shard**. So the question is open again: how many DAGs belong in a file? There is also
# one more candidate, the plain JSON factory of notebook 02. It is one file, it makes no calls, and it needs
# no build.
#
# **Predict.** Base your guess on the number of pipelines that the cell above printed. In one **cycle**, the
# DAG processor parses every file once. By what factor is a cycle longer with one file per pipeline than with
# at most 50 pipelines per file?

# %%
guess = predict("cycle time with one DAG per file, as a multiple of the cycle time with at most 50", "×")
guess

# %% [markdown]
# **Measure.** You parse the same DAGs from the factory and in five **layouts**, which differ in how many DAGs
# share a file. Airflow parses each of them twice, and the second cycle counts, because every later cycle is
# like it. Together, the next two cells take a little more than a minute.

# %%
limits = {"1": 1, "10": 10, "50": 50, "100": 100, "all": len(pipelines)}
for name, limit in limits.items():
    lay_out(here / name, pipelines, limit)
layouts = {"1": measure(here / "1")}

# %%
layouts |= {name: measure(here / name) for name in ("10", "50")}
layouts |= {name: measure(here / name) for name in ("100", "all")}
dag_folder(here / "factory" / "dags", "from_json", pipelines)
factory = measure(here / "factory")

# %%
every = {**layouts, "JSON factory": factory}
rows = [{"DAGs per file, at most": name, **layout.figures} for name, layout in every.items()]
times = layouts["1"].cycle / layouts["50"].cycle
guess.beside(times, "Each file costs a process and a turn at the database, however little is in it.")
claim(
    "each layout and the factory define every DAG",
    {layout.dags for layout in every.values()} == {len(pipelines)},
)
table(pd.DataFrame(rows), {"cycle, s": ".2f", "longest file, s": ".2f"})

# %%
claim(
    "a cycle with one DAG per file takes at least twice as long as one with at most 50 per file",
    times >= 2,
    f"{times:.1f} times",
)
claim(
    "with one DAG per file, a cycle parses a file for every DAG; with the factory, it parses one file",
    (len(layouts["1"].sizes), len(factory.sizes)) == (len(pipelines), 1),
    f"{len(layouts['1'].sizes)} and {len(factory.sizes)}",
)

# %% [markdown]
# **Predict.** Airflow also stores the text of each file in its database, to show it as the code of a DAG. The DAGs are
# the same in all layouts. By what factor is the stored text longer with all DAGs in one file than with at most 50 per
# file?

# %%
longer = predict("text stored with all DAGs in one file, as a multiple of the text with at most 50", "×")
longer

# %%
stored = layouts["all"].code_bytes / layouts["50"].code_bytes
longer.beside(stored, "Airflow stores the text of a file once for each DAG in it.")
print(", ".join(f"{name}: «{layout.code_bytes / 1e6:.1f} MB»" for name, layout in every.items()))
claim(
    "with all DAGs in one file, the database stores at least twice as much text as with at most 50 per file",
    stored >= 2,
    f"{stored:.1f} times",
)

# %% [markdown]
# **Find the cause.** For each file Airflow starts a process, imports the modules that the file needs, and
# hands the result to the one process that writes to the database. That overhead is the same for one DAG as
# for fifty. At the other extreme, the database pays: Airflow stores the text of a file once *for each DAG in
# it*. Twice as many DAGs in one file mean four times as much text; with thousands of DAGs in a file, that is
# gigabytes. So both extremes are costly, and the best number of DAGs in a file lies between them.
#
# When is a cycle too long? Airflow wants to parse each file again after 30 seconds. With 1,000 DAGs, one per file, a
# cycle took longer than that on our machine ([what we measured](../README.md#what-we-measured)). Then the DAG
# processor never rests, and Airflow takes longer to see any change.
#
# Look at the largest files in the table, too. Where at most 10 DAGs may share a file, most files hold fewer:
# `dagfreeze` chooses a DAG's file by the DAG's id and by nothing else. You will see below what that is good for.
#
# And look at the last row of the table. With 1,000 DAGs on our machine, the cycle of the JSON factory was
# about as long as that with at most 50 DAGs per file, and far shorter than that with one file per DAG
# ([what we measured](../README.md#what-we-measured)). **For the cycle alone, there was next to nothing to
# gain from freezing this factory**: it makes no calls, and reading JSON is cheap. The next two sections show
# what freezing gains instead.

# %% [markdown]
# ## What a task pays
#
# The talk's fix had an advantage that no cycle shows: at a task start, the worker imports a file with only
# one DAG. Is that lost when 50 DAGs share a file?
#
# **Predict.** The **guard** is the `if` test in a frozen file that skips every DAG but the one whose task
# starts. With it, how many milliseconds longer does the import at a task start take for the file with all
# DAGs than for a file with one?

# %%
guess = predict("extra milliseconds at a task start, for a guarded file with all DAGs", "ms")
guess

# %% [markdown]
# **Measure.** `task_starts` imports a file the way a task start does, and names the wanted DAG. You give it the frozen
# files, the same files with the guard switched off (`WANTED` is always None), and the factory. It repeats
# each import.

# %%
from pathlib import Path

from workbook.measure.imports import task_starts


def start_from(name: str, guarded: bool) -> tuple[Path, str]:
    """The largest file of a layout, and the DAG in its middle."""
    dags = here / name / "dags"
    file = max(dags.glob("*.py"), key=lambda path: path.stat().st_size)
    inside = [dag_id for dag_id, place in places(dags).items() if place == file.name]
    if not guarded:
        text = file.read_text().replace("get_parsing_context().dag_id", "None")
        file = here / f"{name}_without_guard.py"
        file.write_text(text)
    return file, inside[len(inside) // 2]


# %%
names = list(limits)
starts = task_starts(
    [start_from(name, guarded) for guarded in (True, False) for name in names]
    + [(here / "factory" / "dags" / "dynamic" / "from_json.py", pipelines[0].id)]
)
with_guard, without = (part.set_axis(names) for part in (starts[: len(names)], starts[len(names) : -1]))
columns = {"DAGs built, with guard": with_guard.dags, "ms of CPU, with guard": 1000 * with_guard.seconds}
columns |= {"DAGs built, without": without.dags, "ms, without": 1000 * without.seconds}
table(
    pd.DataFrame(columns).rename_axis("DAGs per file, at most").reset_index(),
    {"ms of CPU, with guard": ".1f", "ms, without": ".1f"},
)

# %%
from_factory = starts.iloc[-1]
extra = 1000 * (with_guard.seconds["all"] - with_guard.seconds["1"])
guess.beside(
    max(0.0, extra),
    "With the guard, the import builds one DAG; the code of the others is loaded, but not run.",
)
print(f"JSON factory: {from_factory.dags:.0f} DAGs built, «{1000 * from_factory.seconds:.1f} ms»")
claim("with the guard, a task start builds one DAG, whatever the layout", (with_guard.dags == 1).all())

# %%
largest = {name: max(layouts[name].sizes) for name in names}
lines = {  # for a chart further below
    f"a task start, {what} guard": {largest[name]: part.seconds[name] for name in names}
    for what, part in {"without": without, "with": with_guard}.items()
}
dearer = without.seconds["all"] / with_guard.seconds["all"]
claim("without the guard, a task start builds every DAG of the file", without.dags["all"] == len(pipelines))
claim(
    "with the JSON factory, a task start builds every DAG of the catalog", from_factory.dags == len(pipelines)
)
claim(
    "with all DAGs in one file, a task start takes at least three times the CPU time with the guard off",
    dearer >= 3,
    f"{dearer:.0f} times",
)

# %% [markdown]
# **Find the cause.** Python still reads the whole file, but in its compiled form, and skips every block that is not
# wanted. So a guarded file gives you both: the short cycle of a large file, and a task start almost as quick as with a
# small file. The factory builds all of its DAGs at each task start. To be fair, it could use the parsing context as
# well, as in notebook 03. You add it now.

# %% [markdown]
# exercise 06.1

# %% [markdown]
# ## What breaks together, what changes together
#
# **Predict.** Someone edits a frozen file by hand and makes a mistake. Each file holds at most 10 DAGs. How many DAGs
# does the mistake take down?

# %%
guess = predict("DAGs that one broken file takes down, with at most 10 DAGs per file")
guess

# %% [markdown]
# **Measure.** Each layout gets 120 pipelines of its own, or 20 where each pipeline has its own file; all
# layouts are in one DAG folder. The factory gets 120 as well. Then you break the largest file of each layout,
# and one configuration of the factory, and Airflow parses the folder, which takes up to a minute.

# %%
from workbook.catalog import write_catalog
from workbook.measure import ParsingHome
from workbook.measure.layouts import freeze

side = here / "side by side"
supply = iter(configurations(720, seed=66))
own = {name: [next(supply) for _ in range(20 if limit == 1 else 120)] for name, limit in limits.items()}
freeze(config for configs in own.values() for config in configs)
for name, limit in limits.items():
    lay_out(side / name, own[name], limit)
own["JSON factory"] = list(supply)[:120]
_ = dag_folder(side / "JSON factory", "from_json", own["JSON factory"])

# %%
held = {name: pd.Series(places(side / name / "dags")).value_counts() for name in limits}
broken = {name: side / name / "dags" / files.index[0] for name, files in held.items()}
broken["JSON factory"] = side / "JSON factory" / "catalog" / f"{own['JSON factory'][0].id}.json"
good = {name: file.read_text() for name, file in broken.items()}
for name, file in broken.items():
    file.write_text(f"{good[name]}this is neither Python nor JSON\n")
home = ParsingHome()
parsed = home.parse_cycle(side).files
for name, file in broken.items():
    file.write_text(good[name])

# %%
left = parsed.groupby(parsed.file.str.partition("/")[0]).dags.sum()
gone = {name: len(own[name]) - int(left[name]) for name in own}
inside = {name: int(files.iloc[0]) for name, files in held.items()}
claim(
    "a broken file takes down its own DAGs and no others",
    all(gone[name] == inside[name] for name in limits),
    ", ".join(f"limit {limit}: {gone[name]}" for name, limit in limits.items()),
)
guess.beside(
    gone["10"],
    "A mistake takes down the DAGs of its own file; the limit is 10, and the fullest file holds fewer.",
)
claim("a broken configuration takes down every DAG of the JSON factory", gone["JSON factory"] == 120)

# %% [markdown]
# A broken configuration does not reach the frozen files: notebook 05 showed that the build rejects it, and changes no
# file.
#
# Now the everyday case: in each layout one configuration changes, and the build writes the files that differ.
#
# **Predict.** One DAG has changed, in a layout with at most 10 DAGs per file. How many DAGs does Airflow parse again?

# %%
once_more = predict("DAGs that Airflow parses again when one of them changes, with at most 10 DAGs per file")
once_more

# %% [markdown]
# **Measure.** The DAG processor is running while the files change. It returns to each file after
# `min_file_process_interval`, which is one hour here. So a file that is parsed sooner is parsed because it
# changed. First, Airflow parses the whole folder, which takes up to a minute.

# %%
changed = {
    name: [first.model_copy(update={"notify": "new-team@x.example"}), *rest]
    for name, (first, *rest) in own.items()
}
freeze(configs[0] for configs in changed.values())

# %%
written: dict[str, list[str]] = {}


def change_one_of_each() -> None:
    """In each layout one pipeline gets a different address to notify."""
    for name, limit in limits.items():
        written[name] = [f"{name}/dags/{file}" for file in lay_out(side / name, changed[name], limit).write]
    write_catalog(side / "JSON factory" / "catalog", changed["JSON factory"])


again = home.parsed_again(side, change_one_of_each)
home.close()

# %%
parsed_dags = {
    name: sum(int(held[name][Path(file).name]) for file in again if file.startswith(f"{name}/"))
    for name in limits
}
table(
    pd.DataFrame(
        {
            "DAGs per file, at most": list(own),
            "DAGs taken down by a mistake": list(gone.values()),
            "DAG files written for a change": [len(written.get(name, [])) for name in own],
            "DAGs parsed again for it": [parsed_dags.get(name, 0) for name in own],
        }
    )
)

# %%
once_more.beside(
    parsed_dags["10"], "Airflow parses whole files: the changed DAG, and all that share its file."
)
claim(
    "for one changed configuration the build writes one file, whatever the layout",
    all(len(files) == 1 for files in written.values()),
)
claim(
    "Airflow immediately parses the written files and no others, so it does not parse the factory",
    again == sorted(file for files in written.values() for file in files),
    f"{len(again)} files",
)

# %% [markdown]
# **Find the cause.** Airflow parses a file immediately when its modification time changes, and the build writes only
# files whose content changed. So for one change, Airflow parses every DAG of that file again. When something goes wrong
# with a file, such as a bad edit, a full disk or a failed merge, that takes down the same DAGs. Both are reasons for
# small files.
#
# For the JSON factory, a *JSON* file changed. Airflow does not watch that file, so the change waits until the next time
# Airflow parses the factory.
#
# This is what freezing gives you when the factory makes no calls: a task start builds one DAG, an invalid
# configuration never leaves the build, Airflow sees a change immediately, and reviewers see the DAG itself.
# Do not expect a shorter cycle. If you need none of this, keep the factory.

# %% [markdown]
# ## What a split would cost
#
# Your catalog grows, and one day a file holds more DAGs than you want. Why not split it then? Because Airflow cannot
# find a moved DAG until it looks for new files.
#
# **Predict.** You freeze forty DAGs, with at most 10 in a file. Then you add one more. How many of the forty move to
# another file?

# %%
guess = predict("DAGs, of forty, that move to another file when you add one")
guess

# %% [markdown]
# **Measure.** First, add one.

# %%
from workbook.lesson import run

grown = configurations(80, seed=606)
source, frozen = here / "source", here / "frozen"
dag_folder(source, "from_json", grown[:40])
FREEZE = "python -m dagfreeze dynamic/from_json.py --bundle . --out ../frozen --dags-per-file 10"
_ = run(FREEZE, source, last=2)
home = ParsingHome()


def add_one() -> None:
    """Add one pipeline to the catalog, and build."""
    write_catalog(source / "catalog", grown[40:41])
    run(FREEZE, source, last=1)


# %%
before = places(frozen)
again = home.parsed_again(frozen, add_one)
after = places(frozen)
moved = sum(before[dag_id] != after[dag_id] for dag_id in before)
guess.beside(moved, "A DAG's file depends on its id alone; the other DAGs do not matter.")
claim("no DAG moves when one is added", moved == 0)
claim("the build writes one file, and Airflow parses that file again", again == [after[grown[40].id]])

# %% [markdown]
# Now double the number of DAGs.

# %%
write_catalog(source / "catalog", grown[41:])
_ = run(FREEZE, source, last=2)
crowded = places(frozen)
claim("no DAG moves when the number of DAGs doubles", after == {dag_id: crowded[dag_id] for dag_id in after})
home.parse_cycle(frozen)
home.begin_runs(crowded)

# %% [markdown]
# No DAG moves, so the files get fuller. The build tells you when they hold more than you asked for, and
# leaves the decision to you. (Here that line is among those that the `…` in the output replaces.) By now
# each of these DAGs has had a run, like yours in production.
#
# **Predict.** Now you split the files, with `--reshard`: again at most 10 DAGs in a file. How many of the eighty DAGs
# move to another file?

# %%
movers = predict("DAGs, of eighty, that move to another file when you split the files")
movers

# %% [markdown]
# **Change one thing and measure again.** The DAG processor watches the files that it knows, and looks for new
# ones only once per `refresh_interval`, 300 seconds by default. The next cell shows what happens in the
# meantime.

# %%
again = home.parsed_again(frozen, lambda: run(f"{FREEZE} --reshard", source, last=2), look=False)
split = places(frozen)
moved = [dag_id for dag_id in split if split[dag_id] != crowded[dag_id]]
looked_for = dict(home.dags().set_index("dag_id").file)
lost = {dag_id: file for dag_id, file in looked_for.items() if file != split[str(dag_id)]}
starts = task_starts([(frozen / str(file), str(dag_id)) for dag_id, file in lost.items()], rounds=1)
movers.beside(len(moved), "Most ids lead to another file when there are more files.")
print(f"{len(moved)} DAGs moved; Airflow parsed {len(again)} of {len(set(split.values()))} files again")

# %%
claim("Airflow looks for each moved DAG in a file that no longer holds it", set(lost) == set(moved))
claim("a task start of a moved DAG finds no DAG in that file", len(starts) > 0 and starts.dags.sum() == 0)

# %% [markdown]
# Airflow tries to start such a task a few more times, and then fails it. Now let Airflow look for new files:

# %%
cycle = home.parse_cycle(frozen)
home.close()
renewed = set(cycle.dags.dag_id[cycle.dags.versions == 2])
print(f"{cycle.active} DAGs can run; {len(renewed)} of them have a second version")
claim("afterwards every DAG can run again", cycle.active == 80)
claim("each moved DAG has a second version, and no other DAG has one", renewed == set(moved))

# %% [markdown]
# **Find the cause.** None of these DAGs changed. But a task start looks up the DAG's file in the database, which names
# the old file until Airflow finds the new one. And the file is part of what Airflow stores about a DAG, so the DAG gets
# a new version. Every moved DAG pays for the split: its history gets a version in which nothing changed, and
# any task that starts too early fails. A generator that sorts the DAGs by id and fills one file after another
# pays again each time someone adds a pipeline whose id sorts before others. That is why a DAG's file depends
# on the DAG's id alone, why most files are not full, and why only `--reshard` moves DAGs. After a
# `--reshard`, deploy when nothing is running.

# %% [markdown]
# exercise 06.2

# %% [markdown]
# exercise 06.3

# %% [markdown]
# ## A model of your machine
#
# **Optional:** nothing after this section needs it, and you can skip to the [two questions](#Two-questions).
#
# You have measured five layouts and want to predict the others. A cycle has only a few costs. Parsing costs
# time per file and per DAG, and the parsing processes share that work. Writing costs time per file, per DAG
# and per stored copy of a DAG's text (in a file of 10 DAGs, each DAG's text is stored 10 times, which makes
# 100 copies), and a single process does all of it. `fit_layouts` estimates these costs from your
# measurements.
#
# A model that only repeats what it was given proves nothing. So it is fitted to the layouts above and to one with a
# quarter of the pipelines, and then asked about layouts that it has never seen.
#
# **Predict.** By what percentage will it be off, on average?

# %%
guess = predict("the model's error on layouts that it has not seen", "%")
guess

# %% [markdown]
# **Measure.** You lay out and measure two more layouts, and measure one again with a single parsing process. That takes
# up to a minute.

# %%
from workbook.models.parse_costs import fit_layouts

few = len(pipelines) // 4
lay_out(here / "few", pipelines[:few], 10)
lay_out(here / "25", pipelines, 25)
costs = fit_layouts([*layouts.values(), measure(here / "few")])
unseen = {"at most 25 per file": measure(here / "25")}

# %%
from workbook.models.parse_costs import relative_error

unseen["at most 10 per file, one parsing process"] = measure(here / "10", processes=1)
expected = {
    name: costs.cycle_seconds(layout.sizes, processes=layout.processes) for name, layout in unseen.items()
}
errors = {name: relative_error(expected[name], layout.cycle) for name, layout in unseen.items()}
columns = {
    "layout that the model has not seen": list(unseen),
    "model, s": list(expected.values()),
    "measured, s": [layout.cycle for layout in unseen.values()],
    "error": list(errors.values()),
}
table(pd.DataFrame(columns), {"model, s": ".2f", "measured, s": ".2f", "error": ".0%"})

# %%
from statistics import mean

error = mean(errors.values())
guess.beside(
    100 * error,
    "It knows a few figures about your machine, and nothing about what else the machine is doing.",
)
ratios = [expected[name] / layout.cycle for name, layout in unseen.items()]
factor = mean(max(ratio, 1 / ratio) for ratio in ratios)
claim(
    "on layouts that it has not seen, the model is off by less than a factor of five",
    factor < 5,
    f"{factor:.2f}",
)

# %%
from workbook.charts import trade_off
from workbook.models.parse_costs import shard_sizes

curve = [shard_sizes(len(pipelines), limit) for limit in range(1, len(pipelines) + 1)]
trade_off(
    {largest[name]: layouts[name].cycle for name in names},
    lines,
    modelled={max(sizes): costs.cycle_seconds(sizes) for sizes in sorted(curve, key=max)},
    held_out={max(unseen["at most 25 per file"].sizes): unseen["at most 25 per file"].cycle},
    beside=("JSON factory", factory.cycle),
    title="One DAG per file at least doubles the cycle of at most 50; the guard keeps task starts quick",
    sentence=f"A cycle takes «{layouts['1'].cycle:.1f} s» with one DAG per file, «{layouts['50'].cycle:.1f} s» with at most "
    f"50, and «{factory.cycle:.1f} s» with the JSON factory. Without the guard, a task start from the file with all DAGs "
    f"takes «{dearer:.0f} times» as much CPU time as with it.",
)

# %% [markdown]
# Some of the error may come from the state of your machine: a warm laptop, a browser, an incoming email. Run
# the section again when nothing else is running, and the error usually gets smaller. Do not use the model for
# a machine on which you have not measured.

# %% [markdown]
# ### Choose
#
# Now give the model your own numbers: how many DAGs you have, how many may share a file, and how many parsing
# processes you give Airflow. The two dashed lines in the chart below are Airflow's defaults: 30 seconds for
# the parse interval (`min_file_process_interval`), and 50 seconds for the processor timeout. When a cycle
# is longer than the parse interval, the processor never catches up, and a change waits for its turn. When
# one file takes longer than the processor timeout, Airflow stops its parse, and its DAGs become stale: they
# cannot run.

# %%
from workbook.charts.layout_explorer import layout_explorer
from workbook.models.parse_costs import fit

start_costs = fit(zip(without.dags, without.seconds, strict=True))
explorer = layout_explorer(costs, start_costs)
explorer

# %% [markdown]
# Choose 5,000 DAGs. With how many DAGs per file does the processor keep up, if with any? Then add a call of
# 20 ms per DAG, and look for such a number again. Then switch off the guard, and watch the task start.

# %%
cycle_of = {limit: costs.cycle_seconds(shard_sizes(2000, limit)) for limit in (1, 50)}
ratio = cycle_of[1] / cycle_of[50]
claim(
    "for 2,000 DAGs the model predicts a cycle at least twice as long with one per file as with at most 50",
    ratio >= 2,
    f"{ratio:.1f} times",
)

# %% [markdown]
# Where the curve is flat, you do not have to be exact: choose the smallest number whose cycle you can afford.

# %% [markdown]
# questions 06

# %% [markdown]
# ## What to remember
#
# Each file costs Airflow a process and a turn at the database, so one DAG per file makes for a long cycle.
# For each DAG in a file Airflow stores the file's whole text, so all DAGs in one file make for a large database.
# Choose a number in between. With the guard, a task start builds one DAG, whatever the size of the file.
#
# No number fits everyone. Start with a few dozen DAGs per file; `dagfreeze` allows 50 unless you say otherwise, and
# fewer where a file would exceed 256 KiB. Leave room to grow, and do not move a DAG unless you must: Airflow
# loses track of it until it looks for new files.
#
# **On your own.** Measure a layout with four parsing processes: `measure(here / "10", processes=4).cycle`.
# Is that shorter than `layouts["10"].cycle`? How many cores does the machine have?
#
# [previous: Static generation](05_static_generation.ipynb) · [contents](../README.md) · [next: Out of slots](07_out_of_slots.ipynb)
