"""Replaying: rows are read, sent and labelled, and it is told how that goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, islice

from analysis.cli.console import warn
from analysis.cli.model.opened import found, opened
from analysis.cli.monitor.labelling import hand_in
from analysis.cli.monitor.tally import Tally
from analysis.monitoring.declared.file import monitor_of
from analysis.monitoring.labels.joined import joining
from analysis.monitoring.replaying.client import Client
from analysis.monitoring.replaying.row import PastRow
from analysis.monitoring.replaying.seen import labelled, logged, token_of
from analysis.monitoring.replaying.sending import check_server
from analysis.monitoring.replaying.source import Source, count, past, source_of
from analysis.monitoring.replaying.span import Span
from analysis.project import Project
from analysis.warehouse.connection import connect


@dataclass(frozen=True)
class Told:
    """What the command line says; without a ``delay`` no labels are handed in."""

    name: str
    span: Span
    sample: str | None
    url: str | None
    key: str | None
    batch: int
    share: float
    delay: timedelta | None
    again: bool


def replayed(project: Project, told: Told) -> None:
    """Send the rows, hand in their labels, and print what was done.

    Raises
    ------
    ModelError
        Rows cannot be found, the server does not start or takes none; with what to do.
    """
    version, kept = found(opened(project), told.name)
    bundle, monitor = version.bundle, monitor_of(project, version.bundle.model)
    with connect(project) as con, connect(project) as other:
        source = source_of(con, project, bundle, monitor, told.sample)
        rows = count(con, source, told.span)
        known = token_of(project, bundle.key)
        before = frozenset() if told.again else logged(other, bundle.model, bundle.key)
        labels: list[PastRow] = []
        waiting = _waiting(past(con, source, told.span), before, known, labels)
        if first := list(islice(waiting, 1)):
            with _server(project, told, source) as url:
                client = Client(url, told.key)
                check_server(client.ask, bundle)
                print(f"replaying  {rows:,} rows of {source.sample}, {told.span}, to {url}")
                tally = Tally(client)
                for part in _parts(chain(first, waiting), told.batch):
                    labels += tally.send(part)
                tally.end()
        else:
            print(f"all {rows:,} rows are in the log already; `--again` sends them again")
        if told.delay is not None:
            done = labelled(other, bundle.model, bundle.key)
            missing = [row for row in labels if known(row) not in done]
            how = joining(kept.versions, monitor)
            hand_in(project, bundle, how, missing, told.span, told.delay)


def _waiting(
    rows: Iterable[PastRow],
    before: frozenset[str],
    known: Callable[[PastRow], str],
    labels: list[PastRow],
) -> Iterator[PastRow]:
    """Give the rows that are not in the log; of the others, only the labels may be missing."""
    for row in rows:
        if before and known(row) in before:
            labels.append(row)
        else:
            yield row


def _parts(rows: Iterator[PastRow], size: int) -> Iterator[list[PastRow]]:
    while part := list(islice(rows, size)):
        yield part


@contextmanager
def _server(project: Project, told: Told, source: Source) -> Iterator[str]:
    if told.url is not None:
        if told.share:
            warn(None, "which arm answers is the server's to say: `--challenger` does nothing")
        yield told.url
        return
    from analysis.cli.monitor.trial import serving
    from analysis.cli.serve.starting import check_installed

    check_installed()
    options = ["--out-of-range", "allow", "--sample", source.sample]
    share = ["--challenger", str(told.share)] if told.share else []
    with serving([told.name, str(project.root), *options, *share]) as url:
        yield url
