"""Answers as JSON."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.responses import Response

from analysis.service.refusing import Refusing

JSON = "application/json"


def as_json(content: Any, status: int = 200, **headers: str) -> Response:
    """Write an answer; ``headers`` are written with ``_`` for ``-``."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(orjson.dumps(content), status, told, JSON)


def refusal(refusing: Refusing, request: str) -> Response:
    """Write a refusal."""
    return Response(
        orjson.dumps(refusing.content(request)), refusing.status, dict(refusing.headers), JSON
    )
