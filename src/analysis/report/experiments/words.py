"""How metrics, parameters, times and sizes are written for a reader."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Literal

from analysis.report.formats import MINUS, MISSING, date, number
from analysis.report.html import Html, code, join, tag

_METRICS = {
    "auc": "AUC",
    "d2": "D²",
    "f1": "F1",
    "mae": "MAE",
    "mse": "MSE",
    "ovo": "one against one",
    "ovr": "one against the rest",
    "r2": "R²",
    "rmse": "RMSE",
    "roc": "ROC",
}
_WHOLE = {"observed_expected": "Observed / expected", "brier": "Brier score"}


def metric_label(name: str) -> str:
    """Write the name of a metric: ``roc_auc`` becomes ``ROC AUC``."""
    if name in _WHOLE:
        return _WHOLE[name]
    plain = name.removeprefix("neg_")
    words = [_METRICS.get(word, word) for word in plain.split("_") if word]
    label = " ".join(words)
    label = label[:1].upper() + label[1:]
    return label if plain == name else f"{label} (negative)"


def metric_words(name: str) -> str:
    """Write the name of a metric within a sentence: ``log loss``, ``ROC AUC``."""
    label = metric_label(name)
    first = label.partition(" ")[0]
    # Acronyms and names of people stay as they are.
    is_word = first[1:].islower() and first not in _PROPER
    return label[:1].lower() + label[1:] if is_word else label


_PROPER = ("Brier", "Cohen", "Fowlkes", "Jaccard", "Matthews")


# Where a metric is best.
BEST = {"high": "high is good", "low": "low is good", "one": "best at 1", "zero": "best at 0"}


def first_order(best: str) -> Literal["ascending", "descending"]:
    """Say in which order the best comes first; where it is at a value, by how far that is."""
    return "descending" if best == "high" else "ascending"


def estimator(path: str) -> Html:
    """Write a dotted path with its last part in front."""
    module, _, name = path.rpartition(".")
    return join([code(name), tag("small", f" of {module}") if module else None])


def moment(value: str | None) -> str:
    """Write a time stamp: ``5 January 2013, 14:05 UTC``."""
    return f"{date(value)}, {value[11:16]} UTC" if value else MISSING


def digits_for(widths: Iterable[float | None]) -> int:
    """Say how many digits after the point are worth writing, where intervals are so wide."""
    known = sorted(width for width in widths if width and math.isfinite(width))
    if not known:
        return 3
    return min(max(math.ceil(-math.log10(known[len(known) // 2])) + 1, 0), 5)


def seconds(value: Any) -> str:
    """Write a time: ``0.4 s``, ``12 s``, ``3 min 20 s``, ``2 h 5 min``."""
    if value is None or not math.isfinite(value):
        return MISSING
    if value < 9.95:
        return f"{number(value, 2 if value < 0.095 else 1)}{_GAP}s"
    whole = round(value)
    if whole < 100:
        return f"{whole}{_GAP}s"
    minutes, left = divmod(whole, 60)
    if minutes < 100:
        return f"{minutes}{_GAP}min" + (f" {left}{_GAP}s" if left else "")
    hours, left = divmod(round(whole / 60), 60)
    return f"{number(hours)}{_GAP}h" + (f" {left}{_GAP}min" if left else "")


def size(value: Any) -> str:
    """Write a number of bytes: ``14 kB``, ``2.1 MB``."""
    if value is None:
        return MISSING
    for unit, step in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if value >= step:
            return f"{number(value / step, 1 if value < 10 * step else 0)}{_GAP}{unit}"
    return f"{number(value)}{_GAP}B"


def megabytes(value: Any) -> str:
    """Write an amount of memory that is given in megabytes."""
    return MISSING if value is None else size(value * 1e6)


def parameter(value: Any) -> str:
    """Write the value of a parameter, short."""
    if value is None or isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        return f"{value:.4g}".replace("-", MINUS)
    return str(value)


def plural(count: int, one: str, many: str | None = None) -> str:
    """Write a number with what it counts: ``1 run``, ``2 runs``."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


_GAP = "\N{NO-BREAK SPACE}"
