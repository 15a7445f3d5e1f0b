# %% [markdown]
# # DAGs per file
#
# Afterwards you can
# - say what a file costs Airflow, what a DAG costs, and what a file that is too large costs
# - choose the number of DAGs in a file from your own measurements
# - say how far you can trust the model that you choose by
#
# 15 minutes · nothing to do beforehand
#
# [previous: Static generation](05_static_generation.ipynb) · [contents](../README.md) · [next: Out of slots](07_out_of_slots.ipynb)
#
# <details><summary>Do you remember? Which three steps does static generation add before Airflow sees a file?</summary>
# Build, check, deploy. The build asks whom it has to ask, the check compares, and only what changed is deployed.
# </details>
#
# <details><summary>Do you remember? What does a factory that asks for the parsing context leave out?</summary>
# When a task starts, it leaves out every DAG but the task's own. The DAG processor still gets them all.
# </details>

# %%
from pathlib import Path
from statistics import mean

import pandas as pd

from workbook.catalog import configurations
from workbook.charts import trade_off
from workbook.costs import LayoutCosts, even_sizes, fit, fit_layouts, relative_error
from workbook.explorer import layout_explorer
from workbook.importing import task_starts
from workbook.layouts import Layout, lay_out, measure
from workbook.lessons import claim, predict, table
from workbook.parsing import ParsingHome
from workbook.workspace import lesson_folder, scale

here = lesson_folder("06")
size = scale()
pipelines = configurations(size.layouts, seed=6)
print(f"scale {size.name}: {len(pipelines)} pipelines")

# %% [markdown]
# ## From one per file to all in one
#
# The talk that this workbook follows cured its factory with one static file for each DAG, and got from a few dozen DAGs
# to more than 10,000. That was Airflow 2.5. You have a generator that puts as many DAGs into a file as you like; a file
# with several is called a **shard**. So you can ask again.
#
# **Predict.** Take the number of pipelines that the cell above printed. One file for each of them, or at most 50 in a
# file: how many times as long does a full cycle of the DAG processor take with one file for each?

# %%
guess = predict("a cycle with one DAG per file, in times of a cycle with 50 per file", "×")
guess

# %% [markdown]
# **Measure.** The same DAGs, laid out five times. Each layout is parsed twice, and the second time counts: from then on
# every cycle is like that one.

# %%
limits = {"1": 1, "10": 10, "50": 50, "100": 100, "all": len(pipelines)}
for name, limit in limits.items():
    lay_out(here / name, pipelines, limit)
layouts = {name: measure(here / name) for name in limits}


# %%
def figures(layout: Layout) -> dict[str, float]:
    """What the table shows of a layout."""
    return {
        "files": len(layout.sizes),
        "DAGs": layout.dags,
        "largest file": max(layout.sizes),
        "cycle, s": layout.cycle,
        "longest file, s": layout.longest,
        "text stored, MB": layout.code_bytes / 1e6,
    }


table(
    pd.DataFrame([{"DAGs per file": name, **figures(layout)} for name, layout in layouts.items()]),
    {"cycle, s": ".2f", "longest file, s": ".2f", "text stored, MB": ".1f"},
)

# %%
times = layouts["1"].cycle / layouts["50"].cycle
stored = layouts["all"].code_bytes / layouts["50"].code_bytes
print(f"your guess: {'none' if guess.value is None else f'«{guess.value:g}»'}; here: «{times:.1f}»")
claim("each layout defines every DAG", all(layout.dags == len(pipelines) for layout in layouts.values()))
claim(
    "a cycle with one DAG per file takes at least twice as long as one with 50 per file",
    times >= 2,
    f"{times:.1f} times",
)
claim(
    "all DAGs in one file make the database store at least twice the text of 50 per file",
    stored >= 2,
    f"{stored:.1f} times",
)

# %% [markdown]
# **Find the cause.** For each file Airflow forks a process, imports the file's modules, and hands the result to the one
# process that writes to the database. That costs the same for one DAG as for fifty. In the other direction it is the
# database that pays: Airflow stores the text of a file once *for each DAG in it*, to show it as the DAG's code. Twice the
# DAGs in one file are four times the text. With thousands of DAGs in a file that is gigabytes, and the cycle is slow
# again. So the number of DAGs in a file has an optimum, and neither end is it.

# %% [markdown]
# ## What a task pays
#
# The talk's cure had a second merit: a task that starts imports a file of one DAG. Is that lost when 50 DAGs share a
# file?
#
# **Predict.** A file of all DAGs takes how many milliseconds more at a task's start than a file of one?

# %%
guess = predict("milliseconds more at the start of a task, from a file with all DAGs", "ms")
guess

# %% [markdown]
# **Measure.** `task_starts` imports a file as the start of a task does, with Airflow naming the DAG that it wants. Once
# with the files as they are generated, and once after the guard was taken out of them: the line that asks for the
# parsing context.


# %%
def start_from(name: str, guarded: bool) -> tuple[Path, str]:
    """The largest file of a layout, its middle DAG wanted."""
    file = max((here / name / "dags").glob("*.py"), key=lambda path: path.stat().st_size)
    wanted = [line.split('"')[1] for line in file.read_text().splitlines() if line.startswith("if WANTED")]
    if not guarded:
        text = file.read_text().replace("get_parsing_context().dag_id", "None")
        file = here / f"{name}_without_guard.py"
        file.write_text(text)
    return file, wanted[len(wanted) // 2]


names = list(limits)
starts = task_starts([start_from(name, guarded) for guarded in (True, False) for name in names])
with_guard, without = (part.set_axis(names) for part in (starts[: len(names)], starts[len(names) :]))
table(
    pd.DataFrame(
        {
            "DAGs per file": names,
            "DAGs made, with guard": with_guard.dags,
            "without": without.dags,
            "ms of CPU, with guard": 1000 * with_guard.seconds,
            "ms, without": 1000 * without.seconds,
        }
    ),
    {"ms of CPU, with guard": ".1f", "ms, without": ".1f"},
)

# %%
claim("with the guard, the start of a task makes one DAG, whatever the layout", (with_guard.dags == 1).all())
claim("without it, the start of a task makes every DAG of the file", without.dags["all"] == len(pipelines))
dearer = without.seconds["all"] / with_guard.seconds["all"]
claim(
    "from the file with all DAGs, a start without the guard takes at least three times the CPU",
    dearer >= 3,
    f"{dearer:.0f} times",
)

# %% [markdown]
# **Find the cause.** Python still reads the whole file, but from its compiled form, and skips every block that is not
# wanted. So a guarded file has both: the short cycle of a large file, and nearly the start of a small one.

# %% [markdown]
# ## What breaks together, what changes together
#
# **Predict.** Somebody edits a generated file by hand, and makes a mistake. At most 10 DAGs are in a file. How many
# DAGs are gone?

# %%
guess = predict("DAGs that are gone when one file of at most 10 is broken")
guess

# %% [markdown]
# **Measure.** For each layout pipelines of its own, all in one DAG folder: 120, or 20 where each gets a file. Then one
# file of each layout is broken, the largest, and Airflow parses the folder.

# %%
side = here / "side by side"
others = iter(configurations(600, seed=66))
own = {name: [next(others) for _ in range(20 if limit == 1 else 120)] for name, limit in limits.items()}
for name, limit in limits.items():
    lay_out(side / name, own[name], limit)


def dags_in(file: Path) -> int:
    """How many DAGs a generated file defines."""
    return file.read_text().count("if WANTED in")


# %%
largest = {name: max((side / name / "dags").glob("*.py"), key=dags_in) for name in limits}
good = {name: file.read_text() for name, file in largest.items()}
for name, file in largest.items():
    file.write_text(f"{good[name]}this is no Python\n")
home = ParsingHome()
parsed = home.parse_cycle(side).files
for name, file in largest.items():
    file.write_text(good[name])

inside = {name: dags_in(file) for name, file in largest.items()}
left = parsed.groupby(parsed.file.str.partition("/")[0]).dags.sum()
gone = {name: len(own[name]) - int(left[name]) for name in limits}
claim(
    "a broken file takes its own DAGs away and no others",
    gone == inside,
    ", ".join(f"{name} per file: {number}" for name, number in gone.items()),
)

# %% [markdown]
# Then the everyday case: in each layout, one configuration changes, and the generator writes what has to be written.
# Meanwhile the DAG processor runs. It comes back to every file after `min_file_process_interval`, which is an hour here
# so that you see what it does at once.

# %%
written: dict[str, list[str]] = {}


def change_one_of_each() -> None:
    """In each layout, a pipeline gets another owner, and the generator runs."""
    for name, limit in limits.items():
        first, *rest = own[name]
        changed = [first.model_copy(update={"notify": "new-team@x.example"}), *rest]
        written[name] = [f"{name}/dags/{file}" for file in lay_out(side / name, changed, limit).write]


again = home.parsed_again(side, change_one_of_each)
home.close()
table(
    pd.DataFrame(
        {
            "DAGs per file": list(limits),
            "DAGs gone with a broken file": list(gone.values()),
            "files written for a change": [len(files) for files in written.values()],
            "DAGs parsed again for it": [
                sum(dags_in(side / file) for file in again if file.startswith(f"{name}/")) for name in limits
            ],
        }
    )
)

# %%
claim(
    "one changed configuration writes one file, whatever the layout",
    all(len(files) == 1 for files in written.values()),
)
claim(
    "Airflow parses the files that were written again at once, and no others",
    again == sorted(file for files in written.values() for file in files),
    f"{len(again)} files",
)

# %% [markdown]
# **Find the cause.** Airflow parses a file at once when its time of modification has changed, and the generator writes only
# files whose content has. So the number of DAGs in a file is the number that Airflow parses again for one change. And it is
# the number of DAGs that share a mishap: a bad edit, a full disk, a merge that went wrong. Both ask for small files.

# %% [markdown]
# ## A model of your machine
#
# You have measured five layouts and want to know about all others. A cycle has few parts: what parsing costs per file and per DAG,
# shared by the processes that parse; and what writing costs per file, per DAG and per stored text, done by one process
# alone. `fit_layouts` finds these costs from your measurements.
#
# A model that only repeats what it was given proves nothing. So it gets the layouts above and a small one, and then it is
# asked about layouts that it has never seen.
#
# **Predict.** By how many percent will it be wrong there?

# %%
guess = predict("the model's error on layouts that it has not seen", "%")
guess

# %% [markdown]
# **Measure.**

# %%
few = len(pipelines) // 4
lay_out(here / "few", pipelines[:few], 10)
costs = fit_layouts([*layouts.values(), measure(here / "few")])

lay_out(here / "25", pipelines, 25)
unseen = {
    "25 per file": measure(here / "25"),
    "10 per file, one parsing process": measure(here / "10", processes=1),
}
expected = {
    name: costs.cycle_seconds(layout.sizes, processes=layout.processes) for name, layout in unseen.items()
}
errors = {name: relative_error(expected[name], layout.cycle) for name, layout in unseen.items()}
table(
    pd.DataFrame(
        {
            "layout that the model has not seen": list(unseen),
            "model, s": list(expected.values()),
            "measured, s": [layout.cycle for layout in unseen.values()],
            "error": list(errors.values()),
        }
    ),
    {"model, s": ".2f", "measured, s": ".2f", "error": ".0%"},
)

# %%
error = mean(errors.values())
print(
    f"your guess: {'none' if guess.value is None else f'«{guess.value:g} %»'}; mean error here: «{error:.0%}»"
)
factor = mean(
    max(expected[name] / layout.cycle, layout.cycle / expected[name]) for name, layout in unseen.items()
)
claim(
    "on layouts that it has not seen, the model is wrong by less than a factor of three",
    factor < 3,
    f"{factor:.2f}",
)

# %%
at = sorted({max(even_sizes(len(pipelines), limit)) for limit in range(1, len(pipelines) + 1)})
trade_off(
    {max(layouts[name].sizes): layouts[name].cycle for name in names},
    {
        f"a task's start, {what} guard": dict(
            zip([max(layouts[name].sizes) for name in names], part.seconds, strict=True)
        )
        for what, part in {"without": without, "with": with_guard}.items()
    },
    modelled={n: costs.cycle_seconds(even_sizes(len(pipelines), n)) for n in at},
    held_out={max(unseen["25 per file"].sizes): unseen["25 per file"].cycle},
    title="Larger files shorten the cycle; the guard keeps tasks quick",
    sentence=f"One DAG per file makes a cycle of «{layouts['1'].cycle:.1f} s», 50 per file «{layouts['50'].cycle:.1f} s». "
    f"Without the guard, a task from the file with all DAGs pays «{dearer:.0f} times» as much at its start.",
)

# %% [markdown]
# The error is what your machine does beside: a laptop that is warm, a browser, a mail that arrives. Run the section again
# when nothing else runs, and it gets smaller. Do not ask the model about a machine that it was not measured on.

# %% [markdown]
# ## Choose
#
# Now set it to your own numbers: how many DAGs you have, how many may share a file, how many parsing processes you give to
# Airflow. The two lines are Airflow's. When a cycle is longer than the parse interval, the processor is never done, and a
# change waits for its turn. When one file takes longer than the processor timeout, its DAGs are gone.

# %%
start_costs = fit(zip(without.dags, without.seconds, strict=True))
explorer = layout_explorer(costs, start_costs)
explorer

# %% [markdown]
# Set 5,000 DAGs. From which number in a file on is the processor done in time? Then let the DAG files call somebody,
# 20 ms for each DAG, and look for that number again. Then take the guard away.


# %%
def cycle_of(costs: LayoutCosts, dags: int, dags_per_file: int) -> float:
    """The model's cycle."""
    return costs.cycle_seconds(even_sizes(dags, dags_per_file))


ratio = cycle_of(costs, 2000, 1) / cycle_of(costs, 2000, 50)
claim(
    "for 2,000 DAGs the model says at least twice the cycle for one per file than for 50 per file",
    ratio >= 2,
    f"{ratio:.1f} times",
)

# %% [markdown]
# There is no number for everybody. But the curve is flat in its middle, so you need not be exact: choose the smallest
# number whose cycle you can afford. The generator of this workbook takes 50 unless you say otherwise, and starts a new
# file earlier when one grows beyond its limit in bytes.

# %% [markdown]
# ## What to take with you
#
# Each file costs Airflow a process and a turn at the database, so one DAG per file makes the longest cycle; each DAG in
# a file stores the file's whole text, so all in one makes the largest database. With the guard a task does not care how
# large its file is. In between lies a wide, flat valley: take a few dozen DAGs per file, and look at your own curve before
# you take more.
#
# **On your own.** Measure a layout with `processes=4`. Does the cycle get shorter on your machine? What does the model
# expect, and how many cores do you have?
#
# [previous: Static generation](05_static_generation.ipynb) · [contents](../README.md) · [next: Out of slots](07_out_of_slots.ipynb)
