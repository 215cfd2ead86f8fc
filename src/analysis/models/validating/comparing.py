"""Golden cases beside answers: how far they differ. Nothing is read or written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from analysis.models.bundle.record import Bundle, Check, GoldenCase
from analysis.models.validating.shipped import Difference, compared
from analysis.models.validating.subject import Answers


def compare(
    where: str, bundle: Bundle, golden: Sequence[GoldenCase], answers: Answers, tolerance: float
) -> Check:
    """Compare golden cases with the answers of one way of predicting.

    It does what the ``validate.py`` of a bundle does.
    """
    told = _told(bundle)
    found = [
        compared(told, dict(case.outputs), dict(answer), tolerance)
        for case, answer in zip(golden, answers.rows, strict=True)
        if answer is not None
    ]
    numbers = [each.number for each in found if math.isfinite(each.number)]
    return Check(
        where=where,
        version=answers.version,
        cases=len(found),
        largest=max(numbers, default=None),
        labels=sum(each.label for each in found),
        ties=sum(each.tied for each in found),
        refused=len(golden) - len(found),
        wrong=answers.wrong or _lacking(found),
    )


def _lacking(found: Sequence[Difference]) -> str | None:
    lacking = sum(not math.isfinite(each.number) for each in found)
    if not lacking:
        return None
    return f"a number is missing in {lacking:,} answer{'s' if lacking > 1 else ''}"


def _told(bundle: Bundle) -> dict[str, Any]:
    """Give what comparing needs of a bundle, as its file has it."""
    return {
        "task": bundle.task,
        "classes": bundle.classes,
        "positive": bundle.positive,
        "outputs": [asdict(output) for output in bundle.outputs],
    }
