"""What both services share: JSON answers, clear refusals, and the knobs that slow them down or make them fail."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute


class Outside(Protocol):
    """An outside system as the server process sees it."""

    knobs: Knobs

    def routes(self) -> Sequence[BaseRoute]:
        """What it answers in public."""

    def counters(self) -> dict[str, int]:
        """What it has counted since the last reset."""

    def actions(self) -> Mapping[str, Callable[[], None]]:
        """What its handle can make it do, by name; ``reset`` sets every counter to zero."""

    def records(self) -> list[dict[str, Any]]:
        """One row for each thing that it remembers."""


class Knobs:
    """Named numbers that can be turned while the service runs.

    Args:
        limits: lowest and highest value of each knob.
        values: what they are set to at the start.
    """

    def __init__(self, limits: Mapping[str, tuple[float, float]], values: Mapping[str, object]) -> None:
        self._limits = dict(limits)
        self.values: dict[str, float] = {}
        self.set(values)

    def __getitem__(self, name: str) -> float:
        return self.values[name]

    def set(self, values: Mapping[str, object]) -> None:
        """Turn some knobs; none of them when one is wrong.

        Raises:
            ValueError: naming every knob that is unknown or out of its range.
        """
        problems = [problem for name, value in values.items() if (problem := self._problem(name, value))]
        if problems:
            raise ValueError("; ".join(problems))
        self.values.update({name: float(value) for name, value in values.items()})  # type: ignore[arg-type]

    def _problem(self, name: str, value: object) -> str | None:
        if name not in self._limits:
            return f'there is no knob "{name}"; there are {", ".join(self._limits)}'
        low, high = self._limits[name]
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            return f"{name}: found {value!r}, need a number from {low:g} to {high:g}"
        return None


def happens(count: int, rate: float) -> bool:
    """Whether the event with this number happens when a share of ``rate`` of them shall happen.

    Evenly spread and without chance, so that two runs count the same: at 0.25 it is every fourth.
    """
    # the small addend lets 100 * 0.29 be 29 although its binary fraction is a little less
    return int(count * rate + 1e-9) > int((count - 1) * rate + 1e-9)


async def wait(seconds: float) -> None:
    """Delay an answer by that long, while other requests go on."""
    if seconds > 0:
        await asyncio.sleep(seconds)


def refusal(status: int, message: str) -> JSONResponse:
    """An error as every part of the services states it: ``{"error": "..."}``."""
    return JSONResponse({"error": message}, status_code=status)


def application(routes: Sequence[BaseRoute]) -> Starlette:
    """An application that states every error as JSON, and for an unknown path names those that exist."""
    addresses = ", ".join(
        f"{method} {getattr(route, 'path', '')}"
        for route in routes
        for method in sorted((getattr(route, "methods", None) or set()) - {"HEAD"})
    )

    async def say_why(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        if status in (404, 405):
            return refusal(
                status, f"{request.method} {request.url.path} does not exist; there are {addresses}"
            )
        return refusal(status, str(error) or type(error).__name__)

    return Starlette(routes=list(routes), exception_handlers={HTTPException: say_why, Exception: say_why})


async def json_object(request: Request) -> dict[str, Any]:
    """The request's body.

    Raises:
        ValueError: when it is not a JSON object.
    """
    try:
        body = await request.json()
    except ValueError as problem:
        raise ValueError(f"the body is not JSON: {problem}") from problem
    if not isinstance(body, dict):
        raise ValueError(f"the body is a {type(body).__name__}, need a JSON object")
    return body
