"""Which drifts matter: those of fields that the model relies on."""

from __future__ import annotations

from collections.abc import Mapping


def importance_shares(importance: Mapping[str, float]) -> Mapping[str, float]:
    """Give each field's share of all importance; what is below nought is nought, as by chance."""
    kept = {field: max(0.0, value) for field, value in importance.items()}
    total = sum(kept.values())
    return {field: value / total for field, value in kept.items()} if total > 0 else {}


def consequence(psi: float, floor: float | None, share: float) -> float:
    """Give how much of a drift is more than chance, times what the model makes of the field."""
    return max(0.0, psi - (floor or 0.0)) * share
