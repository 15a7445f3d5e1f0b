"""The process of one service: a public port, a control port for its handle, and an end with its parent."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import sys
import threading
from collections.abc import Iterator
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from workbook.services.configurations import Configurations
from workbook.services.http import Outside, application, json_object, refusal
from workbook.services.jobs import Jobs

HOST = "127.0.0.1"


def main() -> None:
    """Read what to serve from the first line of standard input, serve it until standard input ends."""
    spec = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    asyncio.run(_serve(_outside(spec)))


def _end_with_the_parent() -> None:
    # The parent's end of this pipe closes however the parent ends, also by a kill that nobody can catch.
    while os.read(0, 4096):
        pass
    os._exit(0)


def _outside(spec: dict[str, Any]) -> Outside:
    if spec["kind"] == "configurations":
        return Configurations(spec["configurations"], spec["knobs"])
    return Jobs(spec["knobs"])


async def _serve(outside: Outside) -> None:
    public, control = Port(application(outside.routes())), Port(_control(outside, lambda: public))
    await public.open()
    await control.open()
    print(json.dumps({"url": public.url, "control": control.url}), flush=True)
    await asyncio.Event().wait()


def _control(outside: Outside, public: Any) -> Starlette:
    """What the handle asks: on a port of its own, so that it answers while the public one is down."""

    async def status(request: Request) -> Response:
        return JSONResponse({"counters": outside.counters(), "knobs": outside.knobs.values})

    async def records(request: Request) -> Response:
        return JSONResponse(outside.records())

    async def turn(request: Request) -> Response:
        try:
            outside.knobs.set(await json_object(request))
        except ValueError as problem:
            return refusal(400, str(problem))
        return await status(request)

    async def act(request: Request) -> Response:
        outside.actions()[request.url.path.strip("/")]()
        return await status(request)

    async def up(request: Request) -> Response:
        await public().open()
        return await status(request)

    async def down(request: Request) -> Response:
        await public().close()
        return await status(request)

    return application(
        [
            Route("/", status),
            Route("/records", records),
            Route("/knobs", turn, methods=["POST"]),
            *(Route(f"/{name}", act, methods=["POST"]) for name in outside.actions()),
            Route("/up", up, methods=["POST"]),
            Route("/down", down, methods=["POST"]),
        ]
    )


class Port:
    """A port on loopback that can be closed and opened again without losing its number."""

    def __init__(self, app: Starlette) -> None:
        self._app = app
        # Bound for ever but never listening: during an outage connections are refused, and nobody else
        # gets the number, not even between the end of one listener and the start of the next.
        self._socket = _bound(0)
        self._number = self._socket.getsockname()[1]
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._number}"

    async def open(self) -> None:
        """Listen; nothing to do when it does already."""
        if self._server:
            return
        config = uvicorn.Config(self._app, lifespan="off", log_config=None, access_log=False, ws="none")
        self._server = _Server(config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[_bound(self._number)]))
        while not self._server.started:
            await asyncio.sleep(0.001)

    async def close(self) -> None:
        """Refuse new connections and cut those that are open, in the middle of an answer as well."""
        if not self._server or not self._serving:
            return
        server, self._server = self._server, None
        for listener in server.servers:
            listener.close()
        for connection in list(server.server_state.connections):
            connection.transport.abort()
        server.should_exit = server.force_exit = True
        await self._serving


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        # two servers share this process, and signals end it as a whole
        yield


def _bound(port: int) -> socket.socket:
    # named as TCP, or else asyncio does not see that it is and an answer waits 40 ms for an acknowledgement
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    # one number for the socket that holds it and the one that listens: Linux asks for the first, BSD for the second
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    bound.bind((HOST, port))
    return bound


if __name__ == "__main__":
    main()
