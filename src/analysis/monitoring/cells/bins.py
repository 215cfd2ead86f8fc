"""The cells of a version: from the rows that it was trained on, or from what its bundle tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from analysis.models.bundle.record import QUANTILES, Bundle, Field
from analysis.monitoring.cells.edges import POINTS, Edges, cell_edges, number_bins, text_bins
from analysis.monitoring.cells.record import FieldBins, VersionBins
from analysis.monitoring.cells.scores import latency_bins, probability_bins
from analysis.monitoring.cells.training import Training
from analysis.warehouse.monitored import LATENCY, SCORE
from analysis.warehouse.sql import identifier

if TYPE_CHECKING:
    import duckdb

_DECILES = POINTS[5:-1:5]


def make_bins(
    con: duckdb.DuckDBPyConnection, version: str, bundle: Bundle, training: Training
) -> VersionBins:
    """Put the values of each field of a version into cells.

    Fields that tell of persons have none: the log does not hold their values.
    """
    numbers = [f.name for f in bundle.fields if f.type in ("number", "integer")]
    found = {} if training.why_not else _quantiles(con, training, numbers)
    fields = {f.name: _field(f, found.get(f.name)) for f in bundle.fields if not f.personal}
    score = _score(con, bundle, training)
    told = {**fields, **({SCORE: score} if score else {}), LATENCY: latency_bins()}
    notes = [f"{training.why_not}; cells follow from its bundle"] if training.why_not else []
    hidden = [field.name for field in bundle.fields if field.personal]
    if hidden:
        notes.append(f"not counted, as they tell of persons: {', '.join(hidden)}")
    if score is None:
        notes.append("what it predicts is not counted in cells: no row of training is here")
    return VersionBins(version, bundle, told, tuple(notes))


def _field(field: Field, found: Sequence[float] | None) -> FieldBins:
    if field.type == "category":
        return FieldBins(field.name, "category", text_bins(field.categories), field.shares)
    if field.type == "boolean":
        told = () if field.mean is None else (1 - field.mean, field.mean)
        return FieldBins(field.name, "boolean", text_bins(("false", "true")), told)
    edges, shares = _edges(field, found)
    return FieldBins(field.name, field.type, number_bins(edges, shares), shares)


def _edges(field: Field, found: Sequence[float] | None) -> Edges:
    if found:
        return cell_edges(POINTS, found)
    if field.low is None or field.high is None:
        return (), ()
    points, values = (0.0, *QUANTILES, 1.0), (field.low, *field.quantiles, field.high)
    return cell_edges(points, values)


def _score(con: duckdb.DuckDBPyConnection, bundle: Bundle, training: Training) -> FieldBins | None:
    if bundle.task != "regression":
        return _probability(con, bundle, training)
    if training.why_not:
        return None
    # What was predicted of rows that it was not trained on, else what came true of them.
    column = "oof 0" if training.scored else bundle.target
    found = _quantiles(con, training, [column]).get(column)
    edges, shares = cell_edges(POINTS, found) if found else ((), ())
    return FieldBins(SCORE, "number", number_bins(edges, shares), shares)


def _probability(
    con: duckdb.DuckDBPyConnection, bundle: Bundle, training: Training
) -> FieldBins | None:
    if len(bundle.outputs) < 2:
        return None
    if not training.scored:
        return probability_bins()
    places = range(len(bundle.classes))
    if bundle.task == "binary":
        places = range(bundle.classes.index(str(bundle.positive)), len(bundle.classes))[:1]
    columns = [identifier(f"oof {1 + place}") for place in places]
    value = columns[0] if len(columns) == 1 else f"greatest({', '.join(columns)})"
    query = f"select quantile_disc({value}, {[*_DECILES]}) from {training.table}"
    found = con.execute(query).fetchall()[0][0]
    return probability_bins(found or ())


def _quantiles(
    con: duckdb.DuckDBPyConnection, training: Training, names: Sequence[str]
) -> Mapping[str, Sequence[float]]:
    if not names:
        return {}
    told = ", ".join(f"quantile_disc({_finite(name)}, {[*POINTS]})" for name in names)
    row = con.execute(f"select {told} from {training.table}").fetchall()[0]
    return {name: found for name, found in zip(names, row, strict=True) if found}


def _finite(name: str) -> str:
    value = f"try_cast({identifier(name)} as double)"
    return f"case when isfinite({value}) then {value} end"
