"""How stages, values and differences of models are written for a reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.report.data.layout import badge
from analysis.report.formats import MINUS, MISSING, number
from analysis.report.html import Html, code
from analysis.report.palette import CATEGORIES, WARM

if TYPE_CHECKING:
    from analysis.models.bundle.record import Certificate, Stage

_QUIET = "#80808099"


def stage_badge(stage: Stage) -> Html:
    """Mark a stage."""
    colours = {"champion": CATEGORIES[2], "challenger": CATEGORIES[0]}
    return badge(stage, colours.get(stage, _QUIET))


def parity_badge(certificate: Certificate | None) -> Html:
    """Mark whether all ways of predicting were found to agree."""
    if certificate is None:
        return parity_said("none")
    return parity_said("passed" if certificate.passed else "failed")


def parity_said(parity: str) -> Html:
    """Mark what ``meta.models`` says of parity: ``passed``, ``failed`` or ``none``."""
    said = {
        "passed": badge("proven", CATEGORIES[2]),
        "failed": badge("differs", WARM),
    }
    return said.get(parity) or badge("not proven", _QUIET)


def difference(value: float | None) -> str:
    """Write the largest difference between two ways of predicting: ``0``, ``4e-16``."""
    if value is None:
        return MISSING
    return "0" if value == 0 else f"{value:.0e}".replace("e-0", "e-")


def value(found: float | int | bool | str | None) -> Html:
    """Write an input or output of a model as JSON has it, short."""
    if found is None:
        return code("null")
    if isinstance(found, bool):
        return code(str(found).lower())
    if isinstance(found, float):
        return code(f"{found:.6g}")
    return code(found)


def plain(found: float | None) -> str:
    """Write a limit of a range with as many digits as it needs."""
    if found is None:
        return MISSING
    digits = next((d for d in range(4) if abs(found - round(found, d)) < 1e-9), 4)
    # Years are among them, and have no separators.
    return (
        number(found, digits) if abs(found) >= 10_000 else f"{found:.{digits}f}".replace("-", MINUS)
    )
