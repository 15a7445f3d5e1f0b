"""Every claim of its lesson, in the order in which it makes them, with the edit that makes it false."""

from support.sabotage import Sabotage

SABOTAGES = [
    Sabotage(
        "one after another, no two jobs run at the same time; side by side, several do",
        'airflow.run("few_incremental")',
        'airflow.run("few_full")',
    ),
    Sabotage(
        "the jobs take turns: the service never runs more jobs at the same time than there are slots",
        'quick = airflow.run("quick")',
        """\
quick = airflow.run("quick")
import httpx
by_hand = {"key": "by hand", "seconds": size.job_seconds}
httpx.post(f"{service.url}/jobs", json=by_hand, trust_env=False).raise_for_status()
""",
    ),
    Sabotage(
        "the quick task gets a slot only when at least half of the jobs are done",
        """\
blocking = airflow.run("blocking_full")
service.wait(submissions=SLOTS, idle=False)
quick = airflow.run("quick")""",
        """\
quick = airflow.run("quick")
quick.wait()
blocking = airflow.run("blocking_full")""",
        "b",
    ),
    Sabotage(
        "the pool's gauges show every slot held, and more tasks in the queue than in slots",
        "metrics[metrics.time.between(begin, over)]",
        "metrics[metrics.time > over]",
    ),
    Sabotage(
        "every slot is held by at least two processes",
        "held = held_slots.look(airflow, SLOTS)",
        # the process of a task that has ended goes when it can; on a busy machine all four were still there
        "blocking.wait(), quick.wait()\nwhile held_slots.look(airflow, 0).slots:\n    pass\n"
        "held = held_slots.look(airflow, SLOTS, seconds=1)",
    ),
    Sabotage(
        "most of the time these processes compute nothing",
        'airflow.publish("waiting", folder)',
        """\
busy = '''import time

class Busy(RemoteJobOperator):
    def _wait(self, job):
        end = time.monotonic() + self.seconds
        while time.monotonic() < end:
            pass
        return super()._wait(job)

'''
text = (folder / "blocking.py").read_text().replace("def step", f"{busy}def step")
(folder / "blocking.py").write_text(text.replace("return RemoteJobOperator", "return Busy"))
airflow.publish("waiting", folder)""",
        "b",
    ),
    Sabotage(
        "with rescheduling, more jobs run at the same time than there are slots",
        '(folder / "quick.py").write_text(quick_dag)',
        """\
text = (folder / "reschedule.py").read_text()
(folder / "reschedule.py").write_text(text.replace("wait_for_completion=False", "wait_for_completion=True"))
(folder / "quick.py").write_text(quick_dag)""",
        "b",
    ),
    Sabotage(
        "every poll is a task start, and every job costs at least two task starts",
        "questions = service.polls",
        """\
import httpx
httpx.get(f"{service.url}/jobs/job-1", trust_env=False).raise_for_status()
questions = service.polls""",
        "b",
    ),
    Sabotage(
        "the quick task waits at least twice as long behind tasks that hold their slots as behind rescheduled ones",
        'airflow.run("reschedule_full")',
        'airflow.run("blocking_full")',
        "b",
    ),
    Sabotage(
        "for a run that it was not fitted to, the simulation is off by less than a factor of two",
        "held_out = calibration.measure(airflow, unseen)",
        'held_out = calibration.measure(airflow, unseen)\nunseen = Case("blocking", jobs=100, seconds=3, slots=SLOTS)',
    ),
]
