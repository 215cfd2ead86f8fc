"""``POST /predict``: rows in, predictions out."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from analysis.models.predicting.checks import LONGEST_TEXT
from analysis.service.checked import check_values
from analysis.service.limits import MEGABYTE
from analysis.service.predicting import Read, answering
from analysis.service.reading.body import read_body
from analysis.service.reading.columns import Columns, columns_of
from analysis.service.reading.content import Kind, kind_of
from analysis.service.reading.parquet import read_table
from analysis.service.reading.records import read_records
from analysis.service.refusing import Detail, unprocessable
from analysis.service.routes.about import Endpoint
from analysis.service.service import Service
from analysis.service.serving import Serving

# Larger bodies are read beside the loop, which goes on with others meanwhile.
_LARGE = MEGABYTE


def predict_of(service: Service) -> Endpoint:
    """Make the endpoint that predicts rows which are sent whole."""

    async def read(request: Request, serving: Serving) -> Read:
        kind = kind_of(request.headers.get("content-type", ""))
        body = await read_body(request, service.limits)
        if len(body) > _LARGE or kind == "parquet":
            return await asyncio.to_thread(_read, service, serving, body, kind)
        return _read(service, serving, body, kind)

    async def endpoint(request: Request) -> Response:
        return await answering(service, request, read)

    return endpoint


def _read(service: Service, serving: Serving, body: bytes, kind: Kind) -> Read:
    fields = [field.name for field in serving.fields]
    bundle = serving.first.predictor.bundle
    # A key that comes along is logged, and decides which arm answers.
    keys = [key.name for key in bundle.key]
    others = [name for name in keys if name not in fields]
    columns = _columns(service, body, kind, fields, others)
    check_values(serving.fields, columns, anywhere=service.anywhere)
    given: Columns = {}
    if all(name in columns for name in keys):
        given = {name: columns[name] for name in keys}
        _check_keys(given)
    return Read({name: columns[name] for name in fields}, given)


def _check_keys(keys: Columns) -> None:
    for name, values in keys.items():
        if any(map(_is_no_key, values)):
            raise unprocessable(
                Detail(("body", row, name), "this is no value of a key", "type")
                for row, value in enumerate(values)
                if _is_no_key(value)
            )


def _is_no_key(value: object) -> bool:
    return isinstance(value, list | dict) or (isinstance(value, str) and len(value) > LONGEST_TEXT)


def _columns(
    service: Service, body: bytes, kind: Kind, fields: Sequence[str], others: Sequence[str]
) -> Columns:
    if kind == "parquet":
        return read_table(body, fields, others, service.limits)
    return columns_of(read_records(body, kind, service.limits), fields, others)
