"""A service's process: how it starts, survives an interrupt, and ends with whoever holds its handle."""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
import time

import psutil
import pytest

from workbook.services import ServiceError, config_service, job_service, process, server

HOLDER = """
import os, sys, time
from workbook.services import job_service
service = job_service().start()
print(service.pid, flush=True)
{then}
"""


def gone(pid: int) -> bool:
    end = time.monotonic() + 20
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def test_answers_are_sent_at_once() -> None:
    # asyncio sends small answers without delay only on a socket that says it is TCP
    with server._bound(0) as bound:
        assert bound.proto == socket.IPPROTO_TCP


def test_starts_once_and_stops_and_starts_again() -> None:
    service = config_service(2).start()
    pid = service.pid
    assert pid and service.start().pid == pid
    service.stop()
    service.stop()
    assert gone(pid) and not service.running
    with service:
        assert service.pid not in (None, pid)


def test_what_was_counted_can_be_read_afterwards() -> None:
    with config_service(2) as service:
        pass
    assert (service.requests, service.lists) == (0, 0)
    with job_service() as jobs:
        pass
    assert jobs.jobs().empty and jobs.most_concurrent == 0
    with pytest.raises(ServiceError, match=r"is not running\. Start it"):
        service.set(latency=0)


def test_two_services_do_not_share_a_port() -> None:
    with config_service(1) as one, config_service(1) as two:
        assert one.url != two.url


def test_does_not_import_airflow_or_pandas() -> None:
    heavy = ("airflow", "pandas", "faker", "pydantic")
    code = f"import sys, workbook.services.server; print([m for m in {heavy} if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


@pytest.mark.parametrize("then", ["", "os._exit(1)", "raise SystemExit(3)", "os.kill(os.getpid(), 9)"])
def test_ends_with_its_parent_however_that_ends(then: str) -> None:
    holder = subprocess.run([sys.executable, "-c", HOLDER.format(then=then)], capture_output=True, text=True)
    assert gone(int(holder.stdout)), holder.stderr


FORK = """
child = os.fork()
if child:
    print(child, flush=True)
    os._exit(0)
os.close(1)
os.close(2)
time.sleep(600)
"""


def test_ends_with_its_parent_although_a_fork_of_that_lives_on() -> None:
    holder = subprocess.run([sys.executable, "-c", HOLDER.format(then=FORK)], capture_output=True, text=True)
    server, fork = map(int, holder.stdout.split())
    try:
        assert gone(server)
    finally:
        os.kill(fork, signal.SIGKILL)


def test_ends_when_its_handle_is_forgotten() -> None:
    service = config_service(1).start()
    pid = service.pid
    del service
    gc.collect()
    assert pid and gone(pid)


def test_an_interrupt_of_the_parent_leaves_it_alone() -> None:
    service = job_service().start()
    assert service.pid and os.getpgid(service.pid) != os.getpgid(0)
    assert os.getsid(service.pid) != os.getsid(0)
    service.stop()


def test_a_killed_service_is_reported_and_can_be_started_again() -> None:
    service = config_service(1).start()
    assert service.pid
    os.kill(service.pid, signal.SIGKILL)
    with pytest.raises(ServiceError, match=r"configuration service has ended with code -9\. Start it"):
        service.reset()
    with service:
        assert service.requests == 0


def test_a_wrong_knob_at_the_start_says_so_and_leaves_nothing() -> None:
    service = config_service(1, latency=-1)
    with pytest.raises(ServiceError, match=r"did not start.*latency: found -1, need a number from 0 to 60"):
        service.start()
    assert not service.running


def test_a_broken_environment_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process.sys, "executable", "/bin/false")
    with pytest.raises(ServiceError, match=r'ended with code 1 and said "nothing"'):
        config_service(1).start()


def test_an_interpreter_that_is_not_there_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process.sys, "executable", "/nowhere/python")
    with pytest.raises(ServiceError, match=r"/nowhere/python"):
        config_service(1).start()
