"""Every claim of its lesson, in the order in which it makes them, with the edit that makes it false."""

from support.sabotage import Sabotage

NO_EXCERPTS = """
excerpt = lambda read, words: ""  # the log lines that the cells quote do not come after this edit
"""

SABOTAGES = [
    Sabotage(
        "coroutines that await take turns",
        "        await asyncio.sleep(0.1)",
        "        time.sleep(0.1)",
    ),
    Sabotage(
        "a coroutine that waits without await keeps the thread until it has finished",
        "        time.sleep(0.1)",
        "        await asyncio.sleep(0.1)",
        "b",
    ),
    Sabotage(
        "with the trigger in the DAG file, the task fails",
        'airflow.publish("by_hand", first)',
        NO_EXCERPTS
        + r"""
(airflow.folder / "plugins" / "job_ended.py").write_text(trigger)
(first / "by_hand.py").write_text("from job_ended import JobEnded\n" + operator + dags)
(first / "work.json").write_text('{"jobs": 1, "seconds": 5}')
airflow.publish("by_hand", first)
""",
        "b",
    ),
    Sabotage(
        "the job that the task started keeps running, and nothing waits for it",
        'trial = airflow.run("by_hand_full")',
        'trial = airflow.run("by_hand_full")\ntrial.wait()\nservice.finish()',
        "b",
    ),
    Sabotage(
        "with deferrable tasks, each job is submitted once",
        'waiting_folder("by_hand", jobs=size.jobs,',
        'waiting_folder("by_hand", jobs=size.jobs + 1,',
        "b",
    ),
    Sabotage(
        "with deferrable tasks, more jobs run at the same time than there are slots",
        "service.submissions - before, service.most_concurrent",
        "service.submissions - before, service.concurrent",
    ),
    Sabotage("a failed job makes its task fail", "service.set(fail_rate=1)", NO_EXCERPTS),
    Sabotage(
        "the late job and the unwanted job are cancelled",
        "unwanted.stop()\nlate.wait()\nwait_until(lambda: service.cancels == 2)",
        "late.wait()",
        "b",
    ),
    Sabotage(
        "every task of both runs waits for its own job",
        'crowd = airflow.run("deferrable_full", "from_trigger_full")',
        'crowd = airflow.run("deferrable_full", "from_trigger_full")\nairflow.run("unwanted_full")',
        "b",
    ),
    Sabotage(
        "no slot is taken while they wait",
        'running, deferred = airflow.gauges("pool.running_slots", "pool.deferred_slots")',
        """
folder = waiting_folder("taking", jobs=SLOTS, seconds=3600, modes=["blocking"])
airflow.publish("taking", folder)
taking = airflow.run("blocking_full")
taking.wait_until("running", SLOTS)
running, deferred = airflow.gauges("pool.running_slots", "pool.deferred_slots")
taking.stop()
""",
        "b",
    ),
    Sabotage(
        "tasks that start in the triggerer are never queued for a slot",
        'airflow.publish("crowd", crowd_folder)',
        """
file = crowd_folder / "from_trigger.py"
file.write_text(file.read_text().replace("start_from_trigger=True", "start_from_trigger=False"))
airflow.publish("crowd", crowd_folder)
""",
    ),
    Sabotage(
        "after as many errors as tasks, all tasks are still waiting",
        """\
service.set(error_rate=1)
wait_until(lambda: service.errors >= 2 * size.jobs, saying="Waiting for polls that fail")
errors = service.errors
warning = excerpt(lambda: crowd.log("step_1"), "500 Internal Server Error")""",
        'errors, warning = service.errors, ""',
    ),
    Sabotage(
        "while one trigger sleeps, no job is polled",
        "        time.sleep(6)",
        "        import asyncio\n        await asyncio.sleep(6)",
        "b",
    ),
    Sabotage(
        "every job has finished, and every task still waits",
        'airflow.kill("triggerer")',
        """\
service.finish()
wait_until(lambda: set(crowd.tasks().state) != {"deferred"})
""",
    ),
    Sabotage(
        "every task succeeds on its first try",
        'airflow.restart("triggerer")\nended = ',
        'type(crowd)(airflow, [crowd[0]]).stop()\nairflow.restart("triggerer")\nended = ',
        "b",
    ),
    Sabotage(
        "no job is submitted twice, and none is lost",
        "ended = crowd.wait()",
        """
import httpx
again = {"key": f"by hand/{crowd[0].run_id}", "seconds": 1}
httpx.post(f"{service.url}/jobs", json=again, trust_env=False)
ended = crowd.wait()
""",
    ),
]
