"""A complete Airflow at a notebook's hand: start it or attach to it, publish DAGs, run them, read what happened.

The first notebook that calls `start` brings Airflow up, the others attach to it, and it ends seconds after the
last of their kernels has ended, however that was. `workbook.stack.supervisor` does the keeping.

``python -m workbook.stack status`` says what runs, ``python -m workbook.stack stop`` ends it.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.progress import progress
from workbook.stack.attach import attach, end, suits
from workbook.stack.errors import until
from workbook.stack.metrics import parse_lines, to_frame
from workbook.stack.place import Place
from workbook.stack.publishing import Publishing
from workbook.stack.runs import Run, Runs, repeat
from workbook.workspace import WORK

if TYPE_CHECKING:
    import pandas as pd


def folder() -> Path:
    """Where Airflow lives; a build, a bench or a test names a folder of its own, apart from the learner's."""
    return Path(os.environ.get("WORKBOOK_AIRFLOW") or WORK / "airflow")


def start(settings: Mapping[str, object] | None = None) -> Airflow:
    """Bring Airflow up, or attach to the one that another notebook of this workbook has brought up.

    Args:
        settings: Airflow's own settings that this notebook needs, such as ``{"core.parallelism": 2}``. If the
            Airflow that runs has others, it is ended, for every notebook, and a new one is started.

    Returns:
        The handle, when API server, scheduler, DAG processor and triggerer are healthy.

    Raises:
        StackError: when a part ends instead, with the last lines of its log.
    """
    global _current
    setting_texts = {name: str(value) for name, value in (settings or {}).items()}
    with progress("Starting Airflow") as line:
        if _current is None or not _current.alive or not suits(_current.state(), setting_texts):
            if _current is not None:
                _current.leave()
            _current = Airflow(folder(), attach(Place(folder()), setting_texts))
        try:
            _current.revive()
            _current.wait_until_healthy(say=line.say)
        except BaseException:  # an interrupt as well: what is half up has nobody to hold it, and ends
            _current.leave()
            raise
    return _current


def stop() -> None:
    """End the Airflow of this workbook, for every notebook, and whatever a former one left; return when it is gone."""
    end(Place(folder()))


class Airflow(Publishing):
    """The Airflow that this notebook uses; made by `start`.

    Attributes:
        url: address of the API server and the user interface.
        folder: where it lives: its logs, its database, its ``dags`` and ``plugins``.
    """

    def stop(self) -> None:
        """End Airflow now, for every notebook."""
        self.leave()
        stop()

    def run(self, *dag_ids: str, times: int = 1, conf: Mapping[str, Any] | None = None) -> Runs:
        """Start runs of DAGs as fast as the API takes them, and do not wait for them.

        One after the other, because SQLite takes one writer at a time: of eight together, some are refused. And each
        with an id of ours, so that one that was refused, or whose answer got lost, is asked for again without harm.

        Args:
            dag_ids: the DAGs.
            times: how many runs of each.
            conf: what each run is given.
        """
        from airflow_client.client import DagRunApi, TriggerDAGRunPostBody
        from airflow_client.client.exceptions import ConflictException

        api, mark, runs = DagRunApi(self.client), secrets.token_hex(4), []
        for number, dag_id in itertools.product(range(1, times + 1), dag_ids):
            run = Run(dag_id, f"run_{mark}_{number}")
            body = TriggerDAGRunPostBody(dag_run_id=run.run_id, conf=dict(conf) if conf else None)
            with contextlib.suppress(ConflictException):  # it was begun, only the answer got lost
                repeat(api.trigger_dag_run, dag_id, body)
            runs.append(run)
        return Runs(self, runs)

    def metrics(self) -> pd.DataFrame:
        """Airflow's own StatsD metrics since its start: ``time``, ``name``, ``kind``, ``value``, ``tags``."""
        self._check()
        with self._place.metrics.open() as lines:
            return to_frame(parse_lines(lines))

    def gauges(self, *names: str, seconds: float = 300) -> list[int]:
        """What Airflow's own gauges say next, such as ``pool.running_slots``, which it sends every few seconds.

        Raises:
            StackError: when it has not sent one of them after ``seconds``.
        """
        import pandas as pd

        called = pd.Timestamp.now(tz="UTC")
        values: dict[Any, float] = {}

        def all_sent() -> bool:
            metrics = self.metrics()
            values.update(metrics[metrics.time > called].groupby("name").value.first().to_dict())
            return set(names) <= values.keys()

        with progress("Waiting for Airflow's next metrics"):
            until(all_sent, seconds, f"Airflow has not sent {', '.join(names)}", self._place.log("scheduler"))
        return [int(values[name]) for name in names]


_current: Airflow | None = None
