"""The job service as a connection describes it, the clients that reach it, and how its answers are read."""

from __future__ import annotations

import asyncio
import functools
import ssl
import weakref
from typing import Any, NamedTuple

import httpx

from pipelines.remote.jobs import JobRefused, RemoteJobError, ServiceUnavailable, UnknownJob

MAY_PASS = frozenset({408, 425, 429})
"""Answers below 500 that say "not now"."""

CONNECTIONS = 50
"""Connections to the service that one event loop opens at most, however many triggers share them."""


class Service(NamedTuple):
    """Where the service is, and what lets one in."""

    url: str
    token: str | None

    @classmethod
    def of(cls, connection: Any) -> Service:
        """The service of a connection, whose host may be an address with a scheme, a port and a path as well.

        Raises:
            RemoteJobError: when it names no host.
        """
        scheme, _, place = (connection.host or "").rpartition("://")
        scheme = scheme or connection.schema or ("https" if connection.conn_type == "https" else "http")
        host, slash, path = place.partition("/")
        if host.count(":") > 1 and not host.startswith("["):
            host = f"[{host}]"  # of IPv6
        try:
            url = httpx.URL(f"{scheme}://{host}{slash}{path}".rstrip("/"))
            if connection.port and url.port is None:
                url = url.copy_with(port=connection.port)
        except httpx.InvalidURL as problem:
            raise RemoteJobError(f"the host {connection.host!r} is no address: {problem}") from None
        if not url.host:
            raise RemoteJobError(
                f"the connection {connection.conn_id} has no host; give it the service's address"
            )
        return cls(str(url), connection.password)

    def options(self) -> dict[str, Any]:
        """How a client reaches it."""
        return {
            "base_url": self.url,
            "headers": {"Authorization": f"Bearer {self.token}"} if self.token else {},
            "verify": trusted(),
            # Without a proxy: the service is inside, and looking a proxy up crashes forked processes on macOS.
            "trust_env": False,
        }


@functools.cache
def trusted() -> ssl.SSLContext:
    """What certificates are checked by."""
    # once per process, because reading the certificates takes longer than a request
    return httpx.create_ssl_context()


_clients: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Service, httpx.AsyncClient]]
_clients = weakref.WeakKeyDictionary()


def shared_client(service: Service) -> httpx.AsyncClient:
    """The client that all triggers of an event loop share: a thousand triggers would open a thousand connections."""
    clients = _clients.setdefault(asyncio.get_running_loop(), {})
    if service not in clients:
        limits = httpx.Limits(max_connections=CONNECTIONS)
        clients[service] = httpx.AsyncClient(**service.options(), limits=limits)
    return clients[service]


def read(response: httpx.Response) -> Any:
    """The content of an answer of the service.

    Raises:
        ServiceUnavailable, UnknownJob, JobRefused: when it is no success.
    """
    if response.is_success:
        try:
            return response.json()
        except ValueError as problem:  # something between here and the service answered in its place
            raise ServiceUnavailable(f"the answer is not JSON: {response.text[:200]}") from problem
    try:
        reason = str(response.json()["error"])
    except (ValueError, KeyError, TypeError):
        reason = response.text[:200]
    message = f"{response.status_code} {response.reason_phrase}: {reason}"
    if response.status_code >= 500 or response.status_code in MAY_PASS:
        raise ServiceUnavailable(message)
    raise (UnknownJob if response.status_code == 404 else JobRefused)(message)
