# %% [markdown]
# # Airflow in ten minutes
#
# By the end you can explain these words, because you have used one of each: DAG, task, operator, sensor, hook,
# connection. You can also say what Airflow's parts do: DAG processor, scheduler, executor, worker, triggerer, API
# server.
#
# {minutes}
#
# [previous: Start here](00_start_here.ipynb) · [contents](../README.md) · [next: The DAG factory](02_the_dag_factory.ipynb)
#
# <details><summary>Do you remember? A notebook has started Airflow. When does it stop?</summary>
# A few seconds after the end of the last kernel that uses it.
# </details>
#
# <details><summary>Do you remember? Which numbers in a lesson are the same on every machine?</summary>
# At the same scale, all but those between « and »: these were measured, and may differ from run to run.
# </details>

# %% [markdown]
# ## The parts
#
# Airflow runs **DAGs** (directed acyclic graphs): tasks in an order without loops, written in Python.
# Airflow's own user interface (UI) writes *Dag*; this workbook writes DAG. Several components, here called
# parts, share the work.
#
# ![The parts of Airflow 3. The DAG processor parses the DAG files again and again and writes serialized DAGs to the metadata database. The scheduler decides what runs and, through its executor, starts tasks on the workers. A worker imports the DAG file of its task and speaks only to the execution API of the API server, never to the database. The triggerer waits on behalf of many tasks. You use the API server's UI and REST API. DAG processor, scheduler, triggerer and API server talk to the database.](../images/architecture.svg)
#
# - The **DAG processor** parses every DAG file, again and again: it imports the file and writes the DAGs that it finds
#   to the **metadata database**.
# - The **scheduler** reads the database, decides which task may run, and hands it to the executor.
# - The **executor**, a part of the scheduler, hands the task to a worker that has a free slot.
# - A **worker** imports the file of the task's DAG and runs the task. A task holds one **worker slot** while it runs,
#   and a slot has room for one task. Here there are four worker slots, all on this machine.
# - The **triggerer** waits for many things at the same time, on behalf of tasks that need no slot while they wait.
# - The **API server** serves the UI and the REST API, and is the only part that a running task talks to.
#
# Except for writing files, the cells of this notebook do everything through the REST API. You can do the same
# by hand in the UI.

# %%
import json
import time

from airflow_client.client import ConnectionApi, XComApi
from airflow_client.client.models import ConnectionBody

from workbook import stack
from workbook.lesson import claim, predict, show, table
from workbook.workspace import DAGS, lesson_folder

here = lesson_folder("01")
airflow = stack.start()

# %% [markdown]
# ## One of each
#
# This DAG has three tasks. Two of them wait, and one works.

# %%
show("dags/first/one_of_each.py")

# %% [markdown]
# A **connection** stores, under a name, how to reach something outside Airflow, so that no DAG has to know. The next
# cell makes one that points to a folder. Afterwards you can see it in the UI, under Admin → Connections.

# %%
deliveries = here / "deliveries"
deliveries.mkdir()
connections = ConnectionApi(airflow.client)
if "deliveries" in [known.connection_id for known in connections.get_connections(limit=1000).connections]:
    connections.delete_connection("deliveries")
made = connections.post_connection(
    ConnectionBody(connection_id="deliveries", conn_type="fs", extra=f'{{"path": "{deliveries}"}}')
)
print(made.connection_id, made.conn_type)

# %% [markdown]
# Now put the file into Airflow's DAG folder. The **DAG processor** parses it, and Airflow knows the DAG.

# %%
airflow.publish(here.name, DAGS / "first")

# %% [markdown]
# ## The sensor
#
# **Predict.** You are about to start a run. Its first task waits for a delivery, the file `orders.csv`, which has not
# arrived. How many of the three tasks finish before it arrives?

# %%
guess = predict("tasks, out of three, that finish before the delivery arrives")
guess

# %% [markdown]
# **Measure.** The **scheduler** starts the first task in a worker slot. The task looks for the file every second.

# %%
run = airflow.run("one_of_each")
run.wait_until("running", 1)
print("the sensor is", run.tasks().state[0])
guess.beside(
    int((run.tasks().state == "success").sum()),
    "A sensor finishes only when what it waits for is there, and the tasks after it wait for the sensor.",
)

# %% [markdown]
# The sensor is running, and would keep running for hours. Now act as the partner who delivers the file:

# %%
(deliveries / "orders.csv").write_text("order,amount\n1,10\n2,20\n3,30\n")
delivered = time.time()
run.wait_until("success", 1)
tasks = run.tasks().set_index("task_id")
ended = tasks.end["wait_for_delivery"].timestamp()
claim(
    "the sensor held a worker slot until the delivery arrived",
    ended > delivered,
    f"it finished {ended - delivered:.1f} s later",
)

# %% [markdown]
# ## The triggerer
#
# The second sensor waits for an approval. It is *deferrable*: it hands the check to the **triggerer** and gives its
# slot back.
#
# **Predict.** While it waits, how many worker slots does the run hold? The first sensor held one.

# %%
guess = predict("worker slots that the run holds while the second sensor waits")
guess

# %%
run.wait_until("deferred", 1)

# %%
states = run.tasks().set_index("task_id").state
guess.beside(
    int((states == "running").sum()), "Only a running task holds a slot; this one is in the triggerer."
)
state = states["wait_for_approval"]
print("the second sensor is", state)
claim("the second sensor waits without a worker slot", state == "deferred")

# %% [markdown]
# Approve the delivery, and the triggerer notices. The task returns to a slot to finish.

# %%
(deliveries / "approved").touch()
print("the run is a", run.wait().state[0])

# %% [markdown]
# ## The hook
#
# A task comes from an **operator**. A sensor is an operator that waits. The operator of the
# last task does something and finishes. The decorator `@task` turns a Python function into
# an operator; Airflow calls this style *TaskFlow*. The task's **hook** looks up the connection `deliveries` and finds
# the folder. Airflow stores the task's return value as an **XCom**, so that other tasks can read it.

# %%
returned = XComApi(airflow.client).get_xcom_entry(
    "one_of_each", "count_orders", run[0].run_id, "return_value"
)
orders = json.loads(returned.to_json())["value"]
claim("the task found the delivery through the connection and counted its 3 orders", orders == 3, f"{orders}")

# %%
tasks = run.tasks()
table(tasks[["task_id", "operator", "state", "duration"]], {"duration": ".2f"})

# %% [markdown]
# Each row is a **task instance**: one task in one **DAG run**. Its duration is the time from start to end. The first
# sensor held a slot for all of that time; the second held none while it was deferred. Look at the same run in the UI:
# Dags → one_of_each → the newest run.

# %%
airflow.unpublish(here.name)

# %% [markdown]
# questions 01

# %% [markdown]
# ## What to remember
#
# The DAG processor turns files into DAGs, the scheduler turns DAGs into task instances, and each task instance holds a
# worker slot while it runs. A sensor that waits in a worker slot holds that slot; one that waits in the
# triggerer holds none. Notebooks 02 to 06 are about the DAG processor, 07 and 08 about slots.
#
# **On your own.** The last code cell removed the DAG. Run `(deliveries / "orders.csv").unlink()` in a new cell, then
# the cell with `airflow.publish` again. Trigger the DAG in the UI, and read the log of `wait_for_delivery`. What does
# the sensor write every second?
#
# [previous: Start here](00_start_here.ipynb) · [contents](../README.md) · [next: The DAG factory](02_the_dag_factory.ipynb)
