"""``GET /metadata`` and ``GET /prototype``: what is served, and what it takes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from analysis.service.responses import as_json
from analysis.service.service import Service
from analysis.service.told import metadata, prototype

Endpoint = Callable[[Request], Awaitable[Response]]


def metadata_of(service: Service) -> Endpoint:
    """Make the endpoint that tells of the version which is served now."""

    async def endpoint(request: Request) -> Response:
        return as_json(metadata(service.held.now))

    return endpoint


def prototype_of(service: Service) -> Endpoint:
    """Make the endpoint that describes a row."""

    async def endpoint(request: Request) -> Response:
        return as_json(prototype(service.held.now.first.predictor.bundle))

    return endpoint
