"""A first prediction, which takes longer than others, before anybody waits for it."""

from __future__ import annotations

from analysis.models.golden.draws import typical
from analysis.service.serving import Serving


def warm(serving: Serving) -> None:
    """Have each version predict one row, so that one which cannot is found before it is served."""
    for arm in serving.arms:
        fields = arm.predictor.bundle.fields
        arm.predictor.predict({field.name: [typical(field)] for field in fields})
