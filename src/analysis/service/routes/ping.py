"""``GET /ping``: the server is there."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from analysis.service.responses import as_json


async def ping(request: Request) -> Response:
    """Answer as vetiver's server does."""
    return as_json({"ping": "pong"})
