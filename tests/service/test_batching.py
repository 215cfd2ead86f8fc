"""Requests that are predicted together: each gets its own, and nothing that is not logged."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest

from analysis.models.predicting.predictor import Predictor, open_predictor
from analysis.service.answering import answer, look_on, note
from analysis.service.asked import Answered, Asked
from analysis.service.batching import Batcher
from analysis.service.crew import Crew
from analysis.service.limits import Limits
from analysis.service.logged import LogEntry, Refusal
from analysis.service.refusing import RefusedError
from analysis.service.serving import Arm, Serving
from tests.helpers.bundle_pipelines import FIELDS
from tests.helpers.bundles import write_bundle
from tests.helpers.serving import ROW


class Kept:
    """A log in memory; it is full when it is told so."""

    def __init__(self) -> None:
        self.entries: list[LogEntry] = []
        self.full = False
        self.open = threading.Event()
        self.open.set()

    def write(self, entries: Sequence[LogEntry]) -> None:
        """Keep entries."""
        self.open.wait(30)
        if self.full:
            raise OSError(28, "No space left on device")
        self.entries += entries

    def close(self) -> None:
        """Do nothing."""


class Picky:
    """A predictor that fails for rows of an hour, as a model does for what it cannot take."""

    def __init__(self, predictor: Predictor, hour: int) -> None:
        self.bundle = predictor.bundle
        self._predictor, self._hour = predictor, hour

    def predict(self, columns: Any) -> dict[str, list[Any]]:
        """Predict, or fail."""
        if self._hour in columns["hour"]:
            raise ValueError("not of this hour")
        return self._predictor.predict(columns)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> tuple[Predictor, Predictor]:
    """Give two versions of a model."""
    root = tmp_path_factory.mktemp("two")
    for seed in (1, 2):
        write_bundle(root / str(seed), seed=seed)
    return open_predictor(root / "1"), open_predictor(root / "2")


def asked(serving: Serving, hours: Sequence[int], arms: Sequence[int] | None = None) -> Asked:
    """Ask for rows of these hours."""
    columns = {
        field.name: [ROW[field.name]] * len(hours) if field.name != "hour" else [*hours]
        for field in FIELDS
    }
    keys = {"id": [100 + hour for hour in hours]}
    now = time.perf_counter()
    return Asked("r" * 32, "2026-01-01", now, serving, len(hours), columns, keys, arms)


def arm(predictor: Any, name: str = "champion", **told: Any) -> Arm:
    """Give an arm."""
    return Arm(name, f"id of {name}", 1, name, predictor, **told)


def probability(predictor: Predictor, hours: Sequence[int]) -> list[float]:
    """Predict rows directly."""
    columns = asked(Serving("m", (arm(predictor),)), hours).columns
    return predictor.predict(columns)["probability"]


def test_arms_of_one_request(two: tuple[Predictor, Predictor]) -> None:
    """Each row is answered and logged by its arm, in the order of the request."""
    first, second = two
    serving = Serving("m", (arm(first), arm(second, "challenger", share=0.5)))
    log, hours, arms = Kept(), [3, 9, 15, 21], [0, 1, 1, 0]
    (found,) = answer([asked(serving, hours, arms)], log, Crew(1))
    assert isinstance(found, Answered)
    by_arm = [probability(first, hours), probability(second, hours)]
    expected = [by_arm[chosen][row] for row, chosen in enumerate(arms)]
    assert found.outputs["probability"] == pytest.approx(expected, abs=1e-12)
    assert [(e.arm, [*e.rows], [*e.keys["id"]]) for e in log.entries] == [
        ("champion", [0, 3], [103, 121]),
        ("challenger", [1, 2], [109, 115]),
    ]


def test_shadow_only_looks_on(two: tuple[Predictor, Predictor]) -> None:
    """A shadow is logged for all rows and answers none, even if it fails."""
    serving = Serving("m", (arm(two[0]), arm(two[1], "challenger", shadow=True)))
    log, request = Kept(), asked(serving, [3, 9])
    (found,) = answer([request], log, Crew(1))
    assert isinstance(found, Answered)
    assert [one.name for one in found.arms] == ["champion"]
    look_on([request], log, Crew(1))
    assert [(entry.arm, entry.shadow) for entry in log.entries] == [
        ("champion", False),
        ("challenger", True),
    ]
    failing = Serving("m", (arm(two[0]), arm(Picky(two[1], 3), "challenger", shadow=True)))
    look_on([asked(failing, [3])], log, Crew(1))
    assert len(log.entries) == 2


def test_rows_that_fail_spoil_no_others(two: tuple[Predictor, Predictor]) -> None:
    """Of requests that are predicted together, only that fails which makes the model fail."""
    serving = Serving("m", (arm(Picky(two[0], 13)),))
    log = Kept()
    found = answer([asked(serving, [hour]) for hour in (3, 13, 9)], log, Crew(1))
    assert isinstance(found[1], ValueError)
    for result, hour in ((found[0], 3), (found[2], 9)):
        assert isinstance(result, Answered)
        assert result.outputs["probability"] == pytest.approx(probability(two[0], [hour]))
    assert len(log.entries) == 2


def test_what_is_not_logged_is_not_answered(two: tuple[Predictor, Predictor]) -> None:
    """A log that is full gives 503, and no prediction."""
    log = Kept()
    log.full = True
    (found,) = answer([asked(Serving("m", (arm(two[0]),)), [3])], log, Crew(1))
    assert isinstance(found, RefusedError)
    assert (found.refusing.status, found.refusing.headers) == (503, {"Retry-After": "5"})


def test_many_rows_in_parts(two: tuple[Predictor, Predictor]) -> None:
    """Parts of many rows are put together in their order."""
    hours = [place % 24 for place in range(9001)]
    columns = asked(Serving("m", (arm(two[0]),)), hours).columns
    crew = Crew(3, worth=1e-9)
    alone = crew.predict(two[0], columns)
    together = crew.predict(two[0], columns)
    crew.close()
    assert alone == together
    assert together["probability"] == pytest.approx(probability(two[0], hours), abs=1e-12)
    assert len(together["prediction"]) == 9001


def test_waiting(two: tuple[Predictor, Predictor]) -> None:
    """What waits is predicted in one call; beyond the limit it is refused, and what is given up
    is not predicted.
    """
    log, sizes = Kept(), []
    crew = Crew(1)

    def counted(batch: Sequence[Asked]) -> Any:
        sizes.append(len(batch))
        return answer(batch, log, crew)

    batcher = Batcher(
        Limits(rows=5), counted, partial(look_on, log=log, crew=crew), partial(note, log=log)
    )
    serving = Serving("m", (arm(two[0]),))

    async def work() -> None:
        batcher.start()
        log.open.clear()
        first = asyncio.create_task(batcher.ask(asked(serving, [1])))
        while not sizes:
            await asyncio.sleep(0.01)
        others = [asyncio.create_task(batcher.ask(asked(serving, [hour]))) for hour in range(9)]
        await asyncio.sleep(0)
        others[0].cancel()
        with pytest.raises(RefusedError) as refused:
            await batcher.ask(asked(serving, [2]))
        assert refused.value.refusing.status == 503
        batcher.note(refusal(serving))
        log.open.set()
        await first
        found = await asyncio.gather(*others[1:])
        for hour, one in enumerate(found, 1):
            assert one.outputs["probability"] == pytest.approx(probability(two[0], [hour]))
        assert (await batcher.ask(asked(serving, [2]))).arms[0].name == "champion"
        await batcher.stop()

    asyncio.run(work())
    assert sizes == [1, 8, 1]
    assert [entry.refusal for entry in log.entries if entry.refusal] == [Refusal(503, "busy")]


def refusal(serving: Serving) -> LogEntry:
    """Give what is logged of a request that was refused."""
    told: dict[str, Any] = {"rows": (), "keys": {}, "inputs": {}, "outputs": {}}
    return LogEntry(
        time="2026-01-01",
        request="r",
        model=serving.model,
        version=serving.first.version,
        arm="champion",
        shadow=False,
        latency_ms=0.1,
        refusal=Refusal(503, "busy"),
        **told,
    )
