# %% [markdown]
# # Start here
#
# Afterwards you can
# - run the workbook and know what its cells expect of you
# - start an Airflow of your own, open it, and know when it ends
#
# 5 minutes · nothing to do beforehand
#
# [contents](../README.md) · [next: Airflow in ten minutes](01_airflow_in_ten_minutes.ipynb)
#
# Each cell below runs with **Shift+Enter**. Read the sentence before it, run it, look at what it says.
#
# <details><summary>A question that folds out, like this one, is for you to answer first.</summary>
# There is nothing to remember yet. The next notebooks begin with two such questions about what came before.
# </details>

# %% [markdown]
# ## This machine
#
# Everything happens here: no account, no Docker, no other service. The lessons measure *your* machine, so their
# seconds differ from the ones that you see before you run a cell. Their counts do not.

# %%
import airflow as airflow_package
import httpx
import pandas as pd

from workbook import stack
from workbook.lesson import claim, machine_check, predict, table

check = machine_check(memory_gb=2)
table(check, {"here": ""})

# %% [markdown]
# A **claim** is a sentence that the workbook can prove on your machine. It prints whether it is true, with what was
# measured. If one is false, it says what to do.

# %%
claim("this machine has what the workbook needs", check.enough.all())

# %% [markdown]
# The last row is the one knob of the workbook, its *scale*. `laptop` is for learning. `stage` is for showing, with
# Airflow's own time limits and the patience that they need; `ci` is what the tests use. You set it before the start:
# `WORKBOOK_SCALE=stage make lab`.

# %% [markdown]
# ## A guess before each measurement
#
# Before a lesson measures, it asks what you expect. Who guesses first remembers more. Your guesses stay on this
# machine, and an empty one is fine.

# %%
guess = predict("seconds until a whole Airflow is up on this machine", "s")
guess

# %% [markdown]
# ## Your own Airflow
#
# `start` brings up a whole Airflow: API server, scheduler, DAG processor, triggerer. It takes 15 to 45 seconds. If
# another notebook has started it already, this one attaches to it.

# %%
airflow = stack.start()

# %%
pd.Series(airflow.health(), name="health").to_frame()

# %%
answer = httpx.get(f"{airflow.url}/api/v2/version").json()
claim(
    "Airflow answers, and it is the version that the lessons were written for",
    answer.get("version") == airflow_package.__version__,
)

# %% [markdown]
# Open it in your browser; it asks for no password, because it listens on this machine only:

# %%
print(f"«{airflow.url}»")

# %% [markdown]
# There is nothing to see yet. Leave the page open; the next notebook puts a first DAG into it.
#
# You need not stop Airflow. It stays as long as any notebook that uses it has a running kernel, and is gone seconds
# after the last one ends, however that happens: Kernel → Shut Down, closing JupyterLab, or Ctrl-C in the terminal.
# Closing the browser ends nothing.

# %% [markdown]
# ## When something goes wrong
#
# - **A cell does not end.** Press the square in the toolbar. Nothing is left half done.
# - **A word is new.** Each is explained where it first appears, and all of them in the [glossary](glossary.md).
# - **A claim is false.** Run the notebook from the top: Kernel → Restart Kernel and Run All Cells.
# - **Nothing helps.** `make reset` in the terminal removes what the lessons made, and asks before it touches your
#   guesses. `make lab` brings everything back.

# %% [markdown]
# ## What to take with you
#
# The workbook measures a real Airflow on your own machine, and every claim in it is checked there. You guess, measure,
# find the cause, change one thing, and measure again. Airflow ends with your last notebook.
#
# **On your own.** Run the cell with `stack.start()` once more. How long does it take now, and why?
#
# [contents](../README.md) · [next: Airflow in ten minutes](01_airflow_in_ten_minutes.ipynb)
