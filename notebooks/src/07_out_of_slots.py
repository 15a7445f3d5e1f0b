# %% [markdown]
# # Out of slots
#
# Afterwards you can
# - see that tasks hold worker slots while they only wait, and say what that costs
# - read from Airflow's own metrics whether its slots are full, and know which of them not to believe
# - say what rescheduling gives and what it takes
#
# 15 minutes · nothing to do beforehand
#
# [previous: DAGs per file](06_dags_per_file.ipynb) · [contents](../README.md) · [next: Deferrable operators](08_deferrable_operators.ipynb)
#
# <details><summary>Do you remember? What does a sensor hold while it waits on a worker?</summary>
# A slot, until what it waits for is there. A sensor that waits in the triggerer holds none.
# </details>
#
# <details><summary>Do you remember? What does a task's process do first, before it does its work?</summary>
# It imports the DAG's file. With the guard, only its own DAG is built.
# </details>

# %%
import math

import pandas as pd

from workbook import stack
from workbook.charts import slot_timeline
from workbook.charts.waiting_explorer import POLL_INTERVALS, waiting_explorer
from workbook.lesson import claim, predict, show, table
from workbook.measure.held_slots import held_slots, slot_stays
from workbook.models.calibration import compare, fit
from workbook.models.real_runs import measure
from workbook.models.waiting import Case
from workbook.scale import scale
from workbook.services import job_service
from workbook.stack.runs import (
    SETTINGS,
    SLOTS,
    Run,
    connect,
    finish,
    makespan,
    storm,
    task_instances,
    waiting_folder,
)
from workbook.workspace import lesson_folder

here = lesson_folder("07")
size = scale()
airflow = stack.start(SETTINGS)
service = job_service().start()
connect(airflow, service)
print(f"scale {size.name}: {size.jobs} jobs of {size.job_seconds:g} s on {SLOTS} slots")

# %% [markdown]
# ## Tasks that only wait
#
# Most pipelines do little themselves. They ask another system to do it, a warehouse or a cluster, and wait until it is
# done. Here that system is a small job service. Each task of this DAG submits a job, asks every second how it is, and
# ends when the job has ended.

# %%
show("dags/deferrable/blocking.py")

# %% [markdown]
# A **slot** is a place where a task can run. This Airflow has four: `[core] parallelism` says so. All tasks of a run may
# start at once, and the service takes as many jobs as it gets.
#
# **Predict.** Take the numbers that the first cell printed. How many seconds pass until all jobs are done?

# %%
guess = predict("seconds until all jobs are done, with tasks that wait in their slots", "s")
guess

# %% [markdown]
# **Measure.** Beside the DAG that waits there is another one. Its only task says hello, which takes it a moment. You
# start it when the service has got its first jobs.

# %%
QUICK = """
from airflow.sdk import DAG, task

with DAG("quick", schedule=None):

    @task
    def hello():
        print("hello")

    hello()
"""
work = Case("blocking", jobs=size.jobs, seconds=size.job_seconds, slots=SLOTS)
folder = waiting_folder(here / "waiting", jobs=work.jobs, seconds=work.seconds, modes=list(POLL_INTERVALS))
(folder / "quick.py").write_text(QUICK)
airflow.publish("waiting", folder)


# %%
def run_beside_quick(dag_id: str) -> tuple[list[Run], list[Run]]:
    """Start a run of a DAG that waits, and when its first jobs run, one of the quick DAG."""
    service.reset()
    waiting = storm(airflow, [dag_id])
    service.wait(submissions=SLOTS, idle=False)
    return waiting, storm(airflow, ["quick"])


begin = pd.Timestamp.now("UTC")
blocking, quick = run_beside_quick("blocking_full")
held = held_slots(airflow, SLOTS)
blocking_seconds = makespan(finish(airflow, blocking))
finish(airflow, quick)
over = pd.Timestamp.now("UTC")
print(f"{size.jobs} jobs: «{blocking_seconds:.1f} s»")

# %%
rounds = math.ceil(size.jobs / SLOTS)
least = rounds * size.job_seconds
claim(
    "the jobs take turns on the slots, and no run is shorter than its turns",
    blocking_seconds >= least,
    f"{blocking_seconds:.1f} s for {rounds} turns of {size.job_seconds:g} s",
)
claim(
    "the service never runs more jobs at once than there are slots",
    service.most_concurrent <= SLOTS,
    f"{service.most_concurrent}",
)

# %%
hello = task_instances(airflow, quick).iloc[0]
ended_before = int((service.jobs().ended < hello.start).sum())
queue_seconds = (hello.start - hello.scheduled).total_seconds()
claim(
    "the quick task gets a slot only when at least half of the jobs are done",
    ended_before >= size.jobs / 2,
    f"{ended_before} of {size.jobs}, after {queue_seconds:.1f} s",
)

# %%
tasks = task_instances(airflow, [*blocking, *quick])
stays = slot_stays(tasks, service.jobs(), SLOTS)
waiting = (stays.end - stays.begin)[stays.waits].sum() / (stays.end - stays.begin).sum()
asked, began = ((moment - tasks.scheduled.min()).total_seconds() for moment in (hello.scheduled, hello.start))
slot_timeline(
    stays,
    least=least,
    guess=guess.value,
    queued=("the quick task", asked, began),
    title="Every slot is held, by tasks that only wait",
    sentence=f"{size.jobs} jobs of {size.job_seconds:g} s on {SLOTS} slots take «{blocking_seconds:.1f} s». "
    f"Tasks hold the slots, and «{waiting:.0%}» of that time they only wait. A task that takes "
    f"«{hello.duration:.1f} s» stands in the queue for «{queue_seconds:.1f} s».",
)

# %% [markdown]
# **Find the cause.** Each row of the picture is a slot, each light bar a task that waits in it. The service could have
# run all jobs at once. It was never asked to: a task has to be in a slot to submit its job, and the slots were taken by
# tasks that had nothing to do. So the jobs took turns. And whoever came later, with work or without, stood in the queue
# behind all of them.

# %% [markdown]
# ## What Airflow says about it
#
# You look at a dashboard, not at pictures like that one. Airflow sends its metrics all the time, and the workbook keeps
# them. One of them is called `executor.open_slots`.
#
# **Predict.** While all four slots were held, how many open slots did it report?

# %%
guess = predict("open slots that the executor reports while all four are held")
guess

# %% [markdown]
# **Measure.** Every gauge that Airflow sent during the run and that has to do with slots, with its lowest and its
# highest value.

# %%
gauges = {
    "pool.running_slots": "tasks of the pool that run",
    "pool.queued_slots": "tasks of the pool that are queued",
    "pool.open_slots": "what is left of the pool's 128",
    "executor.open_slots": "slots that the executor takes for free",
    "executor.running_tasks": "tasks that the executor takes for running",
    "scheduler.tasks.starving": "tasks whose pool is full",
}
metrics = airflow.metrics()
during = metrics[metrics.time.between(begin, over)]
said = during.groupby("name").value.agg(["min", "max"]).reindex(list(gauges))
said.insert(0, "is to say", list(gauges.values()))
table(
    said.reset_index(names="gauge").rename(columns={"min": "lowest", "max": "highest"}),
    {"lowest": ".0f", "highest": ".0f"},
)

# %%
believed = during.value[during.name == "executor.open_slots"]
print(f"your guess: {'none' if guess.value is None else f'«{guess.value:g}»'}")
print(f"executor.open_slots: never less than {believed.min():.0f}")
claim(
    "the pool's gauges show every slot held, and more tasks in the queue than in slots",
    said["max"]["pool.running_slots"] == SLOTS < said["max"]["pool.queued_slots"],
    f"{said['max']['pool.running_slots']:.0f} run, {said['max']['pool.queued_slots']:.0f} are queued",
)

# %% [markdown]
# **Find the cause.** The executor of this Airflow, the LocalExecutor, hands a task to one of its processes and then
# forgets to count it: a known fault of Airflow 3.3, for which a repair is proposed. Other executors do count. And
# *starving* does not mean what it sounds like. It counts tasks whose **pool** is full, and the default pool has 128
# places, whatever the number of slots.
#
# So look at the pools: `pool.running_slots` at the number of slots and `pool.queued_slots` above it, for minutes, say
# that you are out of slots. And before you trust a gauge, look at it while you know the truth. You have just done that.

# %% [markdown]
# ## Why not more slots
#
# The setting is one number. With as many slots as jobs, all of them would run at once.
#
# **Predict.** How many megabytes of memory does a task take that only waits?

# %%
guess = predict("megabytes of memory that a slot takes while its task only waits", "MB")
guess

# %% [markdown]
# **Measure.** During the run, `held_slots` looked at the processes in the slots: how many they are, the memory that is
# theirs alone, and, looking for two seconds, how often they compute.

# %%
many = [SLOTS, size.jobs, 100, 1000]
print(f"your guess: {'none' if guess.value is None else f'«{guess.value:g} MB»'}")
print(f"here: «{held.megabytes_per_slot:.0f} MB», «{held.computing:.1%}» of the time computing")
table(
    pd.DataFrame(
        {
            "tasks that wait": many,
            "processes": [2 * number for number in many],
            "memory, GB": [number * held.megabytes_per_slot / 1000 for number in many],
        }
    ),
    {"memory, GB": ".1f"},
)

# %%
claim(
    "every slot is held by two processes at least",
    held.slots == SLOTS and held.processes >= 2 * SLOTS,
    f"{held.processes} processes, {held.megabytes:.0f} MB",
)
claim("most of the time they compute nothing", held.computing < 0.5, f"{held.computing:.1%}")

# %% [markdown]
# **Find the cause.** A slot is a process that takes tasks, and for each task it forks another one, which imports the DAG
# file and runs the operator. Both then sleep and wake up once a second, to ask. The memory is not for the work, it is
# for being able to begin. A thousand such slots are a machine full of sleeping processes, and the next thousand need
# another machine. The workers of the CeleryExecutor are processes just as well.

# %% [markdown]
# ## Rescheduling, half of a cure
#
# A sensor can wait in another way. With `mode="reschedule"` it asks once, gives its slot back, and comes again later.
# The job is submitted by a task of its own, which does not wait.

# %%
show("dags/deferrable/reschedule.py")

# %% [markdown]
# **Predict.** With tasks that wait in their slots, Airflow started one process for each job. How many does it start now,
# all questions included? The sensors ask every five seconds.

# %%
guess = predict("processes that Airflow starts for all jobs, rescheduled")
guess

# %% [markdown]
# **Measure.** The same jobs, and again the quick DAG. Airflow counts the starts (`ti.start`), the service the questions.

# %%
begin = pd.Timestamp.now("UTC")
rescheduled, quick_again = run_beside_quick("reschedule_full")
rescheduled_seconds = makespan(finish(airflow, rescheduled))
finish(airflow, quick_again)
questions = service.polls

metrics = airflow.metrics()
starts = metrics[(metrics.name == "ti.start") & (metrics.time > begin)]
started = [tags["task_id"] for tags in starts.tags if tags["dag_id"] == "reschedule_full"]
asking = sum(task.startswith("step_") for task in started)
print(f"your guess: {'none' if guess.value is None else f'«{guess.value:g}»'}")
print(f"{size.jobs} jobs: «{rescheduled_seconds:.1f} s», «{len(started)}» starts, «{asking}» of them to ask")

# %%
again = task_instances(airflow, quick_again).iloc[0]
queue_again = (again.start - again.scheduled).total_seconds()
claim(
    "rescheduled, more jobs run at once than there are slots",
    service.most_concurrent > SLOTS,
    f"{service.most_concurrent}",
)
claim(
    "every question is the start of a process, and every job costs two starts at least",
    asking == questions and len(started) >= 2 * size.jobs,
    f"{questions} questions, {len(started)} starts",
)
claim(
    "the quick task waits at least twice as long behind tasks that hold their slots",
    queue_seconds >= 2 * queue_again,
    f"{queue_seconds:.1f} s and {queue_again:.1f} s",
)

# %%
sensors = task_instances(airflow, rescheduled)
sensors = sensors[sensors.task_id.str.startswith("step_")]
noticed = pd.to_datetime(sensors.set_index(sensors.task_id.str.replace("_", " ")).end, utc=True)
jobs = service.jobs().set_index("name")
late = (noticed - jobs.ended[jobs.started > begin]).dt.total_seconds()
print(f"a job is done, and its sensor knows it «{late.min():.1f}» to «{late.max():.1f}» seconds later")

# %% [markdown]
# **Find the cause.** Nobody holds a slot between two questions, so the jobs run together, and the quick task finds a
# place. But a question now costs what the start of a task costs: the scheduler finds it, queues it, a process is forked,
# the DAG file is imported, and all that for one request that says "not yet". Jobs of an hour, asked about every five
# seconds, are 720 starts each. Ask less often and you pay in time: a job that has just ended waits for the next question.
#
# Rescheduling is right for waits of hours that are looked after every few minutes. For many jobs of minutes you want
# both: to ask often, and to hold nothing.

# %% [markdown]
# ## How long would yours take
#
# The third way is the subject of the next lesson: a *deferrable* task hands its question to the triggerer, one process
# that asks on behalf of all. Here it only runs once, so that you can compare the three.

# %%
service.reset()
deferrable_seconds = makespan(finish(airflow, storm(airflow, ["deferrable_full"])))
print(f"{size.jobs} jobs, deferrable: «{deferrable_seconds:.1f} s», with «{service.polls}» questions")

# %% [markdown]
# Jobs as short as these hide most of the difference to rescheduling. A deferrable task needs two starts, however long its
# job takes; a rescheduled one needs another for every question.
#
# From these three runs `fit` finds what Airflow adds to the jobs on your machine: for a run, for the start of a task, for
# its way into a slot, for a trigger. A simulation with these numbers then says how long other runs would take.
#
# **Predict.** By how many percent is it wrong on a run that it was not fitted to: ten jobs of three seconds, blocking?

# %%
guess = predict("the simulation's error on a run that it has not seen", "%")
guess

# %% [markdown]
# **Measure.**

# %%
seconds = dict(zip(POLL_INTERVALS, (blocking_seconds, rescheduled_seconds, deferrable_seconds), strict=True))
measured = {
    Case(mode, work.jobs, work.seconds, SLOTS, poll_interval): seconds[mode]
    for mode, poll_interval in POLL_INTERVALS.items()
}
overheads = fit(measured)
unseen = Case("blocking", jobs=10, seconds=3, slots=SLOTS)
held_out = measure(airflow, unseen)
compared = compare({**measured, unseen: held_out}, overheads)
compared["fitted"] = ["yes", "yes", "yes", "no"]
table(compared, {"measured": ".1f", "simulated": ".1f", "error": "+.0%"})

# %%
simulated = compared.simulated.iloc[-1]
error = abs(compared.error.iloc[-1])
print(f"your guess: {'none' if guess.value is None else f'«{guess.value:g} %»'}; error here: «{error:.0%}»")
factor = max(simulated / held_out, held_out / simulated)
claim(
    "on a run that it was not fitted to, the simulation is wrong by less than a factor of two",
    factor < 2,
    f"{factor:.2f}",
)

# %% [markdown]
# Now turn it to your own numbers. On the left you see how long each way takes, the circles are your three runs; both
# axes go up in steps of ten times. On the right you see what becomes of the slots meanwhile.

# %%
waiting_explorer(overheads, measured, megabytes_per_slot=held.megabytes_per_slot, begin=work)

# %% [markdown]
# Set 100 jobs of 60 seconds. How many slots does the blocking DAG need to be as fast as the deferrable one with four,
# and how much memory is that? Then compare what rescheduling and deferring do with the slots.

# %%
airflow.unpublish("waiting")
service.stop()

# %% [markdown]
# ## What to take with you
#
# A task that only waits holds its slot like one that works: the jobs took turns though nothing kept them from running
# together, and everybody else stood behind them. The gauges of the pools show it; the executor's own did not. More slots
# are more sleeping processes. Rescheduling frees the slots, and pays with the start of a process for every question.
#
# **On your own.** Change `poll_interval` of the rescheduled DAG to 15 and run it once more. How many starts do you save,
# and how much later is the last job noticed?
#
# [previous: DAGs per file](06_dags_per_file.ipynb) · [contents](../README.md) · [next: Deferrable operators](08_deferrable_operators.ipynb)
