"""Rows of the warehouse by their keys, in a thread of its own."""

from __future__ import annotations

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor

from analysis.errors import AnalysisError
from analysis.models.bundle.record import Bundle
from analysis.project import Project
from analysis.service.reading.columns import Columns
from analysis.service.refusing import Detail, refused, unprocessable
from analysis.warehouse.datasets.lookup import Found, Rows, Wanted

_KINDS = {"number": "DOUBLE", "integer": "BIGINT", "boolean": "BOOLEAN", "category": "VARCHAR"}


class Lookup:
    """Looks up the fields of a model; ``sample`` stands in for the one that it was trained on."""

    def __init__(self, project: Project, sample: str | None = None) -> None:
        self._sample = sample
        self._rows = Rows(project)
        self._thread = ThreadPoolExecutor(1, "looking-up")

    async def find(self, bundle: Bundle, keys: Columns) -> Columns:
        """Give the fields of the rows with these keys, in their order.

        Raises
        ------
        RefusedError
            A key is of another type, or there is no row with it, or there is no warehouse.
        """
        wanted = Wanted(
            name=bundle.model,
            sample=self._sample or bundle.sample,
            # Columns of the sample that the model takes stand under the sample.
            features=tuple(view for view in bundle.features if view != bundle.sample),
            key=tuple((key.name, key.type) for key in bundle.key),
            columns=tuple((field.name, _KINDS[field.type]) for field in bundle.fields),
        )
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._thread, self._rows.find, wanted, keys)
        except AnalysisError as error:
            # Whoever runs the server is told why; the caller is not.
            why = " ".join(str(error).split())
            sys.stderr.write(f"rows cannot be looked up: {why}\n")
            sys.stderr.flush()
            raise refused(
                503, "warehouse", "the rows cannot be looked up here now", ("server",)
            ) from None
        _check(found, keys, [key.name for key in bundle.key])
        return {**found.columns}

    def close(self) -> None:
        """End the thread, and close the warehouse."""
        self._thread.submit(self._rows.close)
        self._thread.shutdown()


def _check(found: Found, keys: Columns, names: list[str]) -> None:
    if found.mistyped:
        raise unprocessable(
            Detail(("body", row, name), f"this is no {kind}", "type")
            for row, name, kind in found.mistyped
        )
    if found.missing:
        raise unprocessable((_unknown(row, keys, names) for row in found.missing), 404)


def _unknown(row: int, keys: Columns, names: list[str]) -> Detail:
    told = ", ".join(f"{name} {str(keys[name][row])[:60]}" for name in names)
    return Detail(("body", row), f"there is no row with the key {told}", "unknown_key")
