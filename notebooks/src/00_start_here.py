# %% [markdown]
# # Start here
#
# By the end you can
# - run the workbook, and say what each kind of cell asks of you
# - start your own Airflow, open it, and say when it stops
# - name the two questions that this workbook answers
#
# {minutes}
#
# [contents](../README.md) · [next: Airflow in ten minutes](01_airflow_in_ten_minutes.ipynb)
#
# Run a cell with **Shift+Enter**. Read the text above the cell, run the cell, then read its output.
#
# <details><summary>Questions look like this. Answer first, then click to show the answer.</summary>
# There is nothing to remember yet. Each later notebook begins with two questions about earlier ones.
# </details>

# %% [markdown]
# ## This machine
#
# Everything runs on this machine: you need no account, no Docker and no outside service. The lessons measure
# *your* machine. In JupyterLab you work in a copy of the notebooks, which has no outputs until you run its
# cells. The outputs that you see elsewhere, such as on GitHub, are from another machine, and from the `ci` scale
# (explained below), with fewer pipelines and jobs. Anything between « and » was measured, and may differ from
# run to run. At the same scale, all other numbers are the same on every machine.

# %%
import time

import airflow as airflow_package
import httpx
import pandas as pd

from workbook import stack
from workbook.lesson import claim, machine_check, predict, run, table
from workbook.workspace import ROOT

check = machine_check(memory_gb=2)
table(check, {"here": ""})

# %% [markdown]
# A **claim** is a sentence that the workbook checks on your machine. It prints whether the sentence is true, often with
# the measured value. If the sentence is false, the workbook tells you what to do.

# %%
claim("this machine has what the workbook needs", check.enough.all())

# %% [markdown]
# The last row of the table shows the workbook's only setting, its *scale*. `laptop` is for learning. `stage` is for
# presenting: it uses Airflow's default time limits, so it takes longer. `ci` is for the tests. Set the scale when you
# start the workbook: `WORKBOOK_SCALE=stage make lab`.

# %% [markdown]
# ## A guess before each measurement
#
# Before a lesson measures something, it asks what you expect. People who guess first tend to remember more.
# Your guesses stay on this machine, and you may leave the box empty.

# %%
guess = predict("seconds until a complete Airflow is up on this machine", "s")
guess

# %% [markdown]
# ## Your own Airflow
#
# `start` brings up a complete Airflow: API server, scheduler, DAG processor and triggerer. It usually takes 10 to 60
# seconds. If another notebook has already started one, this notebook connects to it.

# %%
begin = time.monotonic()
airflow = stack.start()
guess.beside(
    time.monotonic() - begin,
    "Four programs start, and each imports Airflow. If Airflow was already running, this notebook only connected "
    "to it.",
)

# %% [markdown]
# The API server reports on the health of the other three, and of the database that all of them share:

# %%
pd.Series(airflow.health(), name="health").to_frame()

# %%
answer = httpx.get(f"{airflow.url}/api/v2/version").json()
claim(
    "Airflow answers, and it is the version that the workbook installed",
    answer.get("version") == airflow_package.__version__,
)

# %% [markdown]
# Airflow needs no password, because it listens on this machine only. Open it in your browser:

# %%
print(f"« {airflow.url} »")  # JupyterLab would take a » right behind the address for a part of it

# %% [markdown]
# There is nothing to see yet. Leave the page open; the next notebook adds the first DAG.
#
# You do not have to stop Airflow. It runs as long as a notebook that uses it has a running kernel, and stops a few
# seconds after the last such kernel ends. You end a kernel with Kernel → Shut Down Kernel, and all of them with Ctrl-C
# in the terminal. Closing the browser does not stop anything.

# %% [markdown]
# ## What this workbook asks
#
# This workbook follows a talk: [Too Big for DAG Factories?](https://ep2023.europython.eu/session/too-big-for-dag-factories)
# by Calvin Hendryx-Parker, at EuroPython 2023. A team builds its pipelines in a loop, in one Python file: a DAG
# factory. It works well, and it grows. One day Airflow takes too long to read that file, and every pipeline in it is
# gone. Then people ask two questions:
#
# - Is Airflow the wrong tool?
# - Is Airflow too small for that many pipelines?
#
# What do you think? For each question, write yes or no on a piece of paper. Notebook 08 comes back to both,
# when you have measured enough to answer them.
#
# What makes code good? Python has an answer to that, and prints it when you ask:

# %%
_ = run("python -m this", ROOT)

# %% [markdown]
# You will meet four of these lines again. *Explicit*: a file says which DAGs it holds. *Simple*, and *flat*: a file
# that Airflow reads needs no loop and sends no requests. *Errors should never pass silently*: a wrong configuration is
# refused before Airflow sees it.

# %% [markdown]
# ## Exercises
#
# In an **exercise** you write code into the cell below its task, and run the cell. It tells you what your code
# does, also when that is not yet what the task asks for; change the code and run the cell again, as often as you
# like. When you are stuck, press Esc and then B for a new cell below, and run `hint("02.1")` in it, with the
# number of the exercise. Run it again for the next hint. The solution is folded in below each exercise.

# %% [markdown]
# ## When something goes wrong
#
# - **You see a message that you do not understand.** Look it up in [When something goes wrong](troubleshooting.md).
# - **A cell does not finish.** Press the square in the toolbar, then run the cell again.
# - **A word is new.** Look it up in the [glossary](glossary.md).
# - **A claim is false.** Run the notebook from the top: Kernel → Restart Kernel and Run All Cells.
# - **A page is in a state that you no longer understand.** You work in a copy, so nothing can break. Run
#   `make reset ARGS=02` in a terminal to get notebook 02 back as it was at first, or `make reset ARGS=02.1` to get
#   back that exercise only; then choose File → Reload Notebook from Disk.
# - **Nothing helps.** Stop the workbook with Ctrl-C in the terminal, and run `make reset` there. It removes
#   what the lessons created, and asks before it deletes your own work. Then start again with `make lab`.

# %% [markdown]
# questions 00

# %% [markdown]
# ## What to remember
#
# The workbook measures a real Airflow on your own machine, and checks every claim there. You guess, measure, find the
# cause, change one thing, and measure again. Airflow stops when the kernel of your last notebook ends.
#
# **On your own.** Run the cell with `stack.start()` again. How long does it take now, and why?
#
# [contents](../README.md) · [next: Airflow in ten minutes](01_airflow_in_ten_minutes.ipynb)
