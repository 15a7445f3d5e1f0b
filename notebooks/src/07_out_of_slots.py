# %% [markdown]
# # Out of slots
#
# By the end you can
# - see that tasks hold worker slots while they only wait, and say what that costs
# - tell from Airflow's own metrics whether its slots are full, and know which metrics mislead
# - say what rescheduling gains and what it costs
#
# {minutes}
#
# [previous: DAGs per file](06_dags_per_file.ipynb) · [contents](../README.md) · [next: Deferrable operators](08_deferrable_operators.ipynb)
#
# <details><summary>Do you remember? What does a sensor that runs on a worker hold while it waits?</summary>
# A slot, until the thing it waits for arrives. A sensor that waits in the triggerer holds none.
# </details>
#
# <details><summary>Do you remember? What does a task's process do first, before it does its work?</summary>
# It imports the DAG file. With the guard, the file builds only the task's own DAG.
# </details>

# %%
import pandas as pd

from workbook.charts import slot_timeline
from workbook.exercises import check, hint, solution
from workbook.lesson import claim, predict, show, table
from workbook.measure import held_slots
from workbook.measure.waiting_dags import start_with_job_service, waiting_folder
from workbook.models.waiting import Case
from workbook.scale import scale

size = scale()
airflow, service = start_with_job_service()
SLOTS = airflow.slots
print(f"scale {size.name}: {size.jobs} jobs of {size.job_seconds:g} s, {SLOTS} worker slots")

# %% [markdown]
# ## Tasks that only wait
#
# Many pipelines do little themselves. They give the work to another system, a warehouse or a cluster, and wait. Here
# that system is a small service that runs **remote jobs**. Each task below submits a job, polls it every second, and
# finishes when the job has finished.

# %%
show("dags/deferrable/blocking.py")

# %% [markdown]
# The file builds two DAGs with the same tasks, one of each kind that you know from notebook 02: `incremental`
# runs its tasks one after another, `full` side by side.
#
# **Predict.** There are four jobs of five seconds. How many times as long does the run take with the tasks
# one after another as with the tasks side by side?

# %%
ratio = predict("times as long, with four jobs one after another instead of side by side", "×")
ratio

# %% [markdown]
# **Measure.** This takes about half a minute.

# %%
airflow.publish("few", waiting_folder("few", jobs=4, seconds=5, modes=["blocking"], dags="few"))
service.reset()
in_series, one = airflow.run("few_incremental").makespan(), service.most_concurrent
service.reset()
in_parallel, several = airflow.run("few_full").makespan(), service.most_concurrent
ratio.beside(in_series / in_parallel, "Side by side, all of them wait at the same time.")
claim(
    "one after another, no two jobs run at the same time; side by side, several do",
    one == 1 < several,
    f"{one} and {several}; {in_series:.0f} s and {in_parallel:.0f} s",
)

# %% [markdown]
# So let tasks that do not depend on each other run side by side: you only have to leave out the order between
# them. This is a cheap way to make a pipeline faster, and it works until the slots run out.
#
# A **worker slot** is a place for a running task. This Airflow has four, set by `[core] parallelism`. In the `full` DAG
# no task depends on another, and the service accepts any number of jobs.
#
# **Predict.** Use the numbers that the first cell printed. How many seconds pass until all jobs are done?

# %%
guess = predict("seconds until all jobs are done, with tasks that wait in their slots", "s")
guess

# %% [markdown]
# **Measure.** Next to the waiting DAG there is a quick one. Its only task prints hello, which takes a moment. You start
# it as soon as the first jobs run. The third of the cells below runs all the jobs. With the 24 jobs of the
# `laptop` scale, it takes more than a minute.

# %%
quick_dag = """
from airflow.sdk import DAG, task

with DAG("quick", schedule=None):

    @task
    def hello():
        print("hello")

    hello()
"""

# %%
work = Case("blocking", jobs=size.jobs, seconds=size.job_seconds, slots=SLOTS)
modes = ["blocking", "reschedule", "deferrable"]
folder = waiting_folder("waiting", jobs=work.jobs, seconds=work.seconds, modes=modes)
(folder / "quick.py").write_text(quick_dag)
airflow.publish("waiting", folder)

# %%
begin = pd.Timestamp.now("UTC")
service.reset()
blocking = airflow.run("blocking_full")
service.wait(submissions=SLOTS, idle=False)
quick = airflow.run("quick")
held = held_slots.look(airflow, SLOTS)
blocking_seconds = blocking.makespan()
quick.wait()
over = pd.Timestamp.now("UTC")
guess.beside(blocking_seconds, "Only as many jobs run at the same time as there are slots.")

# %%
claim(
    "the jobs take turns: the service never runs more jobs at the same time than there are slots",
    service.most_concurrent <= SLOTS,
    f"at most {service.most_concurrent}",
)

# %% [markdown]
# **Predict.** The quick task was ready as soon as the first jobs ran. How many of the jobs were done when it got a slot?

# %%
first = predict("jobs that are done when the quick task gets a slot")
first

# %%
hello = quick.tasks().iloc[0]
jobs = service.jobs()
jobs = jobs[jobs.started > begin]
ended_before = int((jobs.ended < hello.start).sum())
queue_seconds = (hello.start - hello.scheduled).total_seconds()
first.beside(
    float(ended_before), "It queues behind the tasks that were there first, and they hold their slots."
)
claim(
    "the quick task gets a slot only when at least half of the jobs are done",
    ended_before >= size.jobs / 2,
    f"{ended_before} of {size.jobs}, after {queue_seconds:.1f} s",
)

# %%
tasks = pd.concat([blocking.tasks(), quick.tasks()])
stays = held_slots.stays(tasks, jobs, SLOTS)
waiting = (stays.end - stays.begin)[stays.waits].sum() / (stays.end - stays.begin).sum()
asked, began = ((moment - tasks.scheduled.min()).total_seconds() for moment in (hello.scheduled, hello.start))

# %%
slot_timeline(
    stays,
    least=work.least_seconds,
    guess=guess.value,
    queued=("the quick task", asked, began),
    title="Every slot is held by a task that mostly waits",
    sentence=f"{size.jobs} jobs of {size.job_seconds:g} s on {SLOTS} slots take «{blocking_seconds:.1f} s». "
    f"Tasks hold the slots, and for «{waiting:.0%}» of that time they only wait. A task that takes "
    f"«{hello.duration:.1f} s» waits in the queue for «{queue_seconds:.1f} s».",
)

# %% [markdown]
# **Find the cause.** Each row of the picture but the last is a slot, and each light bar is a task that waits
# in it. The last row is the quick task in the queue. The service could have run all jobs at the same time.
# It was never asked to: a task needs a slot to submit its job, and the slots were taken by tasks with nothing
# to do. So the jobs took turns, and the quick task queued behind most of them.

# %% [markdown]
# exercise 07.1

# %% [markdown]
# ## What Airflow says about it
#
# In production you look at a dashboard, not at such a picture. Airflow sends metrics all the time, and the workbook
# records them. A metric that says how much of something there is at the moment is a **gauge**. One gauge is
# `executor.open_slots`.
#
# **Predict.** While all four slots were held, how many open slots did this gauge report?

# %%
guess = predict("open slots that the executor reports while all four are held")
guess

# %% [markdown]
# **Measure.** Here are six gauges about slots, with their lowest and highest values during the run.

# %%
gauges = {
    "pool.running_slots": "running tasks of the pool",
    "pool.queued_slots": "queued tasks of the pool",
    "pool.open_slots": "pool slots left, of 128",
    "executor.open_slots": "slots that the executor believes to be free",
    "executor.running_tasks": "tasks that the executor believes to be running",
    "scheduler.tasks.starving": "tasks whose pool is full",
}

# %%
metrics = airflow.metrics()
during = metrics[metrics.time.between(begin, over)]
said = during.groupby("name").value.agg(["min", "max"]).reindex(list(gauges))
said.insert(0, "what it should show", list(gauges.values()))
table(
    said.reset_index(names="gauge").rename(columns={"min": "lowest", "max": "highest"}),
    {"lowest": ".0f", "highest": ".0f"},
)

# %%
believed = during.value[during.name == "executor.open_slots"]
guess.beside(
    int(believed.min()),
    "The executor here, the LocalExecutor, does not count what it hands to its processes.",
)
claim(
    "the pool's gauges show every slot held, and more tasks in the queue than in slots",
    said["max"]["pool.running_slots"] == SLOTS < said["max"]["pool.queued_slots"],
    f"{said['max']['pool.running_slots']:.0f} run, {said['max']['pool.queued_slots']:.0f} are queued",
)

# %% [markdown]
# **Find the cause.** The executor of this Airflow, the LocalExecutor, hands a task to one of its processes and does not
# count it. That is a known bug in Airflow 3.3, and
# [a fix has been proposed](https://github.com/apache/airflow/pull/71914). Other executors, such as the
# CeleryExecutor, do count their tasks. And *starving* is narrower than it sounds: it counts tasks whose
# **pool** is full. A pool is a number of *pool slots* that tasks share, across all DAGs; the default pool has
# 128, however many worker slots there are.
#
# So look at the pools. If `pool.queued_slots` stays above zero for minutes, tasks are waiting for worker slots, and
# `pool.running_slots` tells you how many slots are held. And before you trust a gauge, look at it while you know the
# truth, as you have just done.

# %% [markdown]
# exercise 07.2

# %% [markdown]
# ## Why not more slots?
#
# More slots are only a setting away. With as many slots as jobs, all jobs would run at the same time.
#
# **Predict.** How many megabytes of memory does a slot use while its task only waits?

# %%
guess = predict("megabytes of memory that a slot uses while its task only waits", "MB")
guess

# %% [markdown]
# **Measure.** During the run, `held_slots` looked at the processes in the slots: how many there were, how
# much memory was theirs alone, and, over two seconds, how much of the time they computed.

# %%
many = [SLOTS, size.jobs, 100, 1000]
guess.beside(held.megabytes_per_slot, "A slot holds two Python processes, each with Airflow in it.")
print(f"the processes compute «{held.computing:.1%}» of the time")
table(
    pd.DataFrame(
        {
            "waiting tasks": many,
            "processes": [2 * number for number in many],
            "memory, GB": [number * held.megabytes_per_slot / 1000 for number in many],
        }
    ),
    {"memory, GB": ".1f"},
)

# %%
claim(
    "every slot is held by at least two processes",
    held.slots == SLOTS and held.processes >= 2 * SLOTS,
    f"{held.processes} processes, {held.megabytes:.0f} MB",
)
claim("most of the time these processes compute nothing", held.computing < 0.5, f"{held.computing:.1%}")

# %% [markdown]
# **Find the cause.** In each slot there is a process that accepts tasks; for each task it forks another
# process, which imports the DAG file and runs the operator. Then both of them mostly sleep. Once a second the
# task's process wakes up to poll its job. The work does not need this memory; the processes hold it only to
# be ready. The table shows what a thousand such slots would need. CeleryExecutor workers are processes too.

# %% [markdown]
# ## Rescheduling, half a fix
#
# A sensor can wait in another way. With `mode="reschedule"` it polls once, gives its slot back, and returns later. A
# separate task submits the job and does not wait.

# %%
show("dags/deferrable/reschedule.py")

# %% [markdown]
# **Predict.** With tasks that wait in their slots, there was one task start per job. How many are there now, for all
# jobs? Every poll is a task start, and the sensors poll every five seconds.

# %%
guess = predict("task starts for all jobs, with rescheduling")
guess

# %% [markdown]
# **Measure.** You run the same jobs and the quick DAG again. Airflow counts the task starts (`ti.start`), and the
# service counts the polls. The run takes about a minute.

# %%
begin = pd.Timestamp.now("UTC")
service.reset()
rescheduled = airflow.run("reschedule_full")
service.wait(submissions=SLOTS, idle=False)
quick_again = airflow.run("quick")
rescheduled_seconds = rescheduled.makespan()
quick_again.wait()
questions = service.polls

# %%
metrics = airflow.metrics()
starts = metrics[(metrics.name == "ti.start") & (metrics.time > begin)]
started = [tags["task_id"] for tags in starts.tags if tags["dag_id"] == "reschedule_full"]
asking = sum(task.startswith("step_") for task in started)
guess.beside(float(len(started)), "Every poll is a task start, and each job needs one more to submit it.")
print(f"{size.jobs} jobs: «{rescheduled_seconds:.1f} s», «{len(started)}» task starts, «{asking}» for polls")
again = quick_again.tasks().iloc[0]
queue_again = (again.start - again.scheduled).total_seconds()
claim(
    "with rescheduling, more jobs run at the same time than there are slots",
    service.most_concurrent > SLOTS,
    f"{service.most_concurrent}",
)

# %%
claim(
    "every poll is a task start, and every job costs at least two task starts",
    asking == questions and len(started) >= 2 * size.jobs,
    f"{questions} polls, {len(started)} task starts",
)
claim(
    "the quick task waits at least twice as long behind tasks that hold their slots as behind rescheduled ones",
    queue_seconds >= 2 * queue_again,
    f"{queue_seconds:.1f} s and {queue_again:.1f} s",
)

# %%
sensors = rescheduled.tasks()
sensors = sensors[sensors.task_id.str.startswith("step_")]
noticed = pd.to_datetime(sensors.set_index(sensors.task_id.str.replace("_", " ")).end, utc=True)
jobs = service.jobs().set_index("name")
late = (noticed - jobs.ended[jobs.started > begin]).dt.total_seconds()
print(f"a sensor notices that its job is done «{late.min():.1f}» to «{late.max():.1f}» seconds later")

# %% [markdown]
# **Find the cause.** No task holds a slot between two polls, so the jobs run together and the quick task soon gets a
# slot. But each poll now costs a full task start: the scheduler finds the task and queues it, a process is forked, and
# the DAG file is imported, all for one answer that says "not yet". A job of one hour, polled every five seconds, needs
# 720 task starts. Poll less often and you pay in time: a finished job waits for the next poll.
#
# Rescheduling is right for waits of hours that are checked every few minutes. For many jobs of a few minutes you want
# both: to poll often, and to hold nothing.

# %% [markdown]
# exercise 07.3

# %% [markdown]
# ## How long would your jobs take?
#
# **Optional:** nothing after this section needs it, and you can skip to [clean up](#Clean-up).
#
# The third way to wait is the subject of the next notebook: a *deferrable* task hands its waiting to the triggerer, one
# process that polls on behalf of all tasks. Here you run it only once, to compare the three. The run takes about half
# a minute.

# %%
service.reset()
deferrable_seconds = airflow.run("deferrable_full").makespan()
print(f"{size.jobs} jobs, deferrable: «{deferrable_seconds:.1f} s», with «{service.polls}» polls")

# %% [markdown]
# Jobs as short as these hide most of the difference between deferring and rescheduling. A deferrable task
# needs two task starts, however long its job takes; a rescheduled sensor needs another one for every poll.
#
# From these three runs `fit` estimates how much time Airflow adds to the jobs on your machine: per run, per task start,
# per wait for a slot, per trigger. A simulation with these numbers then predicts how long other runs would take.
#
# **Predict.** By what percentage is it off for a run that it was not fitted to: ten jobs of three seconds,
# blocking?

# %%
guess = predict("the simulation's error for a run that it was not fitted to", "%")
guess

# %% [markdown]
# **Measure.** This new run takes less than half a minute.

# %%
from dataclasses import replace

from workbook.models import calibration

measured = {
    work: blocking_seconds,
    replace(work, mode="reschedule", poll_interval=5): rescheduled_seconds,
    replace(work, mode="deferrable"): deferrable_seconds,
}
overheads = calibration.fit(measured)

# %%
unseen = Case("blocking", jobs=10, seconds=3, slots=SLOTS)
held_out = calibration.measure(airflow, unseen)
compared = calibration.compare({**measured, unseen: held_out}, overheads)
compared["fitted"] = ["yes", "yes", "yes", "no"]
table(compared, {"measured": ".1f", "simulated": ".1f", "error": "+.0%"})

# %%
simulated = compared.simulated.iloc[-1]
error = abs(compared.error.iloc[-1])
guess.beside(
    100 * error,
    "It knows what Airflow adds on this machine, and nothing about what else the machine is doing.",
)
factor = max(simulated / held_out, held_out / simulated)
claim(
    "for a run that it was not fitted to, the simulation is off by less than a factor of two",
    factor < 2,
    f"{factor:.2f}",
)

# %% [markdown]
# Now set the simulation to your own numbers. On the left you see how long each way of waiting takes; the circles are
# your three runs. Both axes are logarithmic: each labelled step is ten times the one before. On the right you see how
# much of the time in slots is work, and how much only waiting.

# %%
from workbook.charts.waiting_explorer import waiting_explorer

waiting_explorer(overheads, measured, megabytes_per_slot=held.megabytes_per_slot, begin=work)

# %% [markdown]
# Set it to 100 jobs of 60 seconds. How many slots does the blocking DAG need to be as fast as the deferrable one with
# four slots? How much memory do those slots use? Then compare how rescheduling and deferring use the slots.

# %% [markdown]
# ## Clean up
#
# The next cell removes the DAGs from Airflow, and stops the job service.

# %%
airflow.unpublish("few")
airflow.unpublish("waiting")
service.stop()

# %% [markdown]
# questions 07

# %% [markdown]
# ## What to remember
#
# A task that only waits holds its slot like one that works: the jobs took turns although they could have run together,
# and the quick task had to queue behind them. The pool's gauges showed it; the executor's own gauge did not. More slots
# mean more sleeping processes. Rescheduling frees the slots, and pays with a task start for every poll.
#
# **On your own.** Run the notebook again, up to the section *Clean up*. Then call `waiting_folder` with
# `poll_interval=15`, publish the folder, and run the rescheduled DAG again. How many task starts do you save, and how
# much later does the last sensor notice that its job is done?
#
# [previous: DAGs per file](06_dags_per_file.ipynb) · [contents](../README.md) · [next: Deferrable operators](08_deferrable_operators.ipynb)
