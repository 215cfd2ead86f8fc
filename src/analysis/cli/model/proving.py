"""Putting a version through all ways of predicting, and keeping what came of it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.metadata import version as release_of
from pathlib import Path

from analysis.cli.experiment.table import table
from analysis.cli.model.words import difference
from analysis.models.bundle.record import Certificate, Check, Version
from analysis.models.registry.registry import Registry
from analysis.models.registry.who import who
from analysis.models.validating.certify import certificate, event_of
from analysis.models.validating.shipped import KEY
from analysis.models.validating.subject import Way, read_subject
from analysis.models.validating.ways.api import Api
from analysis.models.validating.ways.duckdb import through_duckdb
from analysis.models.validating.ways.postgres import Postgres
from analysis.models.validating.ways.python import through_python
from analysis.models.validating.ways.sqlite import through_sqlite


@dataclass(frozen=True)
class Through:
    """What else is asked: a server by its address in place of one for the trial, PostgreSQL."""

    url: str | None = None
    postgres: str | None = None


def prove(registry: Registry, version: Version, through: Through = Through()) -> Certificate:
    """Put the golden cases of a version through all ways of predicting; keep the certificate.

    Raises
    ------
    ModelError
        Files of the version are not those that were promoted, or a server cannot be asked.
    """
    folder = registry.folder(version)
    with ExitStack() as stack:
        # It starts while all others are tried.
        api = _api(stack, registry.project.root, folder, through.url)
        ways: Mapping[str, Way] = {
            "python": through_python,
            "duckdb": through_duckdb,
            "sqlite": through_sqlite,
            "postgres": Postgres(through.postgres),
            "api": api,
        }
        found = certificate(read_subject(folder, registry.project), ways)
    registry.record(event_of(version, found, who(registry.project.root)))
    return found


def told(found: Certificate) -> Iterator[str]:
    """Write what came of each check, and of all."""
    header = ("through", "version", "cases", "largest difference", "other labels", "")
    rows = [_row(check, found.tolerance) for check in found.checks]
    yield from table(header, rows, {2, 3, 4})
    yield ""
    if found.passed:
        yield f"passed: {found.cases:,} cases, to within {found.tolerance:g}"
    else:
        yield f"FAILED: it does not predict the same everywhere, to within {found.tolerance:g}"


def _row(check: Check, tolerance: float) -> tuple[str, ...]:
    name = (check.where, check.version)
    if check.skipped is not None:
        return (*name, "", "", "", f"left out: {check.skipped}")
    return (
        *name,
        f"{check.cases:,}",
        difference(check.largest),
        f"{check.labels:,}",
        "; ".join(_remarks(check, tolerance)),
    )


def _remarks(check: Check, tolerance: float) -> Iterator[str]:
    yield "passed" if check.passes(tolerance) else "FAILED"
    if check.wrong:
        yield check.wrong
    if check.ties:
        yield f"{check.ties:,} labels of classes that are equally probable"
    if check.refused:
        yield f"{check.refused:,} cases beyond the range of training were refused"


def _api(stack: ExitStack, root: Path, folder: Path, url: str | None) -> Api:
    if url is not None:
        return Api(lambda: url, os.environ.get(KEY))
    from analysis.cli.serve.starting import check_installed

    check_installed()
    from analysis.service.trial import trial_server

    ready = stack.enter_context(trial_server(root, folder))
    return Api(ready, None, release_of("analysis"))
