# %% [markdown]
# # Airflow in ten minutes
#
# Afterwards you can say what these words mean, having run one of each: DAG, task, operator, sensor, hook, connection;
# and what Airflow's parts do: DAG processor, scheduler, executor, triggerer, API server.
#
# 10 minutes · nothing to do beforehand
#
# [previous: Start here](00_start_here.ipynb) · [contents](../README.md) · [next: The DAG factory](02_the_dag_factory.ipynb)
#
# <details><summary>Do you remember? What ends the Airflow that a notebook has started?</summary>
# The end of the last kernel that uses it.
# </details>
#
# <details><summary>Do you remember? Which numbers of a lesson are the same on every machine?</summary>
# The counts. Seconds are your own machine's.
# </details>

# %% [markdown]
# ## The parts
#
# Airflow runs **DAGs**: tasks in an order without loops, written as Python. Five parts share the work.
#
# ![The parts of Airflow 3. The DAG processor parses the DAG files again and again and writes serialized DAGs to the metadata database. The scheduler decides what runs and, through its executor, starts tasks on the workers. A worker imports the DAG file of its task and speaks only to the execution API of the API server, never to the database. The triggerer waits on behalf of many tasks. You use the API server's UI and REST API. DAG processor, scheduler, triggerer and API server talk to the database.](../images/architecture.svg)
#
# - The **DAG processor** imports every DAG file, again and again, and writes what it finds to the database.
# - The **scheduler** reads the database, decides which task may run, and hands it to the executor.
# - The **executor** runs the task on a worker's slot. Here it has four of them, on this machine.
# - The **triggerer** waits for many things at once, for tasks that need no slot while they wait.
# - The **API server** shows the user interface, and is the only one that a running task talks to.

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
# This DAG has three tasks. Two of them wait, one works.

# %%
show("dags/first/one_of_each.py")

# %% [markdown]
# A **connection** says where something outside is, under a name, so that no DAG has to know. This one is a folder. You
# can see it in the user interface under Admin → Connections.

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
# Now the file goes into Airflow's DAG folder. The **DAG processor** imports it, and Airflow knows the DAG.

# %%
airflow.publish(here.name, DAGS / "first")

# %% [markdown]
# ## The sensor
#
# **Predict.** You start a run now. The delivery is not there yet. How many of the three tasks have ended after five
# seconds?

# %%
guess = predict("tasks of three that have ended while there is no delivery")
guess

# %% [markdown]
# **Measure.** The **scheduler** starts the first task on a worker's slot; it looks for the file every second.

# %%
run = airflow.trigger("one_of_each")


def wait_for_state(task_id: str, states: set[str], seconds: float = 30) -> str:
    """Wait until a task is in one of the states, or the time is over; the state it is in then."""
    end = time.monotonic() + seconds
    while True:
        tasks = airflow.task_instances("one_of_each", run).set_index("task_id").state
        state = str(tasks.get(task_id))
        if state in states or time.monotonic() > end:
            return state
        time.sleep(0.3)


print("the sensor is", wait_for_state("wait_for_delivery", {"running", "success"}))

# %% [markdown]
# It runs, and it would run for hours. Now you are the partner who delivers:

# %%
(deliveries / "orders.csv").write_text("order,amount\n1,10\n2,20\n3,30\n")
delivered = time.time()
_ = wait_for_state("wait_for_delivery", {"success"})
tasks = airflow.task_instances("one_of_each", run).set_index("task_id")
ended = tasks.end["wait_for_delivery"].timestamp()
claim(
    "the sensor held a worker's slot until the delivery was there",
    ended > delivered,
    f"{ended - delivered:.1f} s after it",
)

# %% [markdown]
# ## The triggerer
#
# The second sensor waits for an approval. It is *deferrable*: it hands its question to the **triggerer** and gives its
# slot back.

# %%
state = wait_for_state("wait_for_approval", {"deferred"})
print("the second sensor is", state)
claim("the second sensor waits without a worker's slot", state == "deferred")

# %% [markdown]
# Approve the delivery, and the triggerer notices. The task comes back to a slot for its last moment.

# %%
(deliveries / "approved").touch()
airflow.wait("one_of_each", run)

# %% [markdown]
# ## The hook
#
# The last task is an **operator**: it does something and ends. Its **hook** asks for the connection named `deliveries`
# and finds the folder. What the task returns, Airflow keeps for other tasks.

# %%
returned = XComApi(airflow.client).get_xcom_entry("one_of_each", "count_orders", run, "return_value")
orders = json.loads(returned.to_json())["value"]
claim("the task found the delivery through the connection and counted its 3 orders", orders == 3, f"{orders}")

# %%
tasks = airflow.task_instances("one_of_each", run)
table(tasks[["task_id", "operator", "state", "duration"]], {"duration": ".2f"})

# %% [markdown]
# Each row is a **task instance**: one task in one **DAG run**. The first sensor's seconds are seconds of a slot. Look
# at the same run in the user interface: Dags → one_of_each → the newest run.

# %%
airflow.unpublish(here.name)

# %% [markdown]
# ## What to take with you
#
# The DAG processor turns files into DAGs, the scheduler turns DAGs into task instances, the executor gives each a slot
# for as long as it runs. A sensor that waits on a worker holds its slot; one that waits in the triggerer does not. Both
# facts come back: the first half of this workbook is about the DAG processor, the second about slots.
#
# **On your own.** Trigger the DAG in the user interface and look at the log of `wait_for_delivery`. What does it write
# every second? (Publish it again first; the last cell took it away.)
#
# [previous: Start here](00_start_here.ipynb) · [contents](../README.md) · [next: The DAG factory](02_the_dag_factory.ipynb)
