# %% [markdown]
# # The DAG factory
#
# Afterwards you can
# - write a DAG factory, and say why people love it
# - see what your factory defines, through Airflow's own DAG processor
# - name the first price of it: all DAGs of a file share one fate
#
# 15 minutes · nothing to do beforehand
#
# [previous: Airflow in ten minutes](01_airflow_in_ten_minutes.ipynb) · [contents](../README.md) · [next: Too big](03_too_big.ipynb)
#
# <details><summary>Do you remember? Which part of Airflow turns a file into DAGs?</summary>
# The DAG processor. It imports the file, and does so again and again.
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
from workbook.lesson import claim, predict, show, table
from workbook.measure import ParsingHome
from workbook.workspace import lesson_folder

here = lesson_folder("02")

# %% [markdown]
# ## Ten pipelines that are alike
#
# A team loads files from its partners. Ten partners, ten pipelines, and all of them do the same: look whether there is
# something to load, load it in some steps, end. What differs fits into a small file:

# %%
show("dags/catalog/friedman_smith_payments_apac.json")

# %% [markdown]
# What is alike is written once. `build` takes a configuration and makes its DAG. Look at the last lines: a pipeline of
# kind `full` runs its steps side by side, an `incremental` one runs them one after the other.

# %%
show("dags/pipelines/blueprint.py")

# %%
folder = here / "dags"
write_catalog(folder / "catalog", configurations(10))
first = read_catalog(folder / "catalog")[0]
dag = build(first)
print(dag.dag_id, "·", first.kind, "·", ", ".join(dag.task_ids))

# %% [markdown]
# ## The factory
#
# Airflow looks for DAGs in the global names of a Python file. So a file that loops over the configurations, and puts
# every DAG under a name of its own, is a **DAG factory**. This is all of it:

# %%
factory = folder / "factory.py"
factory.write_text("""
# Airflow looks into a Python file only when it finds the words dag and airflow in it.
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
    "ten configurations make ten DAGs out of one file",
    ten.active == 10 and len(ten.files) == 1,
    f"{ten.active}",
)

# %% [markdown]
# ## Why people love it
#
# **Predict.** Two more partners. You add two configurations and change no code. How many DAGs has Airflow after the
# next parse?

# %%
guess = predict("DAGs after two more configurations")
guess

# %% [markdown]
# **Measure.**

# %%
before = factory.read_text()
write_catalog(folder / "catalog", configurations(12))
twelve = home.parse_cycle(folder)
claim("two more files of data are two more DAGs", twelve.active == 12, f"{twelve.active}")
claim("and no line of code has changed", factory.read_text() == before)

# %% [markdown]
# And when all of them have to change, it is one line again. Here every pipeline becomes the property of a new team:

# %%
factory.write_text(
    before.replace("build(config)", 'build(config.model_copy(update={"notify": "new-team@x.example"}))')
)
owned = home.parse_cycle(folder)
versions = owned.dags.versions.sum()
print(f"{owned.active} DAGs, parsed again after one changed line")

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
# One shape in one place, data beside it, reviewed and tested once. For ten pipelines, and for a hundred, this is a good
# idea. It stays one: what changes in the next notebooks is *when* the loop runs, not that there is one.

# %% [markdown]
# ## One fate
#
# **Predict.** Somebody edits a configuration by hand and writes the number of steps as a word. There are twelve
# pipelines. How many of them can still run after the next parse?

# %%
guess = predict("DAGs of twelve that can run when one configuration is wrong")
guess

# %% [markdown]
# **Measure.**

# %%
wrong = sorted((folder / "catalog").glob("*.json"))[0]
right = wrong.read_text()
wrong.write_text(json.dumps({**json.loads(right), "steps": "three", "destination": ""}))
broken = home.parse_cycle(folder)
pd.DataFrame({"DAGs that can run": [broken.active], "import errors": [len(broken.import_errors)]})

# %%
claim("one configuration that is wrong takes every DAG of the factory away", broken.active == 0)

# %% [markdown]
# **Find the cause.** The loop stops where it fails, and a Python file is imported whole or not at all. At least the
# message helps: it names the file, and every problem in it at once.

# %%
try:
    read_catalog(folder / "catalog")
except ConfigError as error:
    print(str(error).replace(str(folder), "…"))

# %% [markdown]
# **Change one thing and measure again.** Put the file right, and the DAGs come back with the next parse.

# %%
wrong.write_text(right)
mended = home.parse_cycle(folder)
claim(
    "the next parse after the repair brings all of them back",
    mended.active == twelve.active,
    f"{mended.active}",
)
home.close()

# %% [markdown]
# ## What to take with you
#
# A DAG factory makes many DAGs out of one file: a new pipeline is a new configuration, and a change for all is one
# line. Its DAGs share one import, so they share one fate: one configuration that was wrong took all twelve away. You
# have seen the factory at its best size; the next notebook turns the number up.
#
# **On your own.** Make the loop of the factory skip a configuration that is wrong. Which DAG is missing then, and who
# is told?
#
# [previous: Airflow in ten minutes](01_airflow_in_ten_minutes.ipynb) · [contents](../README.md) · [next: Too big](03_too_big.ipynb)
