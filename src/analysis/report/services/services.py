"""The nine services, in the order in which data pass through them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analysis.project import Project
from analysis.report.services import experiments, storage, work
from analysis.report.services.service import Finding, Service


@dataclass(frozen=True)
class _Offer:
    name: str
    purpose: str
    provider: str
    check: Callable[[Project], Finding]


_OFFERS = (
    _Offer(
        "File storage",
        "keeps the originals, unchanged",
        "data/raw and installed packages, with checksums in data/sources.lock",
        storage.check_files,
    ),
    _Offer(
        "Data services",
        "serves clean tables to everything else",
        "one DuckDB file, built by `analysis ingest`",
        storage.check_warehouse,
    ),
    _Offer(
        "Versioning",
        "gives back what was, and says who changed it",
        "git; snapshots of the warehouse; releases of the site",
        work.check_versions,
    ),
    _Offer(
        "Metadata and documentation",
        "says what the data mean",
        "data/sources.yml, headers of views, the schema `meta`, these pages",
        storage.check_metadata,
    ),
    _Offer(
        "Interactive computing",
        "is where analysts try things",
        "Jupyter kernels, for notebooks and for .qmd documents",
        work.check_kernel,
    ),
    _Offer(
        "Job queue and scheduler",
        "runs what is due, in parallel, unattended",
        "`analysis publish`, called by cron, CI or `quarto render`",
        work.check_queue,
    ),
    _Offer(
        "Computation graph",
        "knows what depends on what, and re-runs that only",
        "recorded inputs of pages and views: `analysis status`, `analysis impact`",
        work.check_graph,
    ),
    _Offer(
        "Experiment manager",
        "keeps what was tried, and how good it was",
        "`analysis experiment run`: declared in data/experiments, kept in data/runs",
        experiments.check_experiments,
    ),
    _Offer(
        "Monitoring dashboard",
        "watches what is deployed",
        "declarations in data/monitors.yml",
        work.check_monitors,
    ),
)


def services(project: Project) -> tuple[Service, ...]:
    """Check each service of ``project``, now."""
    return tuple(
        Service(offer.name, offer.purpose, offer.provider, offer.check(project))
        for offer in _OFFERS
    )
