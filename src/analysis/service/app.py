"""The application: its routes, and what stands before them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from analysis.project import Project
from analysis.service.answering import answer, look_on, note
from analysis.service.batching import Batcher
from analysis.service.crew import Crew
from analysis.service.docs.openapi import openapi
from analysis.service.gate import Gate
from analysis.service.keys.guard import Guard
from analysis.service.limits import Limits
from analysis.service.logged import PredictionLog
from analysis.service.lookup import Lookup
from analysis.service.predicting import note_refused
from analysis.service.refusing import Detail, Refusing
from analysis.service.responses import refusal
from analysis.service.routes.about import metadata_of, prototype_of
from analysis.service.routes.bykey import by_key_of
from analysis.service.routes.docs import docs_of, openapi_of
from analysis.service.routes.ping import ping
from analysis.service.routes.predict import predict_of
from analysis.service.service import Service
from analysis.service.serving import Held


def create_app(
    project: Project,
    held: Held,
    log: PredictionLog,
    limits: Limits,
    guard: Guard | None = None,
    *,
    sample: str | None = None,
    anywhere: bool = False,
) -> FastAPI:
    """Make the application that answers with what is ``held``.

    Parameters
    ----------
    project
        Whose warehouse has the rows that are asked for by key.
    log
        Every prediction is in it before it is answered; it is closed at the end.
    guard
        Asks for keys, where they are wanted.
    sample
        Keys are of this sample, and not of the one that the model was trained on.
    anywhere
        Values are taken that are outside of the range of the training rows.
    """
    crew = Crew()
    batcher = Batcher(
        limits,
        partial(answer, log=log, crew=crew),
        partial(look_on, log=log, crew=crew),
        partial(note, log=log),
    )
    lookup = Lookup(project, sample)
    service = Service(held, limits, batcher, lookup, anywhere, guard is not None)

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        batcher.start()
        yield
        await batcher.stop()
        crew.close()
        lookup.close()
        log.close()

    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, lifespan=living)
    app.add_middleware(Gate, limits=limits, guard=guard, note=partial(note_refused, service))
    app.add_exception_handler(HTTPException, _not_here)  # type: ignore[arg-type]
    _add_routes(app, service)
    app.openapi = lambda: openapi(service)  # type: ignore[method-assign]
    return app


def _add_routes(app: FastAPI, service: Service) -> None:
    app.add_route("/ping", ping, ["GET"])
    app.add_route("/metadata", metadata_of(service), ["GET"])
    app.add_route("/prototype", prototype_of(service), ["GET"])
    app.add_route("/predict", predict_of(service), ["POST"])
    app.add_route("/predict/by-key", by_key_of(service), ["POST"])
    app.add_route("/openapi.json", openapi_of(service), ["GET"])
    app.add_route("/docs", docs_of(service), ["GET"])
    app.add_route("/", docs_of(service), ["GET"])


async def _not_here(request: Request, error: HTTPException) -> Response:
    told = Detail(("path",), error.detail, "path" if error.status_code == 404 else "method")
    id_ = request.scope.get("state", {}).get("request", "")
    return refusal(Refusing(error.status_code, (told,), error.headers or {}), id_)
