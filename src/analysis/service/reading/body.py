"""The body of a request, of which no more than the limit is ever held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.service.limits import MEGABYTE, Limits
from analysis.service.refusing import RefusedError, refused

if TYPE_CHECKING:
    from starlette.requests import Request


async def read_body(request: Request, limits: Limits) -> bytes:
    """Read the whole body.

    Raises
    ------
    RefusedError
        It is too large: told from its announced length, or as soon as too much has come.
    """
    # The server has refused what is no number.
    if int(request.headers.get("content-length", 0)) > limits.body:
        raise _too_large(limits)
    # A compressed body could be a thousand times as large.
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise refused(
            415,
            "content_encoding",
            "a compressed body is not taken",
            ("header", "content-encoding"),
        )
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > limits.body:
            raise _too_large(limits)
        parts.append(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _too_large(limits: Limits) -> RefusedError:
    return refused(413, "too_large", f"the body is larger than {limits.body / MEGABYTE:g} MB")
