# %% [markdown]
# # Deferrable operators
#
# By the end you can
# - turn an operator that waits in its slot into one that waits in the triggerer
# - say where the code of a trigger has to live, and what a careless trigger does to all others
# - check that no job is lost or repeated when the triggerer crashes or the service has a bad hour
#
# {minutes}
#
# [previous: Out of slots](07_out_of_slots.ipynb) · [contents](../README.md)
#
# <details><summary>Do you remember? What does a task hold while it waits for a job that runs elsewhere?</summary>
# A worker slot, with two Python processes in it that mostly sleep.
# </details>
#
# <details><summary>Do you remember? What does the triggerer do, and where does its code run?</summary>
# It waits for many things at the same time, in its own process, on behalf of tasks that need no slot while they wait.
# </details>
#
# The first cell starts Airflow, unless another notebook has started it. That takes about half a minute.

# %%
from textwrap import indent

from workbook.exercises import check, hint, solution
from workbook.exercises.exercise import exercise
from workbook.lesson import claim, predict, show
from workbook.measure.silence import longest_silence
from workbook.measure.waiting_dags import start_with_job_service, waiting_folder
from workbook.scale import scale
from workbook.stack.logs import excerpt
from workbook.waits import wait_until

size = scale()
airflow, service = start_with_job_service()
SLOTS = airflow.slots
print(f"scale {size.name}: {size.jobs} jobs of {size.job_seconds:g} s, {SLOTS} worker slots")

# %% [markdown]
# ## One thread, many waits
#
# In notebook 07 each task waited in its slot, so the jobs took turns, although the service could have run all of them
# at the same time. In this notebook the tasks leave their slots, and the triggerer waits on their behalf. It can wait
# for hundreds of jobs in a single thread. How can one thread wait for many things?
#
# A **coroutine** is a function that is defined with `async def`. At an `await` it pauses until what it waits for has
# happened. The **event loop** runs many coroutines in one thread: while one of them pauses, another gets its turn.
# `gather` runs several and waits until all have finished. (A notebook cell can use `await` directly, because
# an event loop is already running there. A program starts one with `asyncio.run`.)

# %%
import asyncio
import time

turns: list[str] = []


async def polite(name: str) -> None:
    for _ in range(3):
        turns.append(name)
        await asyncio.sleep(0.1)


await asyncio.gather(polite("a"), polite("b"))
print(*turns)
claim("coroutines that await take turns", turns == ["a", "b"] * 3)

# %% [markdown]
# **Predict.** Below, `rude` waits with `time.sleep`, which knows nothing of event loops. `rude("x")` and `polite("a")`
# start together. How many times does x appear before the first a?

# %%
guess = predict("times x appears before the first a, when rude waits with time.sleep")
guess

# %% [markdown]
# **Measure.**


# %%
async def rude(name: str) -> None:
    for _ in range(3):
        turns.append(name)
        time.sleep(0.1)


turns.clear()
await asyncio.gather(rude("x"), polite("a"))
before = turns.index("a")
print(*turns)
guess.beside(before, "Without an await, a coroutine never pauses.")
claim("a coroutine that waits without await keeps the thread until it has finished", before == 3)

# %% [markdown]
# **Find the cause.** Nothing can take the thread away from a coroutine. The coroutine has to give it up, at
# an `await`.
#
# **Try it.** Change the cell above and run it again; its claim may then be false, which is fine here.
# Start `polite` before `rude`. Let `rude` wait with `await asyncio.sleep(0)`. Then leave out that
# `await`. What does each change print, and why?
#
# One more thing before your first trigger. An `async def` with a `yield` is an *asynchronous generator*: it pauses at
# each `await`, and at each `yield` it hands a value to the `async for` that loops over it.

# %%
from collections.abc import AsyncIterator


async def bell() -> AsyncIterator[str]:
    await asyncio.sleep(0.1)
    yield "ding"


async def listen() -> None:
    async for sound in bell():
        print(sound)


await listen()

# %% [markdown]
# ## Submit, defer, wait, resume
#
# A deferrable task does not wait in its slot: it submits its job, defers, waits in the triggerer, and resumes. You
# build such a task from three pieces. The first piece is the **trigger**, the part that waits. It runs in the
# triggerer, in one event loop with all other triggers, and has two methods.
#
# - `serialize` returns the import path of the class, and the arguments. Airflow stores them in the database, and the
#   triggerer builds the trigger from them.
# - `run` is an asynchronous generator. It waits, and then yields one event, which says how the wait ended.
#
# Here is the trigger without its `run`.

# %%
trigger = """
from airflow.triggers.base import BaseTrigger


class JobEnded(BaseTrigger):
    def __init__(self, job_id):
        super().__init__()
        self.job_id = job_id

    def serialize(self):
        return f"{__name__}.JobEnded", {"job_id": self.job_id}
"""

# %% [markdown]
# The service's hook has two methods for polling a job, one for each kind of process. `hook.status(job_id)`
# blocks until
# the service has answered, which is right in a worker. `await hook.astatus(job_id)` pauses, which is right in the
# triggerer. Both return the job: `job.ended` says whether it has finished, `job.event` how.

# %% [markdown]
# exercise 08.1

# %% [markdown]
# The next cell adds a `run` to the trigger. It is the `run` from the solution, so the rest of the notebook works
# whatever you have written.

# %%
trigger += indent(exercise("08.1").solution, "    ")

# %% [markdown]
# The second piece is the **operator**. Its `execute` submits the job and calls `defer`, which never returns: it raises
# an exception, the process stops, and the slot is free.

# %%
operator = """
from airflow.sdk import BaseOperator
from pipelines.remote import JobFailed, RemoteJobHook


class RunJob(BaseOperator):
    def __init__(self, *, seconds, **arguments):
        super().__init__(**arguments)
        self.seconds = seconds

    def execute(self, context):
        job = RemoteJobHook().submit_once(context, seconds=self.seconds)
        self.defer(trigger=JobEnded(job.id), method_name="resume")
"""

# %% [markdown]
# When the trigger has fired its event, Airflow starts the task again in a slot. This time it calls the method that
# `defer` named, and passes the event to it.

# %%
operator += """
    def resume(self, context, event):
        if event["status"] != "succeeded":
            raise JobFailed(f"job {event['job_id']}: {event['status']}")
        return event["job_id"]
"""

# %% [markdown]
# `submit_once` chooses a key for the job, has Airflow store the key for this task, and only then submits the
# job. The service
# accepts each key only once. So when a task is tried again after a crash, it finds its key, and gets the job that is
# already there. Every operator that submits jobs, deferrable or not, needs such a key to be safe. Airflow stores the
# key in the `task_state_store`, which is new in Airflow 3.3. A key made from the names of the DAG, the run
# and the task would not be enough: if you delete a run and create it again, it has the same names, and would
# take over the jobs of the old run.
#
# The third piece builds two DAGs: `by_hand_full` runs all jobs at the same time, `by_hand_incremental` one after
# another.

# %%
dags = """
from pipelines.waiting import Work, waiting_dags

WORK = Work.next_to(__file__)


def step(number):
    return RunJob(task_id=f"step_{number}", seconds=WORK.seconds)


globals().update(waiting_dags("by_hand", WORK, step))
"""

# %% [markdown]
# ## Where a trigger has to live
#
# **Predict.** You put all three pieces into one DAG file, as you would with any operator, and try them with a single
# job that takes an hour. How many seconds pass until the run has finished?

# %%
guess = predict("seconds until the run has finished, with operator and trigger in the DAG file", "s")
guess

# %% [markdown]
# **Measure.**

# %%
first = waiting_folder("by_hand", jobs=1, seconds=3600, retries=0, modes=[])
(first / "by_hand.py").write_text(trigger + operator + dags)
airflow.publish("by_hand", first)
logged = len(airflow.log("triggerer"))
trial = airflow.run("by_hand_full")
state = trial.wait().state[0]
guess.beside(
    trial.makespan(),
    "The job takes an hour, but the task fails as soon as the triggerer looks for the trigger.",
)
print("triggerer:", excerpt(lambda: airflow.log("triggerer")[logged:], "Trigger failed to load code"))
print("the task:", excerpt(lambda: trial.log("step_1"), "ModuleNotFoundError: No module named"))

# %%
claim("with the trigger in the DAG file, the task fails", state == "failed")
claim("the job that the task started keeps running, and nothing waits for it", service.concurrent == 1)

# %% [markdown]
# **Find the cause.** The DAG processor imported your file, and so did the worker: both know where the DAG files are,
# and they give the module of each file an invented name, which begins with `unusual_prefix`. The triggerer
# does not know where the DAG files are. It gets the import path of a class, and imports the class only from
# the places where Python looks
# for packages. When it cannot find the class, it fails the trigger, and Airflow starts the task again, in a slot, only
# to fail it.
#
# In the UI the task is red. Its log shows why, if you know where to look: the operator's code did not fail, the import
# of the trigger did.
#
# What to do: put triggers into a package that is installed wherever the triggerer runs, or into Airflow's plugins
# folder, from which every part of Airflow can import. And restart the triggerer after every change to a trigger,
# because it imports a class once and keeps it. Here there is a second reason to restart it: Airflow 3.3 keeps
# counting the
# failed trigger as running. SQLite, the database here, gives the same id to the next trigger, so the
# triggerer would mistake that one for the failed one, and never start it.
#
# The next cell puts the trigger into the plugins folder and restarts the triggerer. It takes about 15
# seconds.

# %%
service.finish()
(airflow.folder / "plugins" / "job_ended.py").write_text(trigger)
second = waiting_folder("by_hand", jobs=size.jobs, seconds=size.job_seconds, modes=[])
(second / "by_hand.py").write_text("from job_ended import JobEnded\n" + operator + dags)
airflow.restart("triggerer")
_ = airflow.publish("by_hand", second)

# %% [markdown]
# ## The same jobs without the slots
#
# Notebook 07 ran these jobs with tasks that wait in their slots. When the jobs take turns, they cannot finish
# in less time than this:

# %%
import math

turns_needed = math.ceil(size.jobs / SLOTS)
print(f"{turns_needed} turns of {size.job_seconds:g} s: at least {turns_needed * size.job_seconds:g} s")

# %% [markdown]
# **Predict.** You run the same number of jobs, of the same length, with the same slots, now with the deferrable
# operator. How many seconds pass until the last job has finished?

# %%
guess = predict("seconds until all jobs have finished, while the triggerer waits", "s")
guess

# %% [markdown]
# **Measure.** This takes about half a minute.

# %%
before = service.submissions
by_hand = airflow.run("by_hand_full").makespan()
begun, at_once = service.submissions - before, service.most_concurrent
guess.beside(by_hand, "All jobs run at the same time; the rest is task starts, two for each job.")
print(f"{begun} jobs, up to «{at_once}» of them at the same time")
claim("with deferrable tasks, each job is submitted once", begun == size.jobs)
claim(
    "with deferrable tasks, more jobs run at the same time than there are slots",
    at_once > SLOTS,
    f"{at_once}",
)

# %% [markdown]
# The time beyond the length of one job is Airflow's own work: each task now needs two task starts, one to
# submit and one
# to finish, and these still take turns in the slots. That is the price. It is the same for a one-second job
# and for a one-hour job, so the longer the jobs, the less it matters.
#
# This is a good place for a break. What follows needs Airflow and the service still running; if you have stopped them,
# run the notebook from the top.

# %% [markdown]
# ## What a trigger for production adds
#
# Your trigger is a minimal one. It waits forever when a job never ends, so it needs a time limit. And
# `run` may begin again while the job runs: when a triggerer restarts, or another one takes over, it builds
# the trigger again from what `serialize` returned, and starts `run` at its first line.

# %% [markdown]
# exercise 08.2

# %% [markdown]
# The trigger in `pipelines.remote` has such a limit. It also keeps going when the service has a bad hour, it cancels the
# job when someone stops the task, and all triggers share its network connections to the service. Look for
# what you know from your own triggers: the poll, the pause, the check of `end_time` and the `yield`.

# %%
show("dags/pipelines/remote/triggers.py", name="RemoteJobTrigger")

# %% [markdown]
# ## Jobs that go wrong
#
# You start three runs, and each waits for one job. The first job fails at the service. The second job takes longer than
# its task allows. The third run is no longer wanted, so you mark it as failed while its job runs.
#
# **Predict.** All three runs fail. How many of the jobs are cancelled?

# %%
guess = predict("jobs cancelled, of three that go wrong")
guess

# %% [markdown]
# **Measure.** Each DAG is a copy of `dags/deferrable/deferrable.py` with one job. The DAG `late` allows its job five
# seconds.

# %%
for name, timeout in {"failing": 3600, "late": 5, "unwanted": 3600}.items():
    folder = waiting_folder(
        name, jobs=1, seconds=3600, timeout=timeout, retries=0, modes=["deferrable"], dags=name
    )
    airflow.publish(name, folder)

# %%
service.reset()
service.set(fail_rate=1)
runs = failing, late, unwanted = [airflow.run(f"{name}_full") for name in ("failing", "late", "unwanted")]
wait_until(
    lambda: service.submissions == 3 and service.jobs().polls.tail(3).min() > 0,
    saying="Waiting for the first polls",
)
service.set(fail_rate=0)

# %% [markdown]
# Now each of them goes wrong: you stop the third run, the second runs out of time, and the service makes the
# first job fail.

# %%
unwanted.stop()
late.wait()
wait_until(lambda: service.cancels == 2)
service.finish()
states = [run.wait().state[0] for run in runs]

# %%
jobs = service.jobs().tail(3)
cancelled = int((jobs.state == "cancelled").sum())
guess.beside(cancelled, "The one that failed has nothing left to cancel.")
print(f"runs: {states}, jobs: {sorted(jobs.state)}")
claim("a failed job makes its task fail", states[0] == "failed" and "failed" in set(jobs.state))
claim("the late job and the unwanted job are cancelled", cancelled == 2)
print("the job failed:", excerpt(lambda: failing.log("step_1"), "JobFailed:"))
print("it was late:", excerpt(lambda: late.log("step_1"), "JobTimeout:"))
stopped = excerpt(lambda: unwanted.log("step_1"), "Trigger cancelled by user action, invoking on_kill")
print("it was stopped:", stopped)

# %% [markdown]
# **Find the cause.** The trigger reports the first two faults: it fires an event, and the operator's `execute_complete`
# (the counterpart of your `resume`), back in a slot, raises the matching exception. It is the *trigger* that decides
# when a job is late. Airflow's own timeout for the deferral is one minute longer, in case no triggerer is there to
# notice.
#
# The third task never returns to a slot. Airflow cancels its trigger and calls the trigger's `on_kill`, which cancels
# the job. An `on_kill` on the operator would not help: while the task waits, no operator runs. And Airflow
# can cancel a trigger only when that trigger is already running. That is why a cell above waited until each
# job had been polled once. If
# you stop a task in the first second after it deferred, its job may be left running.
#
# In the UI the three look alike: red. The last lines of each task's log tell you which is which.
# For a
# failed job, ask the owners of the service. For a late one, check whether the timeout is long enough. For the
# third, ask your
# colleagues.

# %% [markdown]
# exercise 08.3

# %% [markdown]
# ## What waits, and what it holds
#
# Now start a crowd of tasks: one run of `deferrable_full`, and one of `from_trigger_full`. The tasks of the second run
# start *and* finish in the triggerer: their trigger also submits the job, and when the job succeeds, the task finishes
# there.
#
# **Predict.** All of these tasks wait. How many slots do they take?

# %%
guess = predict("slots that are taken while all tasks of both runs wait")
guess

# %% [markdown]
# **Measure.** Airflow does the counting: the gauge `pool.running_slots` counts the tasks in a slot, and
# `pool.deferred_slots` counts those that wait in the triggerer. The second cell takes about 20 seconds.

# %%
modes = ["deferrable", "from_trigger"]
crowd_folder = waiting_folder("crowd", jobs=size.jobs, seconds=3600, retries=0, modes=modes)
airflow.publish("crowd", crowd_folder)
service.reset()

# %%
crowd = airflow.run("deferrable_full", "from_trigger_full")
service.wait(submissions=2 * size.jobs, idle=False)
crowd.wait_until("deferred", 2 * size.jobs)
running, deferred = airflow.gauges("pool.running_slots", "pool.deferred_slots")
jobs_at_once = service.concurrent

# %%
tasks = crowd.tasks().set_index("dag_id")
queued = tasks.queued.notna().groupby(level=0).sum()
guess.beside(running, "A deferred task is a row in the database and a waiting function in the triggerer.")
claim("every task of both runs waits for its own job", jobs_at_once == 2 * size.jobs)
claim("no slot is taken while they wait", running == 0 and deferred >= 2 * size.jobs)
claim("tasks that start in the triggerer are never queued for a slot", queued["from_trigger_full"] == 0)

# %% [markdown]
# Starting in the triggerer saves the first of the two task starts; finishing there saves the second. The price: the
# arguments of such a task are fixed when the DAG is parsed, and each try submits a new job, because no worker looks for
# the job of an earlier try.
#
# The crowd keeps waiting through the next three sections. In each section something goes wrong.

# %% [markdown]
# ## The service has a bad hour
#
# **Predict.** From now on the service answers every request with an error (HTTP status 500). How many tasks fail before
# it recovers?

# %%
guess = predict("tasks that fail while the service answers 500")
guess

# %% [markdown]
# **Measure.** You let the service fail until it has answered with as many errors as there are tasks.

# %%
service.set(error_rate=1)
wait_until(lambda: service.errors >= 2 * size.jobs, saying="Waiting for polls that fail")
errors = service.errors
warning = excerpt(lambda: crowd.log("step_1"), "500 Internal Server Error")
service.set(error_rate=0)

# %%
states = crowd.tasks().state.value_counts().to_dict()
failed = sum(count for state, count in states.items() if state != "deferred")
guess.beside(failed, "A trigger that gets an error polls again a little later.")
print("a task's log:", warning)
claim(
    "after as many errors as tasks, all tasks are still waiting",
    errors >= 2 * size.jobs and states == {"deferred": 2 * size.jobs},
    f"{errors} errors",
)

# %% [markdown]
# **Find the cause.** An error from the service says nothing about the job. So the trigger polls again, with growing
# pauses, and logs a warning. Before its time is up, it gives up only when asking again would not change the
# answer: the service does not know the job, or rejects the request.
#
# In the UI the tasks stay violet, *deferred*, and only their logs fill with warnings. What to do: leave the tasks
# alone, and fix the service.

# %% [markdown]
# ## One trigger that blocks
#
# A colleague writes `time.sleep` where `await asyncio.sleep` belongs. The code still works, the tests pass, and with
# one task nobody notices.
#
# **Predict.** The jobs of the crowd are polled all the time. One more task starts; its trigger sleeps for six seconds
# in the wrong way. How many seconds pass without a poll?

# %%
guess = predict("seconds without a poll, while one trigger sleeps", "s")
guess

# %% [markdown]
# **Measure.**

# %%
sleeper = airflow.folder / "plugins" / "sleeper.py"
_ = sleeper.write_text("""
import time
from job_ended import JobEnded

class Sleeper(JobEnded):
    def serialize(self):
        return "sleeper.Sleeper", {"job_id": self.job_id}

    async def run(self):
        time.sleep(6)
        async for event in super().run():
            yield event
""")

# %%
careless = waiting_folder("careless", jobs=1, seconds=3600, retries=0, modes=[])
by_sleeper = (operator + dags).replace("JobEnded(", "Sleeper(").replace("by_hand", "careless")
(careless / "careless.py").write_text("from sleeper import Sleeper\n" + by_sleeper)
airflow.publish("careless", careless)
begun, logged = service.submissions, len(airflow.log("triggerer"))

# %% [markdown]
# The next cell runs the task and watches the service until the task's trigger has polled. This takes about 15 seconds.


# %%
def it_woke_up() -> bool:
    """Whether the trigger that slept has polled its job."""
    return bool(service.submissions > begun and service.jobs().polls.iloc[-1] > 0)


careless_run = airflow.run("careless_full")
silence = longest_silence(service, it_woke_up)
warning = excerpt(lambda: airflow.log("triggerer")[logged:], "Triggerer's async thread was blocked for")
guess.beside(silence, "All triggers share one thread, and it sleeps.")
print("triggerer:", warning)
claim("while one trigger sleeps, no job is polled", silence > 5, f"{silence:.1f} s")

# %% [markdown]
# **Find the cause.** All triggers share one thread. A trigger that waits without `await` holds that thread, and all
# other triggers are late: finished jobs are noticed late, and timeouts pass unnoticed. By default, a triggerer whose
# thread is blocked for 30 seconds stops sending the heartbeats that tell Airflow that it is alive; after 30 more it
# counts as dead, and another one takes over its triggers, including the one that blocks. The log line does not say
# which trigger it was. It is logged as *info*, not as an error, so search for it, or watch the metric
# `triggers.blocked_main_thread`.
#
# The UI shows nothing. What to do: set `PYTHONASYNCIODEBUG=1` for the triggerer, and its log names the coroutine. Then
# look for `time.sleep`, `requests`, database drivers, large files: anything that waits without an `await`.

# %% [markdown]
# ## The triggerer dies
#
# You remove the careless trigger. The crowd is still waiting. Then you kill the triggerer, with all processes that it
# started, as if its machine had lost power. While it is down, all jobs finish, and nothing notices.
#
# **Predict.** When every task of the crowd has finished, how many jobs have been submitted for them in total?

# %%
guess = predict("jobs submitted for the tasks of both runs, after a crash of the triggerer", "jobs")
guess

# %% [markdown]
# **Measure.** It takes about half a minute for the new triggerer to take over and for all tasks to finish.

# %%
careless_run.stop()
sleeper.unlink()
airflow.unpublish("careless")
airflow.kill("triggerer")

# %%
service.finish()
moved = wait_until(lambda: set(crowd.tasks().state) != {"deferred"}, seconds=4)
print(f"running jobs: {service.concurrent}, tasks: {set(crowd.tasks().state)}")
claim("every job has finished, and every task still waits", service.concurrent == 0 and not moved)

# %%
airflow.restart("triggerer")
ended = crowd.wait()
tasks = crowd.tasks()
keys = service.jobs().key
own = keys[keys.str.contains("|".join(run.run_id for run in crowd))]
guess.beside(
    len(own),
    "The new triggerer polls each task's job, or submits it under the same key, which the service "
    "recognizes.",
)
print(f"runs: {list(ended.state)}, tries: {sorted(set(tasks.try_number))}")
claim(
    "every task succeeds on its first try", set(tasks.state) == {"success"} and set(tasks.try_number) == {1}
)
claim("no job is submitted twice, and none is lost", len(own) == 2 * size.jobs)

# %% [markdown]
# **Find the cause.** Everything that the triggerer holds can be rebuilt: the database stores the class of each trigger
# and its arguments. A running triggerer takes over the triggers of any triggerer that has stopped sending
# heartbeats. It builds them again, and they poll as before. That is why a trigger must be able to start in the middle:
# it checks the *state* of its job instead of waiting for the state to change.
#
# Again the tasks stay violet in the UI, and nothing is red. Under Browse → Jobs (Airflow's own processes, not
# your
# remote jobs) and in the health status on the home page you see a triggerer that does not respond. What to do: run two
# triggerers; each takes over when the other one is gone.

# %% [markdown]
# ## What to look for
#
# | what you see | what it is | what to do |
# |---|---|---|
# | task failed; log: `Trigger failed`, `ModuleNotFoundError` | the triggerer cannot import the trigger | install it where the triggerer runs, restart the triggerer |
# | tasks deferred for too long; triggerer: `async thread was blocked` | a trigger waits without `await` | set `PYTHONASYNCIODEBUG=1`, fix the trigger |
# | tasks deferred; log: warnings `500 Internal Server Error` | the service is having a bad hour | fix the service; the tasks continue by themselves |
# | task failed; log: `JobFailed` | the job failed | ask the owners of the service |
# | task failed; log: `JobTimeout` | the job took too long, and was cancelled | find out whether the job or the timeout is wrong |
# | all tasks deferred, no warnings, the triggerer is not healthy | the triggerer is gone | start it again; run two |

# %%
for each in (*runs, crowd):
    each.stop()
service.stop()

# %% [markdown]
# ## Is Airflow the wrong tool?
#
# This workbook began with two questions. With so many pipelines, is Airflow the wrong tool? And is it too small for
# them? You have measured two limits.
#
# **What ran out first was the time for a parse.** The factory asked a service while Airflow parsed it, and one timeout
# took down all of its DAGs ([03](03_too_big.ipynb)). The frozen files defined the same DAGs, and Airflow parsed them
# without a single request, with the service up or down ([05](05_static_generation.ipynb)).
#
# **What ran out next were the slots.** The jobs took turns, and most of the time the processes in the slots computed
# nothing ([07](07_out_of_slots.ipynb)). With the same slots, the triggerer waited for all jobs at the same time, and a
# crash lost none of them.
#
# Both times the fix was in the code that you gave to Airflow: what a DAG file does while it is parsed, and where a task
# waits. You changed that code, and Airflow stayed the same. So these two limits do not make it the wrong tool. How far
# your own Airflow scales is for you to measure, and now you know how.
#
# `python -m this` prints the Zen of Python. Four of its ideas describe what you changed:
#
# - **Explicit.** A frozen file names its DAGs and tasks. To know what a factory defines, somebody has to run it.
# - **Simple.** A frozen file needs no service. A trigger is one loop: poll, pause, report.
# - **Flat.** In a frozen file there is one statement for each task, and no loop around them.
# - **No error passes silently.** A build that meets an invalid configuration says so and changes no file. The faults
#   that were hardest to see were silent: the factory that caught its own exception and defined no DAGs, and the trigger
#   that blocked all others while the UI showed nothing.

# %% [markdown]
# questions 08

# %% [markdown]
# ## What to remember
#
# All jobs ran at the same time, with no more slots than before, because no waiting task held a slot. To do this safely,
# an operator needs five things: a key under which it submits only once, a trigger that awaits, a time limit
# that survives a restart, a method that receives the event, and an `on_kill` in the trigger. Then the service
# can answer with errors, and the triggerer can die: here no job was lost or submitted twice, and every task
# succeeded on its first try.
#
# **On your own.** Start a new service with `airflow, service = start_with_job_service()`, and a run with
# `run = airflow.run("by_hand_full")`. While its tasks are submitting, call `airflow.kill("scheduler")`, then
# `airflow.restart("scheduler")`. Which try are the tasks on afterwards (`run.tasks()`), and how many jobs has the
# service started (`service.submissions`)?
#
# [previous: Out of slots](07_out_of_slots.ipynb) · [contents](../README.md)
