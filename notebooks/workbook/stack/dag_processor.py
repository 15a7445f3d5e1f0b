"""Airflow's DAG processor, which also notes what became of each file: ``python -m workbook.stack.dag_processor``.

Its options are those of ``airflow dag-processor``. Airflow's own metrics give the seconds of a file by the last part of
its name, of which there may be several, and its database says nothing of a file that left no DAG and no import error.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from airflow.__main__ import main
from airflow.cli.commands import dag_processor_command
from airflow.dag_processing.manager import DagFileInfo, DagFileProcessorManager
from airflow.dag_processing.processor import DagFileProcessorProcess

from workbook.stack.parses import NOTES


class NotingManager(DagFileProcessorManager):
    """Airflow's manager of the processes that parse; it writes a line for every parse that is over."""

    def handle_parsing_result(self, file: DagFileInfo, proc: DagFileProcessorProcess, **options: Any) -> None:
        """Let Airflow write the result to its database, then note it."""
        super().handle_parsing_result(file, proc, **options)
        only_callbacks = proc.had_callbacks and proc.parsing_result is None
        if not only_callbacks:
            self._note(file, proc, _outcome(proc))

    def _kill_timed_out_processors(self) -> None:
        running = dict(self._processors)
        super()._kill_timed_out_processors()
        for file in running.keys() - self._processors.keys():
            limit = f"[dag_processor] dag_file_processor_timeout, {self.processor_timeout:g} s"
            self._note(file, running[file], f"killed after {limit}")

    def _note(self, file: DagFileInfo, proc: DagFileProcessorProcess, outcome: str) -> None:
        result = proc.parsing_result
        note = {
            "file": str(file.rel_path),
            "started": time.time() - (time.monotonic() - proc.start_time),
            "seconds": self._file_stats[file].last_duration,
            "dags": [dag.dag_id for dag in result.serialized_dags] if result else [],
            "errors": len(result.import_errors or {}) if result else 0,
            "outcome": outcome,
        }
        with Path(os.environ["AIRFLOW_HOME"], NOTES).open("a", encoding="utf-8") as notes:
            notes.write(json.dumps(note) + "\n")


def _outcome(proc: DagFileProcessorProcess) -> str:
    """What became of a file whose process has ended by itself."""
    result, code = proc.parsing_result, int(proc._exit_code or 0)
    if result is None:
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exited with {code}"
    if result.import_errors:
        return "import error"
    return "parsed" if result.serialized_dags else "no DAG"


if __name__ == "__main__":
    dag_processor_command.DagFileProcessorManager = NotingManager  # type: ignore[misc]  # the command has no option for it
    sys.argv[1:1] = ["dag-processor"]
    main()
