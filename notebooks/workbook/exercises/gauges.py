"""Recordings of Airflow's gauges about slots, for an exercise of notebook 07: ``python -m workbook.exercises.gauges``.

The module records them again, which takes a few minutes; the exercise only reads what is committed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RECORDINGS = Path(__file__).with_name("gauges.json")
GAUGES = (
    "pool.running_slots",
    "pool.queued_slots",
    "pool.open_slots",
    "executor.open_slots",
    "executor.running_tasks",
    "scheduler.tasks.starving",
)
EPISODES = {
    "jobs that wait in their slots, more of them than slots": ("blocking", 40, 5, 10),
    "as many such jobs as slots": ("blocking", 4, 45, 10),
    "deferrable jobs, more of them than slots": ("deferrable", 24, 45, 1),
}
"""How the tasks wait, how many there are, the seconds of each job, and after how many a recording of them begins."""
SLOTS = 4
LENGTH = 31
"""Seconds of a recording."""


def recorded() -> dict[str, list[dict[str, int]]]:
    """For each episode the gauges, every time that Airflow sent them."""
    episodes: dict[str, list[dict[str, int]]] = json.loads(RECORDINGS.read_text(encoding="utf-8"))
    return episodes


def _record() -> None:
    import pandas as pd

    from workbook.measure.waiting_dags import start_with_job_service, waiting_folder

    airflow, service = start_with_job_service()
    assert airflow.slots == SLOTS
    recordings = {}
    for name, (mode, jobs, seconds, wait) in EPISODES.items():
        airflow.publish(
            "gauges", waiting_folder("gauges", jobs=jobs, seconds=seconds, modes=[mode], poll_interval=1)
        )
        begin = pd.Timestamp.now("UTC") + pd.Timedelta(wait, "s")
        airflow.run(f"{mode}_full").wait()
        recordings[name] = _readings(airflow.metrics(), begin, begin + pd.Timedelta(LENGTH, "s"))
    airflow.unpublish("gauges")
    service.stop()
    text = json.dumps(recordings, indent=1).replace("{\n   ", "{").replace("\n   ", " ").replace("\n  }", "}")
    RECORDINGS.write_text(text + "\n", encoding="utf-8")


def _readings(metrics: Any, begin: Any, end: Any) -> list[dict[str, int]]:
    """The gauges between two moments: one for each time that the pool's were sent."""
    sent = metrics[metrics.name.isin(GAUGES) & (metrics.time < end)]
    table = sent.pivot_table(index="time", columns="name", values="value", aggfunc="last").ffill()
    moments = sent.time[(sent.name == GAUGES[0]) & (sent.time >= begin)]
    return [
        {name: int(value) for name, value in row.items()}
        for row in table.bfill().loc[moments, list(GAUGES)].to_dict("records")
    ]


if __name__ == "__main__":
    _record()
