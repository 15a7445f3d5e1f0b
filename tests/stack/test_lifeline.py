"""Airflow lives as long as a notebook uses it, and is gone without a trace after the last, however that ended."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil
import pytest
from jupyter_client.blocking import BlockingKernelClient
from support.clones import CellError, Cells, Kernel, Workbook
from support.waiting import until

from workbook.stack.place import GRACE_SECONDS, Place
from workbook.workspace import free_port

pytestmark = pytest.mark.airflow

NewWorkbook = Callable[[str], Workbook]
NewKernel = Callable[[Workbook], Kernel]


def started(kernel: Cells) -> dict[str, int]:
    """Start Airflow in a kernel and say which processes it consists of."""
    return dict(
        kernel(
            "airflow = stack.start(); state = airflow.state()\n"
            "{'supervisor': state['pid'], **{name: airflow.pid(name) for name in state['components']}}"
        )
    )


def living(process: psutil.Process) -> bool:
    """Whether a process has not ended; one whose end nobody has taken note of has."""
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


EVERY_RUN = "from workbook.stack.runs import Run, Runs; every_run = Runs(airflow, [Run('~', '~')])"
STUBBORN = "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
STUBBORN += "os.fork() or (os.setsid(), time.sleep(1000)); os.wait()"
"""A task that leaves its process group and does not listen."""


def of_task(workbook: Workbook) -> list[psutil.Process]:
    """The processes of the task that runs ``STUBBORN``, whatever its Python is called."""
    processes = []
    for process in workbook.processes():
        with contextlib.suppress(psutil.Error):
            processes += [process] if process.cmdline()[1:] == ["-c", STUBBORN] else []
    return processes


def alive(pids: dict[str, int]) -> bool:
    return all(psutil.pid_exists(pid) for pid in pids.values())


def test_an_interrupt_spares_airflow_and_a_killed_kernel_ends_it_with_its_tasks(
    workbook: Workbook, new_kernel: NewKernel
) -> None:
    kernel = new_kernel(workbook)
    shown = kernel.outcome(kernel.send("airflow = stack.start()"))
    assert [output["data"]["text/plain"] for output in shown] == [
        "Starting Airflow"
    ]  # always: nbval compares it
    pids = started(kernel)
    sockets = [entry for process in workbook.processes() for entry in process.net_connections()]
    assert {entry.laddr.ip for entry in sockets if entry.status == psutil.CONN_LISTEN} == {"127.0.0.1"}

    folder = workbook.dag_folder("long", "long", command=f'python -c "{STUBBORN}"')
    kernel(f"airflow.publish('long', {str(folder)!r}); run = airflow.run('long')")
    waiting = kernel.send("run.wait()")
    until(
        lambda: any(os.getsid(process.pid) == process.pid for process in of_task(workbook)), "the task runs"
    )
    family = [*psutil.Process(pids["supervisor"]).children(recursive=True), *of_task(workbook)]
    kernel.manager.interrupt_kernel()
    with pytest.raises(CellError, match="KeyboardInterrupt"):
        kernel.outcome(waiting)
    assert set(kernel("airflow.health()").values()) == {"healthy"}
    assert started(kernel) == pids
    assert kernel("list(run.tasks().state)") == ["running"]

    kernel.kill()
    workbook.until_gone()
    # said once more without the marker: those that were seen as the supervisor's descendants
    assert not any(living(process) for process in family)


def test_a_restarted_kernel_and_an_interrupted_start_can_start_again(
    workbook: Workbook, new_kernel: NewKernel
) -> None:
    place = Place(workbook.airflow)
    place.folder.mkdir(parents=True)
    # what a crash leaves: files that name a process which lives, and is not ours
    place.state.write_text(json.dumps({"name": "former", "pid": os.getpid(), "components": {}, "url": None}))
    os.mkfifo(place.lifeline)
    for file in (place.living, place.attaching, place.folder / "airflow.db-wal", place.dags):
        file.write_text("stale")

    kernel = new_kernel(workbook)
    starting = kernel.send("airflow = stack.start()")
    until(lambda: len(workbook.processes()) > 4, "the start is half done")
    kernel.manager.interrupt_kernel()
    with pytest.raises(CellError, match="KeyboardInterrupt"):
        kernel.outcome(starting)
    workbook.until_gone()
    assert alive(started(kernel))
    assert kernel("airflow.dag_ids()") == []

    kernel.restart()
    assert kernel("'airflow' in globals()") is False
    assert alive(started(kernel))
    kernel.manager.shutdown_kernel()
    workbook.until_gone()
    assert not place.state.exists()
    assert not place.lifeline.exists()


def test_the_end_of_one_notebook_or_of_the_supervisor_leaves_the_other_able_to_work(
    workbook: Workbook, new_kernel: NewKernel
) -> None:
    first, second = new_kernel(workbook), new_kernel(workbook)
    starting = first.send("airflow = stack.start()")  # both at once
    pids = started(second)
    first.outcome(starting)
    assert started(first) == pids
    folder = workbook.dag_folder("both", "both")
    assert first(f"airflow.publish('both', {str(folder)!r})") == ["both"]

    first.kill()
    time.sleep(2 * GRACE_SECONDS)
    assert second("airflow.dag_ids()") == ["both"]
    assert started(second) == pids
    assert alive(pids)

    os.kill(pids["supervisor"], signal.SIGKILL)
    workbook.until_gone()
    with pytest.raises(
        CellError, match=r"StackError: This Airflow has ended.*Run the cell with start\(\) again"
    ):
        second("airflow.dag_ids()")

    # also when nobody is left to notice the end of the supervisor
    pids = started(second)
    guards = [process for process in workbook.processes() if "--guard" in process.cmdline()]
    assert len(guards) == 1
    guards[0].kill()
    os.kill(pids.pop("supervisor"), signal.SIGKILL)
    time.sleep(1)
    assert alive(pids)
    again = started(second)
    assert not any(psutil.pid_exists(pid) for pid in pids.values())
    assert alive(again)
    second("airflow.leave()")
    workbook.until_gone()
    assert second("str(airflow)") == "Airflow (ended)"


def test_a_killed_server_takes_its_kernels_and_airflow_with_it(workbook: Workbook) -> None:
    port = free_port()
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "jupyter", "server", "--no-browser", "--allow-root"),
            *("--IdentityProvider.token=known", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}"),
        ],
        env=workbook.environment,
        cwd=workbook.root,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        address = f"http://127.0.0.1:{port}/api/kernels?token=known"

        def answers() -> bool:
            try:
                return httpx.get(address).is_success
            except httpx.HTTPError:
                return False

        until(answers, "the server answers")
        httpx.post(address, json={"name": "python3"}).raise_for_status()
        runtime = Path(workbook.environment["JUPYTER_RUNTIME_DIR"])
        until(lambda: list(runtime.glob("kernel-*.json")), "the server has started a kernel")
        client = BlockingKernelClient(connection_file=str(next(runtime.glob("kernel-*.json"))))
        client.load_connection_file()
        client.start_channels()

        def is_ready() -> bool:
            try:
                client.wait_for_ready(timeout=600)
            except (
                RuntimeError
            ):  # on a busy machine a kernel that starts misses a heartbeat, which is taken for its end
                return False
            return True

        until(is_ready, "the kernel answers")
        cells = Cells(client)
        cells("from workbook import stack")
        assert alive(started(cells))
    finally:
        server.kill()
        server.wait()
    client.stop_channels()
    workbook.until_gone()


def test_a_taken_port_is_said_when_it_was_asked_for_and_avoided_when_not(
    workbook: Workbook, new_kernel: NewKernel
) -> None:
    kernel = new_kernel(workbook)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CellError, match="StackError: Airflow's api-server ended with") as complaint:
            kernel(f"stack.start({{'api.port': {port}}})")
        assert f"address ('127.0.0.1', {port}): address already in use" in str(complaint.value)
        assert str(workbook.airflow / "api-server.log") in str(complaint.value)
        workbook.until_gone()

        # a supervisor whose first choice somebody else takes before Airflow can use it
        unlucky = (
            "import sys, workbook.stack.supervisor as s\n"
            f"ports = iter([{port}])\n"
            "free = s.free_port\n"
            "s.free_port = lambda: next(ports, None) or free()\n"
            "from pathlib import Path\n"
            "s.main(Path(sys.argv[1]))\n"
        )
        kernel(f"import sys; stack.attach.SUPERVISOR = [sys.executable, '-c', {unlucky!r}]")
        assert alive(started(kernel))
        assert kernel("airflow.url") != f"http://127.0.0.1:{port}"
    kernel.kill()
    workbook.until_gone()


def test_two_workbooks_at_once_do_not_disturb_each_other(
    new_workbook: NewWorkbook, new_kernel: NewKernel
) -> None:
    books = [new_workbook("one"), new_workbook("two words")]
    kernels = [new_kernel(book) for book in books]
    starting = kernels[0].send("airflow = stack.start()")
    second = started(kernels[1])
    kernels[0].outcome(starting)
    first = started(kernels[0])
    assert not set(first.values()) & set(second.values())
    assert kernels[0]("airflow.url") != kernels[1]("airflow.url")
    for book, kernel in zip(books, kernels, strict=True):
        name = book.root.name.replace(" ", "_")
        folder = book.dag_folder("dags of mine", name)
        assert kernel(f"airflow.publish('mine', {str(folder)!r})") == [name]
    for kernel in kernels:
        kernel("[mine] = airflow.dag_ids(); run = airflow.run(mine)")
    for kernel in kernels:
        assert kernel("list(run.wait().state)") == ["success"]
        assert kernel(f"{EVERY_RUN}; len(every_run.tasks())") == 1

    kernels[0].kill()
    books[0].until_gone()
    assert alive(second)
    assert kernels[1]("list(airflow.run(mine).wait().state)") == ["success"]

    # the command line ends its own only
    command = [sys.executable, "-m", "workbook.stack"]
    for book, answer in (
        (books[0], "Airflow is not running."),
        (books[1], "Airflow runs at http://127.0.0.1:"),
    ):
        result = subprocess.run(
            [*command, "status"], env=book.environment, cwd=book.root, capture_output=True, text=True
        )
        assert result.stdout.startswith(answer), result
    subprocess.run([*command, "stop"], env=books[0].environment, cwd=books[0].root, check=True)
    assert alive(second)
    subprocess.run([*command, "stop"], env=books[1].environment, cwd=books[1].root, check=True)
    assert not books[1].processes()
