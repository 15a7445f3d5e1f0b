"""What is asked of the configuration service: the address may hold credentials, and nobody else gets to see them."""

from __future__ import annotations

import base64
import json
import threading
import traceback
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

import pytest

from pipelines.config import ConfigError, fetch_config, fetch_ids
from workbook.catalog import configurations

CONFIG = configurations(1)[0]
PASSWORD = "hush:7/ü@?#%"
ENCODED = "hush:7%2F%C3%BC%40%3F%23%25"
BASIC = f"Basic {base64.b64encode(f'team:{PASSWORD}'.encode()).decode()}"
SECRETS = ["hush", PASSWORD, ENCODED, BASIC.removeprefix("Basic ")]


class Service(NamedTuple):
    """A service that answers as a test wants it.

    Attributes:
        address: without credentials.
        answers: status, body and perhaps another address, by path; what is not there is 404.
        authorizations: the ``Authorization`` of each question, by path.
    """

    address: str
    answers: dict[str, tuple[int, str, str]]
    authorizations: dict[str, str | None]

    @property
    def secret(self) -> str:
        """The address with user and password."""
        return self.address.replace("://", f"://team:{ENCODED}@")


@pytest.fixture
def serve() -> Iterator[Callable[[], Service]]:
    """Starts services."""
    servers = []

    def start() -> Service:
        answers: dict[str, tuple[int, str, str]] = {}
        authorizations: dict[str, str | None] = {}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                authorizations[self.path] = self.headers["Authorization"]
                status, body, location = answers.get(self.path, (404, "", ""))
                self.send_response(status)
                if location:
                    self.send_header("Location", location)
                if body == "breaks off":
                    self.send_header("Content-Length", "1000")
                self.end_headers()
                self.wfile.write(body.encode(errors="surrogateescape"))

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        servers.append(server)
        return Service(f"http://127.0.0.1:{server.server_port}", answers, authorizations)

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def service(serve: Callable[[], Service]) -> Service:
    """A service with one pipeline."""
    service = serve()
    service.answers["/pipelines"] = (200, json.dumps({"ids": [CONFIG.id]}), "")
    service.answers[f"/pipelines/{CONFIG.id}"] = (200, CONFIG.model_dump_json(), "")
    return service


def test_ids_and_configurations_are_fetched_without_credentials(service: Service) -> None:
    assert fetch_ids(service.address) == [CONFIG.id]
    assert fetch_config(service.address, CONFIG.id) == CONFIG
    assert service.authorizations == {"/pipelines": None, f"/pipelines/{CONFIG.id}": None}


def test_a_service_may_live_below_an_address_that_ends_in_a_slash(service: Service) -> None:
    service.answers["/emea/pipelines"] = service.answers["/pipelines"]
    assert fetch_ids(f"{service.address}/emea/") == [CONFIG.id]
    assert fetch_ids(f"{service.address}/emea") == [CONFIG.id]


def test_credentials_in_the_address_are_sent_with_every_question(service: Service) -> None:
    assert fetch_ids(service.secret) == [CONFIG.id]
    assert fetch_config(service.secret, CONFIG.id) == CONFIG
    assert service.authorizations == {"/pipelines": BASIC, f"/pipelines/{CONFIG.id}": BASIC}


@pytest.mark.parametrize(
    ("credentials", "sent"),
    [("team:", "team:"), (":key", ":key"), ("a:b@c", "a:b@c"), ("t%20m:%3a", "t m::")],
)
def test_a_user_or_a_password_may_be_missing_and_is_decoded(
    credentials: str, sent: str, service: Service
) -> None:
    fetch_ids(service.address.replace("://", f"://{credentials}@"))
    authorization = service.authorizations["/pipelines"]
    assert authorization
    assert base64.b64decode(authorization.removeprefix("Basic ")).decode() == sent


ANSWERS = {
    "nobody there": (404, "", ""),
    "not allowed": (401, "", ""),
    "broken": (503, "", ""),
    "breaks off": (200, "breaks off", ""),
    "not JSON": (200, "<html>", ""),
    "not UTF-8": (200, "\udcff", ""),
    "an empty object": (200, "{}", ""),
    "a bad id": (200, '{"ids": ["../b"], "id": "../b"}', ""),
    "an endless redirection": (302, "", "/pipelines"),
    "a redirection to no address": (302, "", "ftp:///"),
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_no_error_shows_the_credentials(answer: tuple[int, str, str], service: Service) -> None:
    address, one = service.secret, CONFIG.id
    service.answers["/pipelines"] = service.answers[f"/pipelines/{one}"] = answer
    for fetch in (lambda: fetch_ids(address), lambda: fetch_config(address, one)):
        with pytest.raises((OSError, ConfigError)) as error:
            fetch()
        report = "".join(traceback.format_exception(error.value)) + repr(vars(error.value))
        assert not [secret for secret in SECRETS if secret in report]


@pytest.mark.parametrize(
    "address",
    [
        "http://team:hush@127.0.0.1:1",
        "http://team:hush@127.0.0.1:hush@x",
        "http://team:hush@",
        "http://team:hush/7@host",
        "http://team:12/hush@host",
        "http://team:hush#7@host",
        "http://team:hush?7@host",
        "http://hush@host",
        "http://host/team:hush@x",
        "team:hush@host",
        "file://team:hush@host/etc/passwd",
        "http:/team:hush@host",
        "http://team:hush@[::1",
        "http://team:hush@ho\u2100st",
        "http://team:hush@host:port",
        "http://team:hush@ho st/x y",
        "http://team:hush@\n/",
        "http://team:hush\n@host@",
        "",
    ],
)
def test_no_address_that_cannot_be_asked_is_shown_with_its_credentials(address: str) -> None:
    with pytest.raises((OSError, ValueError)) as error:
        fetch_ids(address)
    chain = traceback.format_exception(error.value)
    assert not [line for line in chain if "hush" in line]


def test_an_address_that_is_none_is_told_with_what_would_be_one() -> None:
    with pytest.raises(ConfigError) as error:
        fetch_ids("http://team:hush/7@host")
    assert str(error.value).splitlines() == [
        "…@host: 1 problem",
        "  no address such as http://host:port or http://user:password@host:port; write / ? # @ in user and password "
        "as %2F %3F %23 %40",
    ]
    with pytest.raises(ConfigError, match=r"file:///etc/passwd: 1 problem\n  no address such as http"):
        fetch_ids("file:///etc/passwd")


def test_a_redirection_does_not_take_the_credentials_to_somebody_else(
    service: Service, serve: Callable[[], Service]
) -> None:
    other = serve()
    other.answers["/elsewhere"] = service.answers["/pipelines"]
    service.answers["/pipelines"] = (302, "", f"{other.address}/elsewhere")
    assert fetch_ids(service.secret) == [CONFIG.id]
    assert service.authorizations["/pipelines"] == BASIC
    assert other.authorizations == {"/elsewhere": None}


def test_an_answer_that_is_no_configuration_is_named_with_its_address(service: Service) -> None:
    with pytest.raises(OSError, match="404"):
        fetch_config(service.address, "unknown")
    service.answers["/pipelines/a"] = service.answers[f"/pipelines/{CONFIG.id}"]
    with pytest.raises(ConfigError, match=f'{service.address}/pipelines/a: .*\n.*"{CONFIG.id}", asked for a'):
        fetch_config(service.address, "a")
    service.answers["/pipelines/a"] = (200, '{"id": "a", "\\u0069d": "a"}', "")
    with pytest.raises(ConfigError, match="id: given twice"):
        fetch_config(service.address, "a")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("[]", "need an object"),
        ("{}", 'ids: missing; need {"ids": [ … ]}'),
        ('{"ids": "abc"}', 'ids: missing; need {"ids": [ … ]}'),
        ('{"ids": ["../b"]}', 'ids: found "../b", need 1 to 64 letters'),
        ('{"ids": ["a\\n"]}', 'ids: found "a\\n", need 1 to 64 letters'),
        ('{"ids": [7]}', "ids: found 7, need 1 to 64 letters"),
        ('{"ids": ["a", "a"]}', 'id: found "a", but the same id is in http'),
        ('{"ids": ["a", "A"]}', 'id: found "A", but the id "a", which differs only in case, is in http'),
    ],
)
def test_ids_that_airflow_does_not_accept_are_named(body: str, message: str, service: Service) -> None:
    service.answers["/pipelines"] = (200, body, "")
    with pytest.raises(ConfigError) as error:
        fetch_ids(service.address)
    assert f"{service.address}/pipelines: 1 problem\n  {message}" in str(error.value)


def test_an_answer_that_breaks_off_is_an_error_of_the_network(service: Service) -> None:
    service.answers["/pipelines"] = (200, "breaks off", "")
    with pytest.raises(OSError, match="IncompleteRead"):
        fetch_ids(service.address)
