"""Random rows of a model in production, counted by day and cell as monitoring keeps them.

The counting is written here a second time, with pandas, so that metrics are tested by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from analysis.monitoring.declared.record import Monitor
from analysis.monitoring.metrics.metric import Metric
from analysis.monitoring.metrics.registry import find_metric
from analysis.warehouse import monitored

MODEL = "late-flights"
THRESHOLD = 0.3
# Columns of rows that are no fields of the model.
ABOUT = ("version", "arm", "shadow", "origin", "day", "score", "label", "request", "latency_ms")
_KEY = ["version", "origin", "arm", "shadow", "day"]
_SUMS = [name for name in monitored.CELLS if name not in ("model", "field", "cell", "text", *_KEY)]


@dataclass(frozen=True)
class Counted:
    """Cells and bins, as in ``meta.cells`` and ``meta.bins``."""

    cells: pd.DataFrame
    bins: pd.DataFrame

    @cached_property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """A database of its own, with both."""
        con = duckdb.connect(config={"threads": 1})
        con.execute("create schema meta")
        for name, columns in (("cells", monitored.CELLS), ("bins", monitored.BINS)):
            told = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
            con.execute(f"create table meta.{name} ({told})")
            con.register("given", getattr(self, name))
            con.execute(f"insert into meta.{name} select * from given")
            con.unregister("given")
        return con


def random_rows(
    rows: int,
    *,
    seed: int = 1,
    begin: str = "2013-07-01",
    days: int = 60,
    version: str = "v1",
    arm: str | None = "champion",
    origin: str = "production",
    slope: float = 1.0,
    offset: float = 0.0,
    shift: float = 0.0,
    labelled: float = 0.8,
) -> pd.DataFrame:
    """Make rows of a binary model: ``slope`` and ``offset`` say how its scores are off.

    ``shift`` moves the wind. Scores are of six digits.
    """
    rng = np.random.default_rng(seed)
    day = pd.Timestamp(begin) + pd.to_timedelta(rng.integers(0, days, rows), unit="D")
    wind = np.round(rng.gamma(4, 3, rows) + shift, 2)
    logit = -1 + 0.15 * (wind - shift - 12) + rng.normal(0, 1, rows)
    label = (rng.random(rows) < _logistic(offset + slope * logit)).astype(float)
    label[rng.random(rows) > labelled] = np.nan
    return pd.DataFrame(
        {
            "version": version,
            "arm": arm,
            "shadow": False,
            "origin": origin,
            "day": day,
            "score": np.round(_logistic(logit), 6),
            "label": label,
            "request": np.arange(rows) // 2,
            "latency_ms": np.round(rng.lognormal(1, 1, rows), 3),
            "wind": np.where(rng.random(rows) < 0.05, np.nan, wind),
            "carrier": rng.choice(["AA", "B6", "UA", None], rows, p=[0.5, 0.3, 0.15, 0.05]),
            "holiday": rng.random(rows) < 0.1,
            "segment:carrier": rng.choice(["AA", "UA"], rows),
        }
    )


def count(
    rows: pd.DataFrame, refused: pd.DataFrame | None = None, threshold: float = THRESHOLD
) -> Counted:
    """Count rows of a binary model; ``refused`` has the columns of the key, and ``text``.

    The bins of a version are those of its rows of training, of all its rows if there are none.
    """
    rows = _with_losses(rows, threshold)
    fields = [name for name in rows if name not in (*ABOUT, *_SUMS)]
    cells, bins = [_cells(rows, "", cell=0, value=_first_rows(rows))], []
    cells.append(_cells(rows, "@score", cell=_thousandths(rows.score)))
    if "latency_ms" in rows:
        first = rows[_first_rows(rows) == 1]
        place = np.floor(20 * np.log10(first.latency_ms)).clip(-60, 120).astype(int)
        cells.append(_cells(first, "@latency", cell=place, value=first.latency_ms))
    for version, own in rows.groupby("version"):
        known = own[own.origin == "training"] if (own.origin == "training").any() else own
        bins.append(_score_bins(str(version), known.score))
        for name in (name for name in fields if not name.startswith(monitored.SEGMENT)):
            placed, edges = _placed(own[name], known[name])
            cells.append(_cells(own, name, cell=placed, value=_number(own[name])))
            bins.append(edges.assign(version=version, field=name))
    for name in (name for name in fields if name.startswith(monitored.SEGMENT)):
        cells.append(_cells(rows, name, cell=0, text=rows[name]))
    if refused is not None:
        told = refused.reindex(columns=[*_KEY, "text", *_SUMS]).assign(rows=1, labelled=0)
        cells.append(_cells(told, "@refused", cell=0, text=told.text))
    return Counted(
        _table(pd.concat(cells), monitored.CELLS), _table(pd.concat(bins), monitored.BINS)
    )


def ask(
    counted: Counted, metric: str | Metric, monitor: Monitor | None = None, training: bool = False
) -> pd.DataFrame:
    """Run the query of a metric over counts."""
    found = find_metric(metric) if isinstance(metric, str) else metric
    monitor = monitor or Monitor(MODEL, threshold=THRESHOLD)
    query = found.training_sql(monitor, MODEL) if training else found.sql(monitor, MODEL)
    result = counted.connection.execute(query)
    names = [column[0] for column in result.description]
    return pd.DataFrame(result.fetchall(), columns=names)


def one(
    told: pd.DataFrame,
    *,
    begin: str | None = "2013-07-01",
    version: str | None = "v1",
    arm: str | None = "champion",
    of: str = "",
    part: str = "",
) -> Any:
    """Give the value of one row of an answer; there must be exactly one."""
    found = told[(told.of == of) & (told.part == part)]
    for name, value in (("version", version), ("arm", arm)):
        found = found[found[name].isna() if value is None else found[name] == value]
    if begin is not None:
        found = found[found.begin.astype(str) == begin]
    assert len(found) == 1, f"{len(found)} rows:\n{found}\nof\n{told}"
    return found.value.iloc[0]


def write_counts(root: Path, counted: Counted, model: str = MODEL) -> None:
    """Write counts into a project, where the live relations find them."""
    home = root / "data/monitoring" / model
    with duckdb.connect() as con:
        for name, columns in (("cells", monitored.CELLS), ("bins", monitored.BINS)):
            (home / name).mkdir(parents=True, exist_ok=True)
            con.register("given", getattr(counted, name))
            told = ", ".join(
                f'"{column}"::{kind} as "{column}"' for column, kind in columns.items()
            )
            path = home / name / "random.parquet"
            con.execute(f"copy (select {told} from given) to '{path}' (format parquet)")


def _with_losses(rows: pd.DataFrame, threshold: float) -> pd.DataFrame:
    p, y = rows.score.to_numpy(float), rows.label.to_numpy(float)
    known = ~np.isnan(y)
    kept = np.clip(p, 1e-15, 1 - 1e-15)
    flagged = p >= threshold
    told = {
        "labelled": known,
        "label": y,
        "expected": np.where(known, p, np.nan),
        "brier": (p - y) ** 2,
        "log_loss": -(y * np.log(kept) + (1 - y) * np.log(1 - kept)),
        "correct": known & (flagged == (y == 1)),
        "flagged": known & flagged,
        "hits": known & flagged & (y == 1),
        "absolute": np.abs(p - y),
        "squared": (p - y) ** 2,
    }
    return rows.assign(rows=1, value=np.nan, **told)


def _cells(rows: pd.DataFrame, field: str, **told: Any) -> pd.DataFrame:
    given = rows.assign(**{"text": None, **told})
    by = given.groupby([*_KEY, "cell", "text"], dropna=False)
    # A sum of nothing is null, as in SQL.
    return by[_SUMS].sum(min_count=1).reset_index().assign(field=field)


def _first_rows(rows: pd.DataFrame) -> pd.Series:
    return (~rows.duplicated([*_KEY, "request"])).astype(float) if "request" in rows else 1.0


def _thousandths(score: pd.Series) -> pd.Series:
    return np.floor(score * 1000 + 1e-9).clip(0, 999).fillna(monitored.NULL).astype(int)


def _score_bins(version: str, score: pd.Series) -> pd.DataFrame:
    edges = score.quantile(np.linspace(0, 1, 11)[1:-1]).to_numpy()
    cell = np.arange(1000)
    bins = np.searchsorted(edges, cell / 1000, side="right")
    return pd.DataFrame(
        {"version": version, "field": "@score", "kind": "number", "cell": cell, "bin": bins}
    ).assign(low=cell / 1000, high=(cell + 1) / 1000)


def _number(values: pd.Series) -> pd.Series:
    numeric = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    return values.astype(float) if numeric else pd.Series(np.nan, values.index)


def _placed(values: pd.Series, known: pd.Series) -> tuple[pd.Series, pd.DataFrame]:
    special = pd.DataFrame({"cell": [-1, -2, -5, -6], "bin": [-1, -2, -5, -6]})
    if pd.api.types.is_bool_dtype(values):
        own = pd.DataFrame({"cell": [0, 1], "bin": [0, 1], "text": ["false", "true"]})
        return values.astype(int), pd.concat([own, special]).assign(kind="boolean")
    if not pd.api.types.is_numeric_dtype(values):
        names = sorted(known.dropna().unique())
        place = values.map({name: at for at, name in enumerate(names)}).fillna(monitored.UNSEEN)
        at = np.arange(len(names))
        own = pd.DataFrame({"cell": at, "bin": at, "text": names})
        kept = place.where(values.notna(), monitored.NULL).astype(int)
        return kept, pd.concat([own, special]).assign(kind="category")
    return _numeric(values, known, special)


def _numeric(
    values: pd.Series, known: pd.Series, special: pd.DataFrame
) -> tuple[pd.Series, pd.DataFrame]:
    finite = known[np.isfinite(known)]
    edges = np.unique(finite.quantile(np.linspace(0, 1, 51))) if len(finite) else np.array([0.0])
    count = max(len(edges) - 1, 1)
    low, high = edges[:count], edges[-count:]
    place = pd.Series(np.searchsorted(edges, values, side="right") - 1, values.index)
    place = place.clip(0, count - 1).mask(values < edges[0], monitored.BELOW)
    place = place.mask(values > edges[-1], monitored.ABOVE).mask(values.isna(), monitored.NULL)
    at = np.arange(count)
    own = pd.DataFrame({"cell": at, "bin": at * 10 // count, "low": low, "high": high})
    ends = pd.DataFrame({"cell": [monitored.BELOW, monitored.ABOVE], "bin": [0, own.bin.iloc[-1]]})
    return place.astype(int), pd.concat([own, ends, special]).assign(kind="number")


def _table(told: pd.DataFrame, columns: dict[str, str]) -> pd.DataFrame:
    told = told.assign(model=MODEL).reindex(columns=list(columns))
    whole = [name for name, kind in columns.items() if kind == "BIGINT"]
    return told.astype(dict.fromkeys(whole, "Int64")).replace({pd.NaT: None})


def _logistic(value: Any) -> Any:
    return 1 / (1 + np.exp(-value))
