"""Writing SQL of what a model said of a row, what came true, and what is lost between both."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from analysis.models.bundle.record import PREDICTION, PROBABILITY, Bundle
from analysis.monitoring.cells.coding import taken_out
from analysis.monitoring.cells.record import FieldBins
from analysis.warehouse.sql import constant, identifier, literal

# Numbers are added up as whole numbers of these fractions, so that a sum is the same in any order.
_FRACTION = 40
# Squares of errors are often much smaller than the square of the largest value.
_FRACTION_OF_SQUARES = 46
# The least probability that the logarithm is taken of.
_LEAST = 1e-15


@dataclass(frozen=True)
class Scored:
    """Columns of SQL over ``o``, the outputs, and ``label``; those that are undefined are left out.

    ``score`` and ``label`` are numbers, ``sums`` others that are added up, and ``counts`` those
    that are 0 or 1. ``units`` are by which
    fractions of one the numbers are added up.
    """

    outputs: str
    score: str
    label: str
    sums: Mapping[str, str]
    counts: Mapping[str, str]
    units: Mapping[str, float]


def scored(bundle: Bundle, threshold: float, score: FieldBins | None) -> Scored:
    """Write what there is to say of a version's predictions."""
    if bundle.task == "regression":
        return _regression(score)
    return _binary(bundle, threshold) if bundle.task == "binary" else _multiclass(bundle)


def unit_of(
    low: float | None, high: float | None, fraction: int = _FRACTION, power: int = 1
) -> float:
    """Give the power of two by which numbers of this size are multiplied to be whole."""
    largest = max(abs(low or 0.0), abs(high or 0.0))
    size = math.frexp(largest)[1] if largest else 0
    return math.ldexp(1.0, max(min(fraction - power * size, 1000), -1000))


def whole(expression: str, unit: float) -> str:
    """Write a number as a whole number of fractions; one that is too large is left out."""
    return f"try_cast(round(({expression}) * {constant(unit)}) as bigint)"


def _binary(bundle: Bundle, threshold: float) -> Scored:
    p, said = "o.probability", f"lower(o.{PREDICTION})"
    positive, classes = str(bundle.positive), bundle.classes
    has_chance = len(bundle.outputs) > 1
    y = _is_positive(bundle, positive, [name for name in classes if name != positive])
    flagged = f"{said} = {literal(positive.lower())}"
    types = {PREDICTION: "VARCHAR", **({PROBABILITY: "DOUBLE"} if has_chance else {})}
    if not has_chance:
        return _classified("null::double", y, flagged, types, {})
    p = f"(case when {p} between 0 and 1 then {p} end)"
    clipped = f"greatest({_LEAST!r}, least({p}, 1 - {_LEAST!r}))"
    sums = {
        "brier": f"({p} - y) * ({p} - y)",
        "log_loss": f"-ln(case y when 1 then {clipped} else 1 - {clipped} end)",
    }
    return _classified(p, y, f"{p} >= {constant(float(threshold))}", types, sums)


def _classified(
    score: str, y: str, flagged: str, types: Mapping[str, str], sums: Mapping[str, str]
) -> Scored:
    counts = {
        "correct": f"({flagged}) = (y = 1)",
        "flagged": flagged,
        "hits": f"({flagged}) and y = 1",
    }
    unit = math.ldexp(1.0, _FRACTION)
    names = ("score", "label", "expected", *sums)
    units = dict.fromkeys(names, unit)
    return Scored(taken_out("outputs", types.items()), score, y, sums, counts, units)


def _is_positive(bundle: Bundle, positive: str, others: list[str]) -> str:
    """Write whether a label is of the positive class: 1 or 0, else null."""
    if bundle.class_type == "text":
        yes, no = literal(positive), ", ".join(map(literal, others))
        return f"case when label = {yes} then 1 when label in ({no}) then 0 end"
    kind = "boolean" if bundle.class_type == "boolean" else "double"
    value = f"try_cast(label as {kind})"
    no = ", ".join(f"{literal(name)}::{kind}" for name in others)
    return (
        f"case when {value} = {literal(positive)}::{kind} then 1 when {value} in ({no}) then 0 end"
    )


def _multiclass(bundle: Bundle) -> Scored:
    chances = [output.name for output in bundle.outputs[1:]]
    said = f"o.{PREDICTION}"
    texts = ", ".join(map(literal, bundle.classes))
    given = "try_cast(label as bigint)::varchar" if bundle.class_type == "integer" else "label"
    label = f"(case when {given} in ({texts}) then {given} end)"
    y = f"case when {label} is not null then ({said} = {label})::integer end"
    types = {PREDICTION: "VARCHAR", **dict.fromkeys(chances, "DOUBLE")}
    unit = math.ldexp(1.0, _FRACTION)
    told = taken_out("outputs", types.items())
    if not chances:
        return Scored(told, "null::double", y, {}, {"correct": "y = 1"}, {"label": unit})
    each = [f"o.{identifier(name)}" for name in chances]
    of = zip(bundle.outputs[1:], each, strict=True)
    cases = " ".join(f"when {literal(str(output.of))} then {value}" for output, value in of)
    true = f"(case {label} {cases} end)"
    sums = {
        "brier": f"{' + '.join(f'{value} * {value}' for value in each)} - 2 * {true} + 1",
        "log_loss": f"-ln(greatest({_LEAST!r}, least({true}, 1 - {_LEAST!r})))",
    }
    names = ("score", "label", "expected", *sums)
    units = dict.fromkeys(names, unit)
    return Scored(told, f"greatest({', '.join(each)})", y, sums, {"correct": "y = 1"}, units)


def _regression(score: FieldBins | None) -> Scored:
    low, high = (score.low, score.high) if score else (None, None)
    p = f"(case when isfinite(o.{PREDICTION}) then o.{PREDICTION} end)"
    number = "try_cast(label as double)"
    y = f"case when isfinite({number}) then {number} end"
    known = low is not None
    plain = unit_of(low, high) if known else math.ldexp(1.0, 20)
    squared = unit_of(low, high, _FRACTION_OF_SQUARES, 2) if known else math.ldexp(1.0, 20)
    sums = {"absolute": f"abs({p} - y)", "squared": f"({p} - y) * ({p} - y)"}
    units = {**dict.fromkeys(("score", "label", "expected", "absolute"), plain), "squared": squared}
    return Scored(taken_out("outputs", [(PREDICTION, "DOUBLE")]), p, y, sums, {}, units)
