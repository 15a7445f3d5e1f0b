"""The exercises and questions of notebook 07, out of slots."""

from __future__ import annotations

from workbook.exercises.attempt import Attempt, module_of
from workbook.exercises.exercise import Exercise, Misconception, NotYet, Option, Question
from workbook.exercises.gauges import EPISODES, SLOTS, recorded
from workbook.exercises.sensor import FINISHES, GIVES_BACK, stay
from workbook.models.waiting import Case, Overheads, simulate
from workbook.services import job_service

LEAST_STARTER = """
def least_seconds(jobs, slots, seconds):
    # jobs: how many jobs there are, each with a task that waits for it in a slot
    # slots: how many worker slots there are
    # seconds: how long each job takes
    return ...
"""

CASES = ((10, 4, 3), (8, 4, 10), (3, 4, 10), (25, 8, 60))


def _check_least(attempt: Attempt) -> str:
    results = attempt.run(_least, attempt.file)
    for (jobs, slots, seconds), result in zip(CASES, results, strict=True):
        shown = f"For {jobs} jobs of {seconds} s on {slots} slots you say {result}"
        if not isinstance(result, int | float):
            raise NotYet(f"{shown}, which is not a number.")
        case = Case("blocking", jobs=jobs, seconds=seconds, slots=slots, poll_interval=seconds)
        # Airflow without its own costs, in which the jobs really take turns
        least = simulate(case, Overheads(run=0, leg=0, handover=0, trigger=0)).makespan
        if result != least:
            raise NotYet(
                f"{shown}, but the last job is done after {least:g} s. {_why(result, jobs, slots, seconds)}"
            )
    return "No Airflow can be faster, because a job that waits for a slot has not even begun."


def _why(result: float, jobs: int, slots: int, seconds: int) -> str:
    """What an answer for these jobs leaves out."""
    if result == jobs * seconds:
        return "Do the jobs really run one at a time?"
    if result == seconds:
        return "That would need a slot for every job."
    if result == jobs * seconds / slots:
        return "In the last turn some slots stay empty, but the turn takes as long as any other."
    if result == jobs // slots * seconds:
        return "The jobs that are left over need a turn, too."
    return "How many turns do the jobs need?"


def _least(file: str) -> list[object]:
    """What the learner's function gives for each case."""
    return [module_of(file).least_seconds(*case) for case in CASES]


def _least_seconds(expression: str) -> str:
    return LEAST_STARTER.replace("...", expression)


LEAST = Exercise(
    number="07.1",
    task="Each job has a task that holds a slot until the job is done. What is the shortest time in which "
    "all the jobs can be done? Write a function that tells you, for any number of jobs and slots.",
    starter=LEAST_STARTER,
    hints=(
        "The jobs take turns. How many turns do 10 jobs need on 4 slots, and how long does each turn take?",
        "The number of turns is `jobs / slots`, rounded up; `math.ceil` rounds up. Import `math` inside the function.",
    ),
    solution=_least_seconds("-(-jobs // slots) * seconds"),
    broken=("-(-jobs // slots)", "(jobs // slots)"),
    also_right=(
        LEAST_STARTER.replace(
            "    return ...", "    import math\n\n    return math.ceil(jobs / slots) * seconds"
        ),
    ),
    misconceptions=(
        Misconception(_least_seconds("jobs * seconds / slots"), "In the last turn some slots stay empty"),
        Misconception(_least_seconds("jobs // slots * seconds"), "The jobs that are left over"),
        Misconception(_least_seconds("jobs * seconds"), "one at a time"),
        Misconception(_least_seconds("seconds"), "a slot for every job"),
        Misconception(_least_seconds("(jobs // slots + 1) * seconds"), "How many turns do the jobs need?"),
    ),
    check=_check_least,
)

ALARM_STARTER = """
def out_of_slots(readings, slots):
    # readings: what Airflow sent in half a minute. Each is a dictionary of the six gauges,
    # such as {"pool.running_slots": 3, "pool.queued_slots": 0, …}
    # slots: how many worker slots there are
    return any(reading["executor.open_slots"] == 0 for reading in readings)
"""


def _check_alarm(attempt: Attempt) -> str:
    episodes = recorded()
    rings = attempt.run(_alarms, attempt.file, episodes)
    full, enough, deferred = EPISODES
    if not rings[full]:
        sent = {name: [reading[name] for reading in episodes[full]] for name in episodes[full][0]}
        shown = "; ".join(f"`{name}` {', '.join(map(str, values))}" for name, values in sent.items())
        raise NotYet(
            f"40 jobs waited for {SLOTS} slots, and your alarm stayed silent. This is what Airflow sent: {shown}."
        )
    if rings[deferred]:
        raise NotYet(
            "Your alarm rings for deferrable tasks, too. They queue for a moment, when all of them begin, and then "
            "hold no slot. Tasks that queue in a single reading are not worth waking anybody for."
        )
    if rings[enough]:
        raise NotYet(
            f"Your alarm rings for {SLOTS} jobs on {SLOTS} slots. All slots are held, but no task is waiting for one."
        )
    return "On these three recordings, it rings when tasks queue for slots, and only then."


def _alarms(file: str, episodes: dict[str, list[dict[str, int]]]) -> dict[str, bool]:
    """For each episode, whether the learner's alarm rings."""
    alarm = module_of(file).out_of_slots
    return {name: bool(alarm(readings, SLOTS)) for name, readings in episodes.items()}


def _alarm(condition: str) -> str:
    first, _, _ = ALARM_STARTER.partition("    return")
    return f"{first}    return {condition}\n"


QUEUED = 'reading["pool.queued_slots"] > 0 for reading in readings'
HELD = 'reading["pool.running_slots"] == slots for reading in readings'

ALARM = Exercise(
    number="07.2",
    task="Find the fault. This alarm should ring when tasks queue for slots, but it would have stayed silent during "
    "your run. Fix it. The check tries it on three recordings of a real Airflow: many tasks that wait in their slots, "
    "as many such tasks as slots, and many deferrable tasks.",
    starter=ALARM_STARTER,
    hints=(
        "Which gauge in the table above rises when more tasks wait for a slot?",
        "One reading may catch tasks that queue only for a moment. For `any`, one is enough; for which "
        "function is it not?",
    ),
    solution=_alarm(f"all({QUEUED})"),
    broken=("all(", "not all("),
    also_right=(_alarm(f"sum({QUEUED}) > len(readings) / 2"),),
    misconceptions=(
        Misconception(
            _alarm(f"any({QUEUED})".replace('queued_slots"] >', 'open_slots"] ==')), "stayed silent"
        ),
        Misconception(_alarm(f"any({QUEUED})"), "rings for deferrable tasks, too"),
        Misconception(_alarm(f"sum({HELD}) > 2"), "no task is waiting for one"),
    ),
    check=_check_alarm,
)

SENSOR_STARTER = """
def dag_file():
    import time
    from airflow.sdk import DAG, task
    from pipelines.remote import RemoteJobHook

    with DAG("wait"):

        @task.sensor(mode="reschedule", poke_interval=60)
        def job_has_ended(job_id):
            while not RemoteJobHook().status(job_id).ended:
                time.sleep(1)
            return True

        job_has_ended("job-1")
"""


def _check_sensor(attempt: Attempt) -> str:
    attempt.imported()
    with job_service(seconds=3600) as service:
        first = attempt.run(stay, attempt.file, service.url)
        polls = service.polls
        if first == "no sensor":
            raise NotYet(
                'The file needs one task, a sensor with `mode="reschedule"`. In `poke` mode, a sensor sleeps '
                "in its slot between two polls."
            )
        if polls > 1:
            raise NotYet(
                f"The task got a slot once, and polled {polls} times in it, until the job was done. Airflow "
                "takes the slot back only when your function returns. Who calls it again later?"
            )
        if first == FINISHES:
            raise NotYet(
                f"The job is still running, but the task finishes, after {polls} poll{'' if polls == 1 else 's'}. A "
                "sensor is done as soon as its function returns something that counts as true."
            )
        if first != GIVES_BACK:
            raise NotYet(
                f"The job is still running, and the task fails: {first}. A job that is not done yet is not an error."
            )
        service.finish()
        last = attempt.run(stay, attempt.file, service.url)
    if last != FINISHES:
        raise NotYet(f"The job is done, but the task {last}. What does your function return then?")
    return "One poll each time it gets a slot. Between two polls, for 60 seconds, the task holds no slot."


def _sensor(*lines: str) -> str:
    before, _, after = SENSOR_STARTER.partition("            while")
    _, _, end = after.partition("return True\n")
    return before + "".join(f"            {line}\n" for line in lines) + end


SENSOR = Exercise(
    number="07.3",
    task="Find the fault. This sensor reschedules, so its slot should be free between two polls. But the slots are as "
    "full as before. Fix it, so that it polls only once each time it gets a slot.",
    starter=SENSOR_STARTER,
    hints=(
        "Airflow calls the function, and takes the slot back when it returns. When does this one return?",
        "Leave the loop to Airflow. The function polls once, and returns whether the job has ended.",
    ),
    solution=_sensor("return RemoteJobHook().status(job_id).ended"),
    broken=(".ended", ""),
    also_right=(_sensor('return RemoteJobHook().status(job_id).state == "succeeded"'),),
    misconceptions=(
        Misconception(
            _sensor("while not RemoteJobHook().status(job_id).ended:", "    pass", "return True"),
            "Who calls it again later?",
        ),
        Misconception(
            _sensor("return RemoteJobHook().status(job_id).state"), "something that counts as true"
        ),
        Misconception(_sensor("RemoteJobHook().status(job_id).ended"), "the task gives its slot back"),
        Misconception(
            _sensor(
                "if not RemoteJobHook().status(job_id).ended:",
                '    raise RuntimeError("the job still runs")',
                "return True",
            ),
            "is not an error",
        ),
        Misconception(
            _sensor("return RemoteJobHook().status(job_id).ended").replace("reschedule", "poke"),
            "In `poke` mode",
        ),
    ),
    check=_check_sensor,
)

EXERCISES = (LEAST, ALARM, SENSOR)

QUESTIONS = (
    Question(
        "In your metrics, `executor.open_slots` says 4 while tasks queue. The executor is the LocalExecutor. What "
        "do you do?",
        "What Airflow says about it",
        (
            Option(
                "Look for a fault in the scheduler, because slots are free",
                "The LocalExecutor does not count the tasks that it hands to its processes, so this gauge stays at 4.",
            ),
            Option(
                "Look at the gauges of the pools",
                "If `pool.running_slots` stays at the number of worker slots while tasks queue, you are out of slots.",
                right=True,
            ),
            Option(
                "Make the pool larger",
                "The default pool has 128 pool slots, and most of them are free. The limit here is the "
                "number of worker slots.",
            ),
        ),
    ),
    Question(
        "A job takes ten minutes. A rescheduled sensor polls it every minute. What do you gain if it polls every ten "
        "seconds instead?",
        "Rescheduling, half a fix",
        (
            Option("Nothing", "The end of the job is noticed up to 50 seconds earlier."),
            Option(
                "An earlier answer, for six times as many task starts",
                "A finished job waits for the next poll, and each poll is a task start.",
                right=True,
            ),
            Option(
                "An earlier answer, at no cost",
                "The slot is free between two polls, but each poll forks a process and imports the DAG file.",
            ),
        ),
    ),
)
