"""``GET /openapi.json`` and ``GET /docs``: how to ask."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from analysis.service.docs.openapi import openapi
from analysis.service.docs.page import page
from analysis.service.responses import as_json
from analysis.service.routes.about import Endpoint
from analysis.service.service import Service


def openapi_of(service: Service) -> Endpoint:
    """Make the endpoint that describes all of them for programs."""

    async def endpoint(request: Request) -> Response:
        return as_json(openapi(service))

    return endpoint


def docs_of(service: Service) -> Endpoint:
    """Make the endpoint that describes all of them for people."""

    async def endpoint(request: Request) -> Response:
        base = str(request.base_url).rstrip("/")
        return HTMLResponse(
            page(openapi(service), base, keyed=service.keyed),
            headers={"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"},
        )

    return endpoint
