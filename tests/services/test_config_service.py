"""The configuration service as a factory and a notebook use it."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from pipelines.config import PipelineConfig
from workbook.catalog import configurations
from workbook.services import ConfigService, ServiceError, config_service
from workbook.services.http import happens

CONFIGS = configurations(7)


@pytest.fixture(scope="module")
def shared() -> Iterator[ConfigService]:
    with config_service(CONFIGS, latency=0) as service:
        yield service


@pytest.fixture
def service(shared: ConfigService) -> ConfigService:
    shared.up()
    shared.set(latency=0, error_rate=0)
    shared.reset()
    return shared


def ask(service: ConfigService, path: str) -> httpx.Response:
    return httpx.get(service.url + path, verify=False, trust_env=False, timeout=10)


def test_lists_and_serves_its_configurations_and_counts_them_apart(service: ConfigService) -> None:
    ids = ask(service, "/pipelines").json()["ids"]
    served = [PipelineConfig.model_validate(ask(service, f"/pipelines/{each}").json()) for each in ids]
    assert served == CONFIGS
    assert (service.lists, service.requests) == (1, 7)
    service.reset()
    assert (service.lists, service.requests) == (0, 0)


def test_a_number_gives_the_first_configurations_of_the_catalog() -> None:
    with config_service(3, latency=0) as service:
        assert ask(service, "/pipelines").json()["ids"] == [each.id for each in configurations(3)]


def test_waits_its_latency_and_serves_others_meanwhile(service: ConfigService) -> None:
    service.set(latency=0.2)
    begin = time.monotonic()
    assert ask(service, f"/pipelines/{CONFIGS[0].id}").is_success
    assert time.monotonic() - begin >= 0.2
    service.set(latency=60)
    with httpx.Client(base_url=service.url, verify=False, trust_env=False) as client:
        with pytest.raises(httpx.ReadTimeout):
            client.get(f"/pipelines/{CONFIGS[0].id}", timeout=0.1)
        # nobody listens to that answer any more, but the service goes on with it; the list does not wait
        assert client.get("/pipelines", timeout=30).is_success


def test_requests_at_the_same_time_are_counted() -> None:
    with config_service(CONFIGS, latency=0.5) as service, ThreadPoolExecutor(3) as threads:
        for _ in range(2):
            assert ask(service, f"/pipelines/{CONFIGS[0].id}").is_success
        assert service.most_concurrent == 1
        every = list(threads.map(lambda config: ask(service, f"/pipelines/{config.id}"), CONFIGS[:3]))
        assert all(answer.is_success for answer in every)
        assert service.most_concurrent > 1
        service.reset()
        assert service.most_concurrent == 0


def test_errors_come_evenly_and_without_chance(service: ConfigService) -> None:
    service.set(error_rate=0.25)
    answers = [ask(service, f"/pipelines/{CONFIGS[0].id}").status_code for _ in range(8)]
    assert answers == [200, 200, 200, 500] * 2
    assert service.errors == 2


@pytest.mark.parametrize("rate", [0.1, 0.3, 0.7, 1.0])
def test_the_share_of_errors_is_exact(service: ConfigService, rate: float) -> None:
    service.set(error_rate=rate)
    with httpx.Client(base_url=service.url, verify=False, trust_env=False) as client:
        for _ in range(10):
            client.get(f"/pipelines/{CONFIGS[0].id}")
    assert service.errors == round(10 * rate)


def test_no_share_is_spoilt_by_binary_fractions() -> None:
    shares = [hundredths / 100 for hundredths in range(101)]
    assert [sum(happens(count, share) for count in range(1, 101)) for share in shares] == list(range(101))


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/pipelines/nobody", 404, 'no pipeline has the id "nobody"'),
        ("/pipelines/../secret", 404, "GET /pipelines"),
        ("/", 404, "GET /pipelines/{id:path}"),
    ],
)
def test_says_what_is_wrong_with_a_request(service: ConfigService, path: str, status: int, says: str) -> None:
    answer = ask(service, path)
    assert answer.status_code == status
    assert says in answer.json()["error"]


def test_another_method_is_refused_in_json(service: ConfigService) -> None:
    answer = httpx.post(service.url + "/pipelines", verify=False, trust_env=False)
    assert answer.status_code == 405
    assert "GET /pipelines" in answer.json()["error"]


def test_an_outage_refuses_connections_and_ends_at_the_same_address(service: ConfigService) -> None:
    address = service.url
    ask(service, f"/pipelines/{CONFIGS[0].id}")
    service.down()
    service.down()
    with pytest.raises(httpx.ConnectError):
        ask(service, "/pipelines")
    assert service.requests == 1, "the handle still reads what was counted"
    service.up()
    service.up()
    assert service.url == address
    assert ask(service, "/pipelines").is_success
    assert (service.requests, service.lists) == (1, 1)


def test_nobody_else_gets_the_number_in_an_outage(service: ConfigService) -> None:
    number, ended, taken = int(service.url.rpartition(":")[2]), threading.Event(), []

    def take() -> None:
        while not ended.is_set():
            with socket.socket() as other, contextlib.suppress(OSError):
                other.bind(("127.0.0.1", number))
                taken.append(number)
                ended.wait()

    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(take)
        try:
            for _ in range(5):
                service.down()
                service.up()
        finally:
            ended.set()
        other.result()
    assert not taken
    assert ask(service, "/pipelines").is_success


def test_an_outage_cuts_an_answer_short(service: ConfigService) -> None:
    service.set(latency=30)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(ask, service, f"/pipelines/{CONFIGS[0].id}")
        while not service.requests:
            time.sleep(0.01)
        service.down()
        with pytest.raises(httpx.TransportError) as cut:
            answer.result()
    assert not isinstance(cut.value, httpx.TimeoutException)


@pytest.mark.parametrize(
    ("knobs", "says"),
    [
        ({"speed": 1}, 'there is no knob "speed"; there are latency, error_rate'),
        ({"latency": -1}, "latency: found -1, need a number from 0 to 60"),
        ({"latency": "fast"}, "latency: found 'fast'"),
        ({"error_rate": 1.5, "latency": 61}, "error_rate: found 1.5, need a number from 0 to 1; latency"),
    ],
)
def test_a_wrong_knob_turns_none(service: ConfigService, knobs: dict, says: str) -> None:
    with pytest.raises(ServiceError, match="refused") as refusal:
        service.set(**{"error_rate": 0.5, **knobs})
    assert says in str(refusal.value)
    assert service.knobs == {"latency": 0, "error_rate": 0}
