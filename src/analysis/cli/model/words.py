"""Versions as the commands write them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from analysis.cli.experiment.words import metric
from analysis.models.bundle.record import Certificate, Field, Version
from analysis.models.registry.parity import largest_difference, parity
from analysis.models.registry.stages import name_of
from analysis.report.formats import MISSING


def first_metric(version: Version) -> str:
    """Write the deciding metric with its interval."""
    metrics = version.bundle.metrics
    return f"{metrics[0].name} {metric(metrics[0])}" if metrics else MISSING


def difference(found: float | None) -> str:
    """Write a difference of predictions, which may be tiny."""
    return MISSING if found is None else "0" if found == 0 else f"{found:.1e}"


def proof(found: Certificate | None, told: str) -> str:
    """Say what a certificate came to, in a line."""
    if found is None:
        return "none: `analysis model validate` makes a certificate"
    if told == "none":
        return "the certificate is of other files"
    by = ", ".join(one.where for one in found.checks if one.skipped is None)
    largest = difference(largest_difference(found))
    return f"{told}: {found.cases:,} cases through {by}, largest difference {largest}"


def span(field: Field) -> str:
    """Write the values of a field: a range, or categories."""
    if field.type == "category":
        return ", ".join(field.categories) + (", others" if field.unseen else "")
    if field.low is None or field.high is None:
        return MISSING
    unit = f" {field.unit}" if field.unit else ""
    return f"{field.low:g} to {field.high:g}{unit}"


def record(version: Version) -> dict[str, Any]:
    """Give all that is told of a version, for programs."""
    return {"name": name_of(version), **asdict(version), "parity": parity(version)}
