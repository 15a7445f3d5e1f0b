# %% [markdown]
# # The DAG factory
#
# By the end you can
# - write a DAG factory, and say why people love it
# - use Airflow's own DAG processor to see which DAGs your factory defines
# - name its first drawback: all DAGs in a file share one fate
#
# {minutes}
#
# [previous: Airflow in ten minutes](01_airflow_in_ten_minutes.ipynb) · [contents](../README.md) · [next: Too big](03_too_big.ipynb)
#
# <details><summary>Do you remember? Which part of Airflow turns a file into DAGs?</summary>
# The DAG processor. It parses the file, again and again.
# </details>
#
# <details><summary>Do you remember? What is a task instance?</summary>
# One task in one run of its DAG.
# </details>

# %%
import json

import pandas as pd

from pipelines.blueprint import build
from pipelines.config import ConfigError, read_catalog
from workbook.catalog import configurations, write_catalog
from workbook.exercises import check, hint, solution
from workbook.lesson import claim, predict, show, table
from workbook.measure import ParsingHome
from workbook.workspace import lesson_folder

here = lesson_folder("02")

# %% [markdown]
# ## Ten similar pipelines
#
# A team loads files from ten partners, with a pipeline for each. The pipelines all do the same thing: check
# whether there is something to load, load it in a few steps, and finish. What differs fits in a small file:

# %%
show("dags/catalog/friedman_smith_payments_apac.json")

# %% [markdown]
# What they share is written once. `build` turns a configuration into a DAG. Look at its last lines: a
# pipeline of kind `full` runs its steps in parallel; an `incremental` one runs them one after another.

# %%
show("dags/pipelines/blueprint.py")

# %% [markdown]
# The next cell writes ten configurations like the one above, and builds the DAG of the first.

# %%
folder = here / "dags"
write_catalog(folder / "catalog", configurations(10))
first = read_catalog(folder / "catalog")[0]
dag = build(first)
print(dag.dag_id, "·", first.kind, "·", ", ".join(dag.task_ids))

# %% [markdown]
# exercise 02.1

# %% [markdown]
# ## The factory
#
# Airflow collects the DAGs that a Python file builds while it is imported. A file that loops over configurations and
# builds a DAG from each is a **DAG factory**. The next cell writes the whole factory.
#
# The factory's last line gives each DAG a global name. Here that is only a convention: Airflow does look at
# the global names of a file, but it also collects every DAG from a `with DAG(...)` block, and `build` has
# such a block.
#
# `ParsingHome` is Airflow's DAG processor with a database but without the other parts of Airflow. That is
# enough to see what Airflow finds in a folder. These DAGs do not appear in the Airflow that you opened in
# notebook 00. The line that counts seconds includes the start of the DAG processor; `seconds` in the table is
# what the processor itself measured for the file.

# %%
factory = folder / "factory.py"
factory.write_text("""
# Airflow parses a Python file only if it contains the words dag and airflow.
from pathlib import Path

from pipelines.blueprint import build
from pipelines.config import read_catalog

for config in read_catalog(Path(__file__).parent / "catalog"):
    globals()[config.id] = build(config)
""")
home = ParsingHome()
ten = home.parse_cycle(folder)
table(ten.files, {"seconds": ".2f"})

# %%
claim(
    "ten configurations make ten DAGs in one file",
    ten.active == 10 and len(ten.files) == 1,
    f"{ten.active}",
)

# %% [markdown]
# ## Why people love it
#
# **Predict.** Two more partners join. You add two configurations and change no code. How many DAGs does Airflow have
# after the next parse?

# %%
guess = predict("DAGs after two more configurations")
guess

# %% [markdown]
# **Measure.** The next cell writes two more configurations, and Airflow parses the folder again.

# %%
before = factory.read_text()
write_catalog(folder / "catalog", configurations(12))
twelve = home.parse_cycle(folder)
guess.beside(twelve.active, "The loop makes one DAG for each configuration, and there were ten already.")
claim("two more configurations make two more DAGs", twelve.active == 12, f"{twelve.active}")
claim("no line of code has changed", factory.read_text() == before)

# %% [markdown]
# exercise 02.2

# %% [markdown]
# A change to every pipeline takes one line of code. Here every pipeline gets a new owner (`model_copy` copies
# a configuration and replaces some of its values):

# %%
factory.write_text(
    before.replace("build(config)", 'build(config.model_copy(update={"notify": "new-team@x.example"}))')
)
owned = home.parse_cycle(folder)
print(f"{owned.active} DAGs, parsed again after one changed line")

# %% [markdown]
# So far you have only counted the DAGs. To look inside them, import the file here, into Airflow's `DagBag`:

# %%
from airflow.dag_processing.dagbag import DagBag

dags = DagBag(folder, safe_mode=False).dags.values()
owners = {dag.owner for dag in dags}
claim(
    "one changed line changes every DAG",
    len(dags) == twelve.active and owners == {"new-team@x.example"},
    f"{len(dags)} DAGs",
)

# %% [markdown]
# The shape of all pipelines is in one place, where it is reviewed and tested once, and each pipeline is a
# small data file. For ten pipelines, and for a hundred, this is a good idea. Notebook 05 keeps the loop, and
# changes *when* it runs.

# %% [markdown]
# exercise 02.3

# %% [markdown]
# ## One fate
#
# **Predict.** Someone edits a configuration by hand, writes the number of steps as a word, and deletes the destination.
# Of the twelve pipelines, how many can still run after the next parse?

# %%
guess = predict("DAGs, out of twelve, that can run when one configuration is wrong")
guess

# %% [markdown]
# **Measure.** The next cell makes these two mistakes in the first configuration, and Airflow parses the
# folder again.

# %%
wrong = sorted((folder / "catalog").glob("*.json"))[0]
right = wrong.read_text()
wrong.write_text(json.dumps({**json.loads(right), "steps": "three", "destination": ""}))
broken = home.parse_cycle(folder)
pd.Series(
    {"DAGs that can run": broken.active, "import errors": len(broken.import_errors)}, name="here"
).to_frame()

# %%
guess.beside(broken.active, "The catalog is read before the loop begins, so no DAG is built.")
claim("one invalid configuration takes down every DAG of the factory", broken.active == 0)

# %% [markdown]
# **Find the cause.** The import stops at the error, and Airflow takes either all the DAGs of a file or none.
# At least the message helps: it names the configuration file and lists all its problems.

# %%
try:
    read_catalog(folder / "catalog")
except ConfigError as error:
    print(str(error).replace(str(folder), "…"))

# %% [markdown]
# **Change one thing and measure again.** Fix the file, and the DAGs come back with the next parse.

# %%
wrong.write_text(right)
mended = home.parse_cycle(folder)
claim(
    "the next parse after the fix brings every DAG back",
    mended.active == twelve.active,
    f"{mended.active}",
)
home.close()

# %% [markdown]
# questions 02

# %% [markdown]
# ## What to remember
#
# A DAG factory builds many DAGs in one file: a new pipeline is a new configuration, and a change to all
# pipelines takes one line. Its DAGs share one import, so they share one fate: one invalid configuration took
# down all twelve. You have seen the factory at a size that suits it; the next notebook makes it larger.
#
# **On your own.** Make the factory skip an invalid configuration. Which DAG is missing then, and who finds
# out? Run `home = ParsingHome()` first, because the last cell above has closed it.
#
# [previous: Airflow in ten minutes](01_airflow_in_ten_minutes.ipynb) · [contents](../README.md) · [next: Too big](03_too_big.ipynb)
