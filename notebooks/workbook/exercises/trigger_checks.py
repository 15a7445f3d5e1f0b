"""What the checks of notebook 08 say about a learner's trigger."""

from __future__ import annotations

import time
from typing import Any

from workbook.exercises.attempt import Attempt, module_of
from workbook.exercises.exercise import NotYet

POLLS = 3
"""The poll at which a job has ended."""


def check_run(attempt: Attempt) -> str:
    """Whether the learner's ``run`` waits for its job and leaves other triggers their turns."""
    (result,) = attempt.run(_waits, attempt.file, [({}, POLLS)])
    _refuse_no_generator(result["kind"])
    if forgotten := result["forgotten"]:
        called = "`asyncio.sleep`" if "'sleep'" in forgotten[0] else "a coroutine"
        raise NotYet(
            f"Your trigger calls {called} without `await`. Such a call only makes a coroutine and runs none of it. "
            "So there was no pause between two polls, and the heartbeat never got a turn."
        )
    if result["blocking_polls"]:
        raise NotYet(
            "`hook.status` is for workers: it blocks until the service has answered. In the triggerer, all other "
            "triggers stand still for that long. You can await `astatus` instead."
        )
    if result["waits"]:
        raise NotYet(
            f"Your trigger is still waiting. It has polled its job {_times(result['polls'])}, and `job` keeps the old "
            "answer until you poll again."
        )
    if result["polls"] > 1 and not result["beats"]:
        if result["blocking_sleeps"]:
            raise NotYet(
                "`time.sleep` keeps the only thread. From one poll to the next the heartbeat did not beat once, and "
                "every other trigger stood still as well."
            )
        raise NotYet(
            f"Your trigger polled {result['polls']} times, and the heartbeat never got a turn between two polls. "
            "What makes a coroutine wait, and lets others run?"
        )
    _refuse_wrong_event(result, {"status": "succeeded", "job_id": result["job_id"], "message": ""})
    return (
        f"{result['polls']} polls, and between them the heartbeat beat {result['beats']} times: that is how often "
        "another trigger could have had its turn."
    )


def check_limit(attempt: Attempt) -> str:
    """Whether the learner's ``run`` gives up at the end time, however often it starts again."""
    over, ahead = (
        {"timeout": 3, "end_time": time.time() - 60},
        {"timeout": 3600, "end_time": time.time() + 3600},
    )
    late, ended, running = attempt.run(_waits, attempt.file, [(over, 0), (over, 1), (ahead, POLLS)])
    _refuse_no_generator(late["kind"])
    if late["waits"]:
        raise NotYet(
            "The end time had passed before your trigger started, yet it does not give up. `end_time` counts from "
            "1970; from when does your clock count?"
        )
    if late["error"].startswith("TimeoutError"):
        raise NotYet(
            "Your trigger raises a `TimeoutError`, so it fires no event. Airflow fails the task, and the operator's "
            "method, which would cancel the job, is not called."
        )
    if late["polls"] > 1:
        raise NotYet(
            "The triggerer was down, and the job's time was up when the next triggerer built your trigger again. "
            f"It polled {late['polls']} times all the same, because its time began when `run` began."
        )
    if ended["event"] and ended["polls"] == 0:
        raise NotYet(
            "While no triggerer ran, the job succeeded. Your trigger reports a timeout, and the work is lost. Poll "
            "first, then look at the clock."
        )
    _refuse_wrong_event(late, {"status": "timeout", "job_id": late["job_id"]})
    for result in (ended, running):
        _refuse_wrong_event(result, {"status": "succeeded", "job_id": result["job_id"], "message": ""})
    return "A moment stays the same when a triggerer restarts; a duration starts again."


def check_stop(attempt: Attempt) -> str:
    """Whether the learner's trigger cancels the job of a task that someone stopped, and no other."""
    result = attempt.run(_stops, attempt.file)
    if not result["is_coroutine"]:
        raise NotYet("`on_kill` has to be `async def`: Airflow awaits it in the triggerer's event loop.")
    if not result["cancels_stopped"]:
        raise NotYet(
            "The task was stopped, and its job is still running. Airflow awaits the trigger's `on_kill`, so "
            "cancel the job there, and await that as well."
        )
    if result["cancels_shut_down"]:
        raise NotYet(
            "The job of a stopped task is cancelled. But then the triggerer was shut down, and that cancelled the job "
            "of a task that nobody had stopped: a shutdown ends `run`, too."
        )
    return "A stopped task cancels its job. A triggerer that shuts down leaves the jobs alone."


def _refuse_no_generator(kind: str) -> None:
    if kind == "function":
        raise NotYet("`run` has to be `async def`, or the event loop cannot pause it.")
    if kind == "coroutine":
        raise NotYet(
            "`run` yields nothing. Airflow loops over it with `async for`, and that needs a `yield`. Without one the "
            "trigger fails, and its task fails with it. Whatever `run` returns is ignored."
        )


def _refuse_wrong_event(result: dict[str, Any], expected: dict[str, str]) -> None:
    if result["error"]:
        raise NotYet(f"Your trigger raised {result['error']}. It fired no event, so its task fails.")
    if not result["event"]:
        raise NotYet("`run` ended without an event. Airflow fails the task of such a trigger.")
    kind, payload = result["event"]
    if kind != "TriggerEvent":
        raise NotYet(f"Your trigger yields a {kind}, but Airflow needs a `TriggerEvent`.")
    if isinstance(payload, dict) and payload.get("status") == "running":
        raise NotYet(
            "The event says `running`: the task is started again while its job is still running. The first "
            "event ends the wait, so yield it only when the job has ended."
        )
    if payload != expected:
        raise NotYet(f"The operator needs the event {expected}, but it gets {payload!r}.")


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _waits(file: str, cases: list[tuple[dict[str, Any], int]]) -> list[dict[str, Any]]:
    """What becomes of the learner's ``run``: for each case what is stored, and the poll at which the job has ended."""
    from workbook.exercises import triggerer

    run = module_of(file).run
    if (kind := triggerer.kind_of(run)) != "generator":
        return [{"kind": kind} for _ in cases]
    trigger = type("JobEnded", (triggerer.JobEnded,), {"run": run})
    return [{"kind": kind, **triggerer.observed(trigger, stored, last)} for stored, last in cases]


def _stops(file: str) -> dict[str, Any]:
    """What becomes of the jobs when the task of the learner's trigger is stopped, and when the triggerer is."""
    import inspect
    import sys

    from workbook.exercises import triggerer

    sys.modules["job_ended"] = triggerer  # where the learner's file imports JobEnded from
    trigger = module_of(file).Stoppable
    return {
        "is_coroutine": inspect.iscoroutinefunction(trigger.on_kill),
        "cancels_stopped": triggerer.cancels(trigger, triggerer.stop),
        "cancels_shut_down": triggerer.cancels(trigger, triggerer.shut_down),
    }
