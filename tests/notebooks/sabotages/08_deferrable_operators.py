"""Every claim of its lesson, in the order in which it makes them, with the edit that makes it false."""

from support.sabotage import Sabotage

SABOTAGES = [
    Sabotage(
        "with blocking tasks, the jobs take turns in the slots",
        'airflow.publish("waiting", folder)',
        """
text = (folder / "blocking.py").read_text()
(folder / "blocking.py").write_text(text.replace("deferrable=False", "deferrable=True"))
airflow.publish("waiting", folder)
""",
    ),
    Sabotage(
        "with the trigger in the DAG file, the task fails",
        'airflow.publish("by_hand", first)',
        r"""
(airflow.folder / "plugins" / "job_ended.py").write_text(trigger)
(first / "by_hand.py").write_text("from job_ended import JobEnded\n" + operator + dags)
(first / "work.json").write_text('{"jobs": 1, "seconds": 5}')
airflow.publish("by_hand", first)
""",
        "b",
    ),
    Sabotage(
        "the job that the task started keeps running, and nothing waits for it",
        "ended = finish(airflow, trial)",
        "ended = finish(airflow, trial)\nservice.finish()",
        "b",
    ),
    Sabotage(
        "with deferrable tasks, each job is submitted once",
        'waiting_folder(here / "by_hand", jobs=size.jobs,',
        'waiting_folder(here / "by_hand", jobs=size.jobs + 1,',
        "b",
    ),
    Sabotage(
        "with deferrable tasks, more jobs run at the same time than there are slots",
        "service.submissions - before, service.most_concurrent",
        "service.submissions - before, service.concurrent",
    ),
    Sabotage("a failed job makes its task fail", "service.set(fail_rate=1)", "pass"),
    Sabotage(
        "the late job and the unwanted job are cancelled",
        "end(airflow, [unwanted])\nfinish(airflow, [late])\nwait_until(lambda: service.cancels == 2)",
        "finish(airflow, [late])",
        "b",
    ),
    Sabotage(
        "every task of both runs waits for its own job",
        'crowd = storm(airflow, ["deferrable_full", "from_trigger_full"])',
        'crowd = storm(airflow, ["deferrable_full", "from_trigger_full"])\nstorm(airflow, ["unwanted_full"])',
        "b",
    ),
    Sabotage(
        "no slot is taken while they wait",
        'running, deferred = gauges(airflow, "pool.running_slots", "pool.deferred_slots")',
        """
taking = storm(airflow, ["blocking_full"])
wait_for_states(airflow, taking, "running", SLOTS)
running, deferred = gauges(airflow, "pool.running_slots", "pool.deferred_slots")
end(airflow, taking)
""",
        "b",
    ),
    Sabotage(
        "tasks that start in the triggerer are never queued for a slot",
        'airflow.publish("drills", here / "drills")',
        """
file = crowd_folder / "from_trigger.py"
file.write_text(file.read_text().replace("start_from_trigger=True", "start_from_trigger=False"))
airflow.publish("drills", here / "drills")
""",
    ),
    Sabotage(
        "after as many errors as tasks, all tasks are still waiting",
        """\
service.set(error_rate=1)
wait_until(lambda: service.errors >= 2 * size.jobs)
errors = service.errors
warning = excerpt(lambda: task_log(airflow, crowd[0], "step_1"), "500 Internal Server Error")""",
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
        "    process.kill()",
        """\
    process.status()
service.finish()
wait_until(lambda: set(task_instances(airflow, crowd).state) != {"deferred"})
""",
    ),
    Sabotage(
        "every task succeeds on its first try",
        'airflow.restart("triggerer")\nended = ',
        'end(airflow, crowd[:1])\nairflow.restart("triggerer")\nended = ',
        "b",
    ),
    Sabotage(
        "no job is submitted twice, and none is lost",
        "ended = finish(airflow, crowd)",
        """
import httpx
again = {"key": f"by hand/{crowd[0].run_id}", "seconds": 1}
httpx.post(f"{service.url}/jobs", json=again, trust_env=False)
ended = finish(airflow, crowd)
""",
    ),
]
