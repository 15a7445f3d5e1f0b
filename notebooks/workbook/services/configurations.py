"""The configuration service: one pipeline's configuration per request."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from workbook.services.http import Knobs, happens, refusal, wait

LIMITS = {"latency": (0.0, 60.0), "error_rate": (0.0, 1.0)}


class Configurations:
    """Serves ``GET /pipelines`` and ``GET /pipelines/{id}``, and counts them apart.

    Args:
        configurations: the configurations as JSON objects, each with an ``id``.
        knobs: ``latency`` (seconds per configuration) and ``error_rate`` (share of answers that are a 500).
    """

    def __init__(self, configurations: Sequence[Mapping[str, Any]], knobs: Mapping[str, object]) -> None:
        self.knobs = Knobs(LIMITS, knobs)
        self._configurations = {str(each["id"]): dict(each) for each in configurations}
        self._under_way = 0
        self.reset()

    def reset(self) -> None:
        self._requests = self._lists = self._errors = 0
        self._most_concurrent = self._under_way

    def actions(self) -> Mapping[str, Callable[[], None]]:
        return {"reset": self.reset}

    def counters(self) -> dict[str, int]:
        return {
            "requests": self._requests,
            "lists": self._lists,
            "errors": self._errors,
            "most_concurrent": self._most_concurrent,
        }

    def records(self) -> list[dict[str, Any]]:
        return list(self._configurations.values())

    def routes(self) -> Sequence[Route]:
        return [Route("/pipelines", self.list), Route("/pipelines/{id:path}", self.one)]

    async def list(self, request: Request) -> Response:
        self._lists += 1
        return JSONResponse({"ids": list(self._configurations)})

    async def one(self, request: Request) -> Response:
        self._requests += 1
        fails = happens(self._requests, self.knobs["error_rate"])
        self._errors += fails
        self._under_way += 1
        self._most_concurrent = max(self._most_concurrent, self._under_way)
        await wait(self.knobs["latency"])
        self._under_way -= 1
        if fails:
            return refusal(500, "the configuration service failed, as its error_rate asks")
        name = request.path_params["id"]
        if name not in self._configurations:
            return refusal(404, f'no pipeline has the id "{name}"; GET /pipelines lists those that exist')
        return JSONResponse(self._configurations[name])
