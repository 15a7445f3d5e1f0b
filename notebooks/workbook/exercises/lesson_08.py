"""The exercises and questions of notebook 08, deferrable operators."""

from __future__ import annotations

from workbook.exercises.exercise import Exercise, Misconception, Option, Question
from workbook.exercises.trigger_checks import check_limit, check_run, check_stop

RUN_STARTER = """
async def run(self):
    import asyncio

    from airflow.triggers.base import TriggerEvent
    from pipelines.remote import RemoteJobHook

    hook = RemoteJobHook()
    job = await hook.astatus(self.job_id)
    while not job.ended:
        ...
    ...
"""


def _run(*parts: str) -> str:
    text = RUN_STARTER
    for part in parts:
        text = text.replace("...", part.replace("\n", "\n        "), 1)
    return text


FIRE = "yield TriggerEvent(job.event)"
POLL = "job = await hook.astatus(self.job_id)"


RUN = Exercise(
    number="08.1",
    task="Write the `run` of the trigger: wait a second, poll again, and fire the event when the job has ended. The "
    "check runs your trigger in Airflow's own event loop, on a real job. A heartbeat "
    "runs next to it: a coroutine that counts how often it gets a turn.",
    starter=RUN_STARTER,
    hints=(
        "While your trigger waits, the others want their turns. Which of the two coroutines above gave others a turn?",
        "In the loop: `await asyncio.sleep(1)`, then poll again. After it: `yield` a "
        "`TriggerEvent` with `job.event`.",
    ),
    solution=_run(f"await asyncio.sleep(1)\n{POLL}", FIRE),
    broken=("yield", "return"),
    also_right=(_run(f"await asyncio.sleep(0.5)\n{POLL}", FIRE) + "    return\n",),
    misconceptions=(
        Misconception(
            _run(f"import time\ntime.sleep(1)\n{POLL}", FIRE), "`time.sleep` keeps the only thread"
        ),
        Misconception(_run(f"asyncio.sleep(1)\n{POLL}", FIRE), "without `await`"),
        Misconception(_run(POLL, FIRE), "never got a turn between two polls"),
        Misconception(_run("await asyncio.sleep(1)", FIRE), "keeps the old answer until you poll again"),
        Misconception(
            _run("await asyncio.sleep(1)\njob = hook.status(self.job_id)", FIRE),
            "`hook.status` is for workers",
        ),
        Misconception(_run(f"{FIRE}\nawait asyncio.sleep(1)\n{POLL}", FIRE), "The event says `running`"),
        Misconception(
            _run(f"await asyncio.sleep(1)\n{POLL}", "return TriggerEvent(job.event)"), "`run` yields nothing"
        ),
        Misconception(_run(f"await asyncio.sleep(1)\n{POLL}", "yield job.event"), "yields a dict"),
    ),
    check=check_run,
)

LIMIT_STARTER = """
async def run(self):
    # stored with this trigger: job_id, timeout (seconds), end_time (seconds since 1970)
    import asyncio
    import time

    from airflow.triggers.base import TriggerEvent
    from pipelines.remote import RemoteJobHook

    until = time.time() + self.timeout
    while not (job := await RemoteJobHook().astatus(self.job_id)).ended and time.time() < until:
        await asyncio.sleep(1)
    yield TriggerEvent(job.event if job.ended else {"status": "timeout", "job_id": job.id})
"""


LIMIT = Exercise(
    number="08.2",
    task="Find the fault. This trigger gives up in time, says its author. But each time a triggerer restarts, it calls "
    "`run` again, and the job gets its full time again. Fix it.",
    starter=LIMIT_STARTER,
    hints=(
        "Which of the two stored times means the same moment before and after a restart?",
        "`self.end_time` is a moment. Compare it with the clock that counts from 1970, after you have polled.",
    ),
    solution=LIMIT_STARTER.replace("time.time() + self.timeout", "self.end_time"),
    broken=("= self.end_time", "= self.end_time + 3600"),
    also_right=(
        LIMIT_STARTER.replace("    until = time.time() + self.timeout\n", "").replace(
            "until", "self.end_time"
        ),
    ),
    misconceptions=(
        Misconception(
            LIMIT_STARTER.replace("time.time() + self.timeout", "self.end_time").replace(
                "time.time() <", "time.monotonic() <"
            ),
            "from when does your clock count?",
        ),
        Misconception(
            LIMIT_STARTER.replace("time.time()", "time.monotonic()"), "its time began when `run` began"
        ),
        Misconception(
            LIMIT_STARTER.replace(
                "    until = time.time() + self.timeout\n",
                "    until = self.end_time\n    if time.time() >= until:\n"
                '        yield TriggerEvent({"status": "timeout", "job_id": self.job_id})\n        return\n',
            ),
            "Poll first, then look at the clock",
        ),
        Misconception(
            LIMIT_STARTER.replace("time.time() + self.timeout", "self.end_time").replace(
                "    yield", "    if not job.ended:\n        raise TimeoutError\n    yield"
            ),
            "Your trigger raises a `TimeoutError`",
        ),
    ),
    check=check_limit,
)

STOP_STARTER = """
def trigger_file():
    from job_ended import JobEnded
    from pipelines.remote import RemoteJobHook

    class Stoppable(JobEnded):
        async def run(self):
            try:
                async for event in super().run():
                    yield event
            finally:
                await RemoteJobHook().acancel(self.job_id)
"""

STOP_SOLUTION = """
def trigger_file():
    from job_ended import JobEnded
    from pipelines.remote import RemoteJobHook

    class Stoppable(JobEnded):
        async def on_kill(self):
            await RemoteJobHook().acancel(self.job_id)
"""


STOP = Exercise(
    number="08.3",
    task="Find the fault. A colleague wants a stopped task to cancel its job, and puts that into `finally`. It works. "
    "Then a triggerer is restarted, and every job that it waited for is cancelled. Fix it.",
    starter=STOP_STARTER,
    hints=(
        "For which two reasons can `run` be ended from outside? Which method does Airflow call for one of them only?",
        "You need no `run` here, only `async def on_kill(self)`.",
    ),
    solution=STOP_SOLUTION,
    broken=("await ", ""),
    also_right=(STOP_SOLUTION + '            print("cancelled")\n',),
    misconceptions=(
        Misconception(
            STOP_STARTER.replace("finally:", "except BaseException:") + "                raise\n",
            "of a task that nobody had stopped",
        ),
        Misconception(
            STOP_SOLUTION.replace("async def", "def").replace("await ", "").replace("acancel", "cancel"),
            "`on_kill` has to be `async def`",
        ),
        Misconception(STOP_SOLUTION.replace("await ", ""), "and its job is still running"),
    ),
    check=check_stop,
)

EXERCISES = (RUN, LIMIT, STOP)

QUESTIONS = (
    Question(
        "Your triggerer runs 300 triggers. One of them calls `requests.get`, and the answer takes half a second. What "
        "happens?",
        "One trigger that blocks",
        (
            Option("Only its own task is late", "All triggers share one thread, and the call keeps it."),
            Option(
                "All triggers wait for half a second",
                "The call blocks the only thread, and nothing else gets a turn.",
                right=True,
            ),
            Option(
                "Airflow moves the call into another thread",
                "It only notices that the thread was blocked, and logs it.",
            ),
        ),
    ),
    Question(
        "The triggerer is killed while 32 tasks are deferred. What happens to them?",
        "The triggerer dies",
        (
            Option("They fail", "Each wait is a row in the database, and the rows are still there."),
            Option(
                "They submit their jobs again",
                "Their triggers poll the jobs that already exist. A submission under the same key would find "
                "them, too.",
            ),
            Option(
                "They wait until a triggerer takes over",
                "It builds the triggers again, and they poll the jobs that already exist.",
                right=True,
            ),
        ),
    ),
)
