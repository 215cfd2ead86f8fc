"""``POST /predict/by-key``: keys in, whose rows are looked up in the warehouse."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from analysis.service.checked import check_values
from analysis.service.predicting import Read, answering
from analysis.service.reading.body import read_body
from analysis.service.reading.columns import columns_of
from analysis.service.reading.content import kind_of
from analysis.service.reading.records import read_records
from analysis.service.refusing import refused
from analysis.service.routes.about import Endpoint
from analysis.service.service import Service
from analysis.service.serving import Serving


def by_key_of(service: Service) -> Endpoint:
    """Make the endpoint that predicts rows of the warehouse."""

    async def read(request: Request, serving: Serving) -> Read:
        kind = kind_of(request.headers.get("content-type", ""))
        if kind == "parquet":
            raise refused(
                415, "content_type", "send the keys as JSON or NDJSON", ("header", "content-type")
            )
        body = await read_body(request, service.limits)
        bundle = serving.first.predictor.bundle
        names = [key.name for key in bundle.key]
        keys = columns_of(read_records(body, kind, service.limits), names, ())
        columns = await service.lookup.find(bundle, keys)
        check_values(serving.fields, columns, anywhere=service.anywhere)
        return Read(columns, keys)

    async def endpoint(request: Request) -> Response:
        return await answering(service, request, read)

    return endpoint
