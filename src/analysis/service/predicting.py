"""From a request to its answer; what is refused is logged as well."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from analysis.models.bundle.record import answer_name
from analysis.service.arms.split import chosen
from analysis.service.asked import Answered, Asked
from analysis.service.logged import LogEntry, Refusal
from analysis.service.reading.columns import Columns
from analysis.service.refusing import RefusedError, Refusing
from analysis.service.responses import as_json
from analysis.service.service import Service
from analysis.service.serving import Serving


@dataclass(frozen=True)
class Read:
    """The columns of a request's rows, checked, and those of their keys if they are known."""

    columns: Columns
    keys: Columns


async def answering(
    service: Service, request: Request, read: Callable[[Request, Serving], Awaitable[Read]]
) -> Response:
    """Read the rows of a request, have them predicted, and write the answer."""
    serving = service.held.now
    id_, started = request.scope["state"]["request"], request.scope["state"]["started"]
    arrived = datetime.now(UTC).isoformat(timespec="microseconds")
    try:
        found = await read(request, serving)
        rows = len(next(iter(found.columns.values()), ()))
        arms = chosen(serving, found.keys, rows, id_)
        answered = await service.batcher.ask(
            Asked(id_, arrived, started, serving, rows, found.columns, found.keys, arms)
        )
    except RefusedError as error:
        service.batcher.note(_entry(serving, id_, arrived, started, error.refusing))
        raise
    return _written(answered)


def _written(answered: Answered) -> Response:
    arms = answered.arms
    return as_json(
        {answer_name(name): values for name, values in answered.outputs.items()},
        X_Model_Version=", ".join(str(arm.number) for arm in arms),
        X_Model_Arm=", ".join(arm.name for arm in arms),
    )


def note_refused(service: Service, request: str, started: float, refusing: Refusing) -> None:
    """Have a request logged that was refused before anything of it was read."""
    waited = timedelta(seconds=time.perf_counter() - started)
    arrived = (datetime.now(UTC) - waited).isoformat(timespec="microseconds")
    service.batcher.note(_entry(service.held.now, request, arrived, started, refusing))


def _entry(
    serving: Serving, request: str, arrived: str, started: float, refusing: Refusing
) -> LogEntry:
    first = refusing.details[0]
    arm = serving.first
    return LogEntry(
        time=arrived,
        request=request,
        model=serving.model,
        version=arm.version,
        arm=arm.name,
        shadow=False,
        rows=(),
        keys={},
        inputs={},
        outputs={},
        latency_ms=round((time.perf_counter() - started) * 1000, 3),
        refusal=Refusal(refusing.status, first.type, first.field),
    )
