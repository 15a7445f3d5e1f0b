"""Workbooks of their own for the tests, and real Jupyter kernels in them."""

from __future__ import annotations

import queue
import re
import shutil
import time
from pathlib import Path
from typing import Any

import psutil
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager
from support.waiting import PATIENCE_SECONDS, until

from workbook.stack.database import migrated_database
from workbook.stack.kernels import jupyter_folders, kernel_environment
from workbook.stack.place import processes_of
from workbook.workspace import ROOT


class CellError(Exception):
    """A cell raised; the message is its traceback."""


class Workbook:
    """A copy of the workbook in a folder of its own, as a second clone would be."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.airflow = root / ".workbook" / "airflow"
        package = root / "notebooks" / "workbook"
        shutil.copytree(
            ROOT / "notebooks" / "workbook", package, ignore=shutil.ignore_patterns("__pycache__")
        )
        (root / "dags").mkdir()
        # the other clone would migrate its own; the copy only saves the time
        template = migrated_database(root / "airflow.db")
        target = root / ".workbook" / "database"
        target.mkdir(parents=True)
        for original in (ROOT / ".workbook" / "database").glob("*.db"):
            template.replace(target / original.name)
            break

    @property
    def environment(self) -> dict[str, str]:
        variables = kernel_environment(self.root / "learner")
        foreign = ("AIRFLOW", "WORKBOOK_AIRFLOW")  # a learner's kernel has neither
        return {
            **{name: value for name, value in variables.items() if not name.startswith(foreign)},
            **jupyter_folders(self.root / "jupyter", create=True),
            "PYTHONPATH": str(self.root / "notebooks"),
        }

    def processes(self) -> list[psutil.Process]:
        return processes_of(self.airflow)

    def until_gone(self) -> None:
        until(lambda: not self.processes(), f"every process of {self.root} has ended, now {self.processes()}")

    def dag_folder(self, name: str, *dags: str, command: str = "true") -> Path:
        """A folder with a file per DAG, each with one task."""
        folder = self.root / name
        folder.mkdir(exist_ok=True)
        for dag in dags:
            (folder / f"{dag}.py").write_text(
                "from airflow.providers.standard.operators.bash import BashOperator\n"
                "from airflow.sdk import DAG\n"
                f"with DAG({dag!r}, schedule=None):\n"
                f"    BashOperator(task_id='task', bash_command={command!r})\n"
            )
        return folder


class Cells:
    """Runs cells in a kernel."""

    def __init__(self, client: BlockingKernelClient) -> None:
        self.client = client

    def send(self, code: str) -> str:
        """Start a cell without waiting for it."""
        return str(self.client.execute(code))

    def outcome(self, request: str) -> list[dict[str, Any]]:
        """Wait for a cell's end and return its outputs; raise what it raised."""
        outputs: list[dict[str, Any]] = []
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                message = self.client.get_iopub_msg(timeout=1)
            except queue.Empty:
                assert time.monotonic() < deadline, "the cell never ended"
                continue
            if message["parent_header"].get("msg_id") != request:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                break  # not before: what is sent until then is dropped when the cell has raised
            if kind in ("display_data", "execute_result", "stream", "error"):
                outputs.append({"kind": kind, **content})
        for output in outputs:
            if output["kind"] == "error":
                raise CellError(re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(output["traceback"])))
        return outputs

    def __call__(self, code: str) -> Any:
        """Run a cell and return the value of its last line, which must be plain."""
        outputs = self.outcome(self.send(code))
        values = [output for output in outputs if output["kind"] == "execute_result"]
        return eval(values[0]["data"]["text/plain"]) if values else None


class Kernel(Cells):
    """A kernel of a workbook, as Jupyter starts one for a notebook."""

    def __init__(self, workbook: Workbook) -> None:
        self.manager = KernelManager()
        self.manager.start_kernel(env=workbook.environment, cwd=str(workbook.root))
        self.manager.client_factory = BlockingKernelClient
        super().__init__(self.manager.client())
        self.connect()

    def connect(self) -> None:
        self.client.start_channels()
        self.client.wait_for_ready(timeout=PATIENCE_SECONDS)
        self("from workbook import stack")

    @property
    def pid(self) -> int:
        return int(self.manager.provisioner.pid)  # type: ignore[union-attr]

    def restart(self) -> None:
        self.client.stop_channels()
        self.manager.restart_kernel(now=False)
        self.client = self.manager.client()
        self.connect()

    def kill(self) -> None:
        """As by ``kill -9``: the kernel alone, without a word."""
        psutil.Process(self.pid).kill()
        self.close()

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
