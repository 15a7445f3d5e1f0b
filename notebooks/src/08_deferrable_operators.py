# %% [markdown]
# # Deferrable operators
#
# Afterwards you can
# - turn an operator that waits in its slot into one that waits in the triggerer
# - say where the code of a trigger has to live, and what a careless trigger does to all others
# - prove that a crash of the triggerer, or a bad hour of the service, loses no job and repeats none
#
# 25 minutes · nothing to do beforehand
#
# [previous: Out of slots](07_out_of_slots.ipynb) · [contents](../README.md) · next: Too big for the scheduler
#
# <details><summary>Do you remember? What does a task hold while it waits for a job that runs elsewhere?</summary>
# A worker's slot, and on it a whole Python process that sleeps.
# </details>
#
# <details><summary>Do you remember? What does the triggerer do, and where does its code run?</summary>
# It waits for many things at once, in a process of its own. The tasks that it waits for need no slot meanwhile.
# </details>

# %%

import psutil

from workbook import stack
from workbook.charts import bars
from workbook.lesson import claim, predict, show
from workbook.measure.silence import longest_silence
from workbook.scale import scale
from workbook.services import job_service
from workbook.stack.logs import excerpt, part_log, task_log
from workbook.stack.runs import (
    SETTINGS,
    SLOTS,
    connect,
    end,
    finish,
    gauges,
    makespan,
    storm,
    task_instances,
    wait_for_states,
    wait_until,
    waiting_folder,
)
from workbook.workspace import DAGS, lesson_folder

here = lesson_folder("08")
size = scale()
airflow = stack.start(SETTINGS)
service = job_service().start()
connect(airflow, service)
print(f"scale {size.name}: {size.jobs} jobs of {size.job_seconds:g} s on {SLOTS} slots")

# %% [markdown]
# ## A slot for every wait
#
# The work of this lesson is done elsewhere: each task submits a job to a remote service and waits until it has ended.
# This operator is blocking: it submits, asks every second how the job is, and holds its slot all the time.
#
# **Predict.** Take the numbers that the cell above printed. How many seconds pass until the last job has ended?

# %%
guess = predict("seconds until all jobs have ended, while each task holds a slot", "s")
guess

# %% [markdown]
# **Measure.** One run of the DAG `blocking_full`, whose tasks may all run at once.


# %%
def seconds_of(dag_id: str) -> float:
    """How long one run of a DAG takes, from the moment that it is asked for."""
    finished = finish(airflow, storm(airflow, [dag_id]))
    assert set(finished.state) == {"success"}, finished
    return makespan(finished)


folder = waiting_folder(here / "waiting", jobs=size.jobs, seconds=size.job_seconds, modes=["blocking"])
airflow.publish("waiting", folder)
blocking = seconds_of("blocking_full")
rounds = size.jobs / SLOTS * size.job_seconds
at_once = service.most_concurrent
print(f"your guess: {'none' if guess.value is None else f'«{guess.value:g} s»'}; here: «{blocking:.1f} s»")
claim(
    "blocking, the jobs take turns on the slots",
    at_once <= SLOTS and blocking >= rounds,
    f"{at_once} at once, {blocking:.1f} s",
)

# %% [markdown]
# **Find the cause.** The service could run all jobs at once, and its machines have nothing to do. Your workers are
# full, and have nothing to do either: each slot holds a process that sleeps for a second, asks, and sleeps again.

# %% [markdown]
# ## Submit, defer, wait, resume
#
# **Change one thing.** A deferrable operator lives four short lives instead of a long one. You write it now, in three
# pieces. The first piece is the **trigger**, the part that waits. It runs in the triggerer, in one event loop with
# thousands of others, so it has to say `await` wherever it waits.
#
# - `serialize` says where the class is found and with which arguments: so the trigger travels through the database.
# - `run` waits and then yields one event, which says how the waiting has ended.

# %%
trigger = """
import asyncio

from airflow.triggers.base import BaseTrigger, TriggerEvent
from pipelines.remote import RemoteJobHook


class JobEnded(BaseTrigger):
    def __init__(self, job_id):
        super().__init__()
        self.job_id = job_id

    def serialize(self):
        return f"{__name__}.JobEnded", {"job_id": self.job_id}

    async def run(self):
        hook = RemoteJobHook()
        while not (job := await hook.astatus(self.job_id)).ended:
            await asyncio.sleep(1)
        yield TriggerEvent(job.event)
"""

# %% [markdown]
# The second piece is the **operator**. `execute` submits and calls `defer`, which never returns: it raises an exception
# that ends the process and gives the slot back. When the trigger has fired, Airflow starts the task once more on a
# slot, this time with the method that `defer` named, and gives it the event.

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

    def resume(self, context, event):
        if event["status"] != "succeeded":
            raise JobFailed(f"job {event['job_id']}: {event['status']}")
        return event["job_id"]
"""

# %% [markdown]
# `submit_once` chooses a key for the job, lets Airflow keep it for this task, and only then submits. The service takes a
# key only once. So a task that is tried again after a crash finds its key, and the job that is there. Without such a
# key no operator that submits is safe, deferrable or not. What keeps it is the `task_state_store`, new in Airflow 3.3. A
# key made of the names of DAG, run and task would not do: a run that is deleted and made again has the same names, and
# would take over the jobs of the old one.
#
# The third piece makes the DAGs: `by_hand_full`, all jobs at once, and `by_hand_incremental`, one after the other.

# %%
dags = """
from pipelines.waiting import Work, waiting_dags

WORK = Work.beside(__file__)


def step(number):
    return RunJob(task_id=f"step_{number}", seconds=WORK.seconds)


globals().update(waiting_dags("by_hand", WORK, step))
"""

# %% [markdown]
# ## Where a trigger has to live
#
# **Predict.** You put all three pieces into one DAG file, as one does with an operator, and try it with a single job.
# The job takes an hour. After how many seconds has the run ended?

# %%
guess = predict("seconds until the run has ended, with operator and trigger in the DAG file", "s")
guess

# %% [markdown]
# **Measure.**

# %%
first = waiting_folder(here / "by_hand", jobs=1, seconds=3600, retries=0, modes=[])
(first / "by_hand.py").write_text(trigger + operator + dags)
airflow.publish("by_hand", first)
logged = len(part_log(airflow, "triggerer"))
trial = storm(airflow, ["by_hand_full"])
ended = finish(airflow, trial)
took = f"«{makespan(ended):.1f} s»"
print(
    f"your guess: {'none' if guess.value is None else f'«{guess.value:g} s»'}; here: {took}, {ended.state[0]}"
)
print("triggerer:", excerpt(lambda: part_log(airflow, "triggerer")[logged:], "Trigger failed to load code"))
print(
    "the task:",
    excerpt(lambda: task_log(airflow, trial[0], "step_1"), "ModuleNotFoundError: No module named"),
)
claim("a trigger in the DAG file fails its task", ended.state[0] == "failed")
claim("the job that the task began runs on, and nobody waits for it", service.concurrent == 1)

# %% [markdown]
# **Find the cause.** The DAG processor imported your file, and so did the worker. Both are told where the DAG files
# are. The triggerer is not: it gets the name of a class, and imports it from where Python looks for packages. For one
# that it cannot find it fails the trigger, and Airflow starts the task once more, on a slot, only to let it fail.
#
# In the user interface the task is red, and its log says so too, if you know where to look: not the operator's code has
# failed but the import of the trigger.
#
# What to do: put triggers into a package that is installed wherever the triggerer runs, or into Airflow's plugin
# folder. And restart the triggerer after every change of a trigger: it imports a class once and keeps it. Airflow 3.3
# also goes on counting the trigger that failed as one that runs, and on SQLite, where its number is given to the next
# trigger, that one would wait for ever.

# %%
service.finish()
(airflow.folder / "plugins" / "job_ended.py").write_text(trigger)
second = waiting_folder(here / "by_hand", jobs=size.jobs, seconds=size.job_seconds, modes=[])
(second / "by_hand.py").write_text("from job_ended import JobEnded\n" + operator + dags)
airflow.restart("triggerer")
airflow.publish("by_hand", second)

# %% [markdown]
# ## The same jobs without the slots
#
# **Predict.** The same number of jobs, of the same length, on the same slots, now with your operator. How many seconds
# pass until the last has ended?

# %%
guess = predict("seconds until all jobs have ended, while the triggerer waits", "s")
guess

# %% [markdown]
# **Measure again.**

# %%
before = service.submissions
by_hand = seconds_of("by_hand_full")
begun, at_once = service.submissions - before, service.most_concurrent
print(f"your guess: {'none' if guess.value is None else f'«{guess.value:g} s»'}; here: «{by_hand:.1f} s»")
print(f"{begun} jobs, up to «{at_once}» of them at once")
claim("deferrable, each job is submitted once", begun == size.jobs)
claim("deferrable, more jobs run at once than there are slots", at_once > SLOTS, f"{at_once}")

# %%
bars(
    {"blocking": blocking, "deferrable": by_hand, "one job": size.job_seconds},
    title="The triggerer waits, and the slots start the next tasks",
    sentence=f"Blocking, the jobs take «{blocking:.1f} s»; deferrable «{by_hand:.1f} s», "
    f"of which each job takes {size.job_seconds:g} s.",
    highlight="deferrable",
    guess=guess.value,
)

# %% [markdown]
# What is left above one job's length is Airflow's own work: each task now starts two processes, one that submits and
# one that ends, and these still take turns on the slots. That is the price. A wait of a second is not worth it; a wait
# of a minute always is.

# %% [markdown]
# ## What a trigger for production adds
#
# Yours has nine lines that matter. The one in `pipelines.remote` does what yours forgets: it goes on when the service
# has a bad hour, it gives up in time, it cancels the job when somebody stops the task, and thousands of it share a few
# connections.

# %%
show("dags/pipelines/remote/triggers.py", name="RemoteJobTrigger")

# %% [markdown]
# ## Jobs that do not end well
#
# Three runs, each with one job that waits. The first job fails at the service. The second takes longer than its task
# allows. Of the third run you think better, and mark it as failed while its job runs.
#
# **Predict.** All three runs fail. How many jobs does the service have to cancel?

# %%
guess = predict("jobs cancelled, of three that do not end well")
guess

# %% [markdown]
# **Measure.** Each DAG is a copy of `dags/deferrable/deferrable.py` with one job; `late` allows it five seconds.

# %%
text = (DAGS / "deferrable" / "deferrable.py").read_text()
for name, timeout in {"failing": 3600, "late": 5, "unwanted": 3600}.items():
    folder = waiting_folder(
        here / "drills" / name, jobs=1, seconds=3600, timeout=timeout, retries=0, modes=[]
    )
    (folder / f"{name}.py").write_text(text.replace('"deferrable"', f'"{name}"'))
crowd_folder = waiting_folder(
    here / "drills" / "crowd", jobs=size.jobs, seconds=3600, retries=0, modes=["deferrable", "from_trigger"]
)
airflow.publish("drills", here / "drills")

# %%
service.reset()
service.set(fail_rate=1)
runs = failing, late, unwanted = storm(airflow, ["failing_full", "late_full", "unwanted_full"])
wait_until(lambda: service.submissions == 3 and service.jobs().polls.tail(3).min() > 0)
service.set(fail_rate=0)

# %% [markdown]
# Now act on each: you stop the third run, the second one's time is up by itself, and the service ends the first job.

# %%
end(airflow, [unwanted])
finish(airflow, [late])
wait_until(lambda: service.cancels == 2)
service.finish()
ended = finish(airflow, runs)
jobs = service.jobs().tail(3)
cancelled = int((jobs.state == "cancelled").sum())
print(f"your guess: {'none' if guess.value is None else f'«{guess.value:g}»'}; here: {cancelled}")
print(f"runs: {list(ended.state)}, jobs: {sorted(jobs.state)}")
claim("a job that fails fails its task", ended.state[0] == "failed" and "failed" in set(jobs.state))
claim("the job that is late and the job that nobody wants are cancelled", cancelled == 2)

# %%
print("the job failed:", excerpt(lambda: task_log(airflow, failing, "step_1"), "JobFailed:"))
print("it was late:", excerpt(lambda: task_log(airflow, late, "step_1"), "JobTimeout:"))
print(
    "stopped:",
    excerpt(
        lambda: task_log(airflow, unwanted, "step_1"), "Trigger cancelled by user action, invoking on_kill"
    ),
)

# %% [markdown]
# **Find the cause.** The first two are ends that the trigger tells: it fires an event, and the operator's
# `execute_complete` raises what fits, on a slot. Late is what the *trigger* finds late; Airflow's own timeout of a
# deferral is set a minute longer, for the case that no triggerer is there to notice. The third never comes back to a
# slot. Airflow ends its trigger, and calls the trigger's `on_kill` first. An operator that has only an `on_kill` of its
# own leaves the job running: while the task waits, there is no operator. And a trigger has to run before it can be
# ended: the cell above waited until each job had been asked about once. Who stops a task in the second after it
# deferred leaves its job behind.
#
# In the user interface the three look alike: red. The last lines of the task's log tell them apart, and what to do: for
# a job that failed ask the service; for one that was late ask whether the timeout fits; for the third ask a colleague.

# %% [markdown]
# ## What waits, and what it holds
#
# Now a crowd. One run of `deferrable_full`, and one of `from_trigger_full`. The tasks of the second are told to begin
# *and* to end in the triggerer: the trigger submits the job as well, and a job that succeeds ends its task there.
#
# **Predict.** All of them wait. How many of the slots are taken?

# %%
guess = predict("slots that are taken while all tasks of both runs wait")
guess

# %% [markdown]
# **Measure.** Airflow counts itself: in the gauge `pool.running_slots` the tasks that are on a slot, in
# `pool.deferred_slots` those that wait in the triggerer.

# %%
service.reset()
crowd = storm(airflow, ["deferrable_full", "from_trigger_full"])
service.wait(submissions=2 * size.jobs, idle=False)
wait_for_states(airflow, crowd, "deferred", 2 * size.jobs)
running, deferred = gauges(airflow, "pool.running_slots", "pool.deferred_slots")
jobs_at_once = service.concurrent
tasks = task_instances(airflow, crowd).set_index("dag_id")
queued = tasks.queued.notna().groupby(level=0).sum()
print(f"your guess: {'none' if guess.value is None else f'«{guess.value:g}»'}; here: {running}")
claim("every task of both runs waits for a job of its own", jobs_at_once == 2 * size.jobs)
claim("no slot is taken while they wait", running == 0 and deferred >= 2 * size.jobs)
claim(
    "what begins in the triggerer has never stood in the queue for a slot", queued["from_trigger_full"] == 0
)

# %% [markdown]
# Beginning in the triggerer saves the first of the two starts, ending there the second. The price: the arguments of
# such a task are fixed when the DAG is parsed, and each try is a job of its own, since nobody on a worker can look for
# the job of an earlier try.
#
# The crowd goes on waiting through the next three sections. Each does something bad to it.

# %% [markdown]
# ## The service has a bad hour
#
# **Predict.** From now on each answer of the service is an error: 500. How many tasks fail until it is over?

# %%
guess = predict("tasks that fail while the service answers 500")
guess

# %% [markdown]
# **Measure.** From then on until as many errors as tasks have been counted.

# %%
service.set(error_rate=1)
wait_until(lambda: service.errors >= 2 * size.jobs)
errors = service.errors
warning = excerpt(lambda: task_log(airflow, crowd[0], "step_1"), "500 Internal Server Error")
service.set(error_rate=0)
states = task_instances(airflow, crowd).state.value_counts().to_dict()
failed = sum(count for state, count in states.items() if state != "deferred")
print(f"your guess: {'none' if guess.value is None else f'«{guess.value:g}»'}; here: {failed}")
print("a task's log:", warning)
claim(
    "through an error for each of them, all tasks go on waiting",
    errors >= 2 * size.jobs and states == {"deferred": 2 * size.jobs},
    f"{errors} errors",
)

# %% [markdown]
# **Find the cause.** An error of the service says nothing about the job. So the trigger repeats its question, with
# growing pauses, and writes a warning. It only fails for an answer that will not change: a job that is not known, or a
# request that is refused.
#
# In the user interface the tasks stay violet, *deferred*, and only their logs fill with warnings. What to do: nothing
# to the tasks; mend the service.

# %% [markdown]
# ## One trigger that blocks
#
# A colleague writes `time.sleep` where `await asyncio.sleep` belongs. It is one word, the tests pass, and with one task
# nobody notices.
#
# **Predict.** The service is asked about the jobs of the crowd all the time. One more task starts, whose trigger
# sleeps for six seconds in the wrong way. How many seconds pass without a question?

# %%
guess = predict("seconds without a question to the service, while one trigger sleeps", "s")
guess

# %% [markdown]
# **Measure.**

# %%
sleeper = airflow.folder / "plugins" / "sleeper.py"
sleeper.write_text("""
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
careless = waiting_folder(here / "careless", jobs=1, seconds=3600, retries=0, modes=[])
by_sleeper = (operator + dags).replace("JobEnded(", "Sleeper(").replace("by_hand", "careless")
(careless / "careless.py").write_text("from sleeper import Sleeper\n" + by_sleeper)
airflow.publish("careless", careless)

# %%
begun, logged = service.submissions, len(part_log(airflow, "triggerer"))
careless_runs = storm(airflow, ["careless_full"])


def it_woke_up() -> bool:
    """Whether the trigger that slept has asked about its job."""
    return bool(service.submissions > begun and service.jobs().polls.iloc[-1] > 0)


silence = longest_silence(service, it_woke_up)
warning = excerpt(lambda: part_log(airflow, "triggerer")[logged:], "Triggerer's async thread was blocked for")
print(f"your guess: {'none' if guess.value is None else f'«{guess.value:g} s»'}; here: «{silence:.1f} s»")
print("triggerer:", warning)
claim("while one trigger sleeps, nobody asks about any job", silence > 5, f"{silence:.1f} s")

# %% [markdown]
# **Find the cause.** All triggers share one thread. Whoever waits without `await` holds it, and everybody else is late:
# jobs that have ended are noticed later, timeouts pass, and when it takes more than 30 seconds, the triggerer stops to
# report that it lives, and another one gets its triggers: the one that blocks too. The log line does not say who it
# was. It is an *info*, not an error, so look for it, or watch the metric `triggers.blocked_main_thread`.
#
# In the user interface nothing shows it. What to do: set `PYTHONASYNCIODEBUG=1` for the triggerer, and it names the
# coroutine. Then look for `time.sleep`, `requests`, database drivers, large files: anything that waits and has no
# `await` in front.

# %% [markdown]
# ## The triggerer dies
#
# The careless trigger is taken away. The crowd still waits, and now its triggerer is killed, with everything that it
# started, as if its machine had lost power. While it is dead, all jobs end, and nobody sees it.
#
# **Predict.** How many jobs will have been submitted, in all, when every task of the crowd has ended?

# %%
guess = predict("jobs submitted for the tasks of both runs, after a crash of the triggerer", "jobs")
guess

# %% [markdown]
# **Measure.**

# %%
end(airflow, careless_runs)
sleeper.unlink()
airflow.unpublish("careless")
triggerer = psutil.Process(airflow.pid("triggerer"))
for process in [*triggerer.children(recursive=True), triggerer]:
    process.kill()

# %%
service.finish()
moved = wait_until(lambda: set(task_instances(airflow, crowd).state) != {"deferred"}, seconds=4)
print(f"jobs that run: {service.concurrent}, tasks: {set(task_instances(airflow, crowd).state)}")
claim("every job has ended, and every task still waits", service.concurrent == 0 and not moved)

# %%
airflow.restart("triggerer")
ended = finish(airflow, crowd)
tasks = task_instances(airflow, crowd)
keys = service.jobs().key
own = keys[keys.str.contains("|".join(run.run_id for run in crowd))]
print(f"your guess: {'none' if guess.value is None else f'«{guess.value:g}»'}; here: {len(own)}")
print(f"runs: {list(ended.state)}, tries: {sorted(set(tasks.try_number))}")
claim(
    "every task ends well, in its first try", set(tasks.state) == {"success"} and set(tasks.try_number) == {1}
)
claim("no job is submitted twice, and none is lost", len(own) == 2 * size.jobs)

# %% [markdown]
# **Find the cause.** The triggerer holds nothing that cannot be lost. What a trigger is stands in the database: a class
# and its arguments. A triggerer that starts takes the triggers of those that have not been heard of for a while, makes
# them anew, and they ask as their predecessors asked. That is why a trigger must be able to begin in the middle: it
# looks for the *state* of its job and does not count on seeing it change.
#
# In the user interface the tasks stay violet again, and nothing is red. Under Browse → Jobs, and in the health of
# the home page, you see a triggerer that does not answer. What to do: run two of them; each takes over from the other.

# %% [markdown]
# ## What to look for
#
# | what you see | what it is | what to do |
# |---|---|---|
# | task failed; log: `Trigger failed`, `ModuleNotFoundError` | the triggerer cannot import the trigger | install it where the triggerer runs, restart the triggerer |
# | tasks deferred for too long; triggerer: `async thread was blocked` | a trigger waits without `await` | `PYTHONASYNCIODEBUG=1`, mend the trigger |
# | tasks deferred; warnings `500 Internal Server Error` | the service has a bad hour | mend the service; the tasks go on by themselves |
# | task failed; log: `JobFailed` | the job failed | ask the service |
# | task failed; log: `JobTimeout` | the job took too long, and was cancelled | find out whether the job or the timeout is wrong |
# | all tasks deferred, no warnings, the triggerer is not healthy | the triggerer is gone | start it; run two |

# %%
end(airflow, [*runs, *crowd])
service.stop()

# %% [markdown]
# ## What to take with you
#
# The same jobs on the same slots were done much sooner, because no slot was taken by a task that waits. To get
# there an operator needs four things: a key under which it submits once, a trigger that says `await`, a method that
# takes the event, and an `on_kill` in the trigger. Then the service may answer with errors and the triggerer may die:
# every job was submitted once, and every task ended well in its first try.
#
# **On your own.** Kill the scheduler instead, with `airflow.pid("scheduler")`, while the tasks of a run submit. Which
# try are the tasks in afterwards, and how many jobs has the service begun?
#
# [previous: Out of slots](07_out_of_slots.ipynb) · [contents](../README.md) · next: Too big for the scheduler
