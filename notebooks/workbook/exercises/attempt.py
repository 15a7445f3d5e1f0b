"""What a check does with a learner's code: call it, import it as a DAG file, have Airflow parse it."""

from __future__ import annotations

import importlib.util
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook.exercises.child import IMPORT_SECONDS, further, in_child
from workbook.exercises.exercise import NotYet
from workbook.measure import Cycle, ParsingError, parse_cycle


class ImportFailed(NotYet):
    """Airflow could not import the DAG file.

    Attributes:
        error: what Airflow recorded.
    """

    def __init__(self, error: str, file: Path) -> None:
        self.error = error
        if "AirflowTaskTimeout" in error:
            super().__init__(
                f"Airflow stopped the import of the file after {IMPORT_SECONDS} seconds. Does it loop for ever, or "
                "wait for something that never comes?"
            )
            return
        last = error.strip().splitlines()[-1]
        lines = re.findall(rf'File "{re.escape(str(file))}", line (\d+)', error)
        code = file.read_text(encoding="utf-8").splitlines()
        where = f", line {lines[-1]}: `{code[int(lines[-1]) - 1].strip()}`" if lines else ""
        super().__init__(f"Airflow could not import the file: {last}{where}.{further(last)}")


@dataclass(frozen=True)
class Imported:
    """What one import of a DAG file made.

    Attributes:
        dags: for each DAG its tasks, and for each of these the tasks that come after it.
        global_names: how many of the DAGs are global names of the file.
    """

    dags: dict[str, dict[str, list[str]]]
    global_names: int


class Attempt:
    """What a learner wrote, in a file in a folder of its own.

    Args:
        file: holds the code; the check may lay out what it needs next to it.

    Attributes:
        output: the beginning of what the code printed when it ran first.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.folder = file.parent
        self.output = ""

    def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function of the workbook, which runs the learner's code, in a new process; see `in_child`."""
        value, output = in_child(function, *arguments)
        self.output = self.output or output
        return value

    def call(self, *arguments: Any) -> Any:
        """Call the learner's function, the one whose name the file has."""
        return self.run(_call, self.file, arguments)

    def imported(self, dag_id: str | None = None) -> Imported:
        """Import the file as Airflow does.

        Args:
            dag_id: of the DAG whose task starts; without one it is the import of the DAG processor.

        Raises:
            ImportFailed: when Airflow would record an import error.
        """
        result: Mapping[str, Any] = self.run(_import, self.file, dag_id)
        if result["error"]:
            raise ImportFailed(result["error"], self.file)
        return Imported(result["dags"], result["global_names"])

    def parsed(self, folder: Path | None = None) -> Cycle:
        """Let Airflow's DAG processor parse a folder once, that of the file if none is given.

        It comes after `imported`: code that it runs is not looked after as that in a child is.
        """
        try:
            return parse_cycle(folder or self.folder)
        except ParsingError as problem:
            raise NotYet(str(problem)) from None


def module_of(file: str) -> Any:
    """Import a learner's file that is no DAG file; for functions that `Attempt.run` calls."""
    spec = importlib.util.spec_from_file_location(Path(file).stem, file)
    assert spec and spec.loader
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def dags_of(file: str) -> Any:
    """Airflow's own bag of the DAGs of a file; for functions that `Attempt.run` calls."""
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(file, safe_mode=False)


def _call(file: str, arguments: list[Any]) -> Any:
    return getattr(module_of(file), Path(file).stem)(*arguments)


def _import(file: str, dag_id: str | None) -> dict[str, Any]:
    from airflow.sdk import DAG

    if dag_id:
        os.environ["_AIRFLOW_PARSING_CONTEXT_DAG_ID"] = dag_id  # as the process that runs a task sets it
    bag = dags_of(file)
    return {
        "error": "\n".join(bag.import_errors.values()),
        "dags": {
            dag_id: {task.task_id: sorted(task.downstream_task_ids) for task in dag.tasks}
            for dag_id, dag in bag.dags.items()
        },
        "global_names": sum(
            isinstance(value, DAG)
            for module in list(sys.modules.values())
            if getattr(module, "__file__", None) == file
            for value in vars(module).values()
        ),
    }
