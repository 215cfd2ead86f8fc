"""Counts by day and cell, against the same in plain Python."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.experiments.runs.record import Task
from analysis.monitoring.cells.bins import make_bins
from analysis.monitoring.cells.counting import Rows, count_rows
from analysis.monitoring.cells.edges import POINTS, cell_edges, number_bins
from analysis.monitoring.cells.record import FieldBins, VersionBins
from analysis.monitoring.cells.sums import COUNTS, SUMS, counted_cells, prepare
from analysis.monitoring.cells.training import Training
from analysis.monitoring.declared.record import Monitor, Segment
from analysis.warehouse.monitored import CELLS
from analysis.warehouse.opened import in_memory
from tests.helpers.bundles import bundle_of
from tests.helpers.monitored_rows import BEGIN, plainly, random_rows

ARMS = ("champion", "challenger")
NO_ROWS = Training(why_not="they are not here")
TASKS: tuple[Task, ...] = ("binary", "multiclass", "regression")


@pytest.fixture
def con(tmp_path: Path) -> Iterator[Any]:
    with in_memory(tmp_path) as con:
        yield con


def cells_of(task: Task, con: Any) -> VersionBins:
    bins = make_bins(con, "v1", bundle_of(task), NO_ROWS)
    if task != "regression":
        return bins
    edges, shares = cell_edges(POINTS, [place / 5 for place in range(51)])
    score = FieldBins("@score", "number", number_bins(edges, shares), shares)
    return VersionBins("v1", bins.bundle, {**bins.fields, "@score": score})


def counted(
    con: Any, rows: list[dict[str, Any]], bins: VersionBins | None, parts: int = 1, **told: Any
) -> pd.DataFrame:
    types = {"row": "bigint", "shadow": "boolean", "latency_ms": "double", "day": "date"}
    given = pd.DataFrame(rows).astype(object)
    con.register("given", given.where(given.notna(), None))
    listed = [
        f"{name}::{'timestamp' if name == 'time' else types.get(name, 'varchar')} as {name}"
        if name not in ("inputs", "outputs", "key", "error") else f"{name}::json as {name}"
        for name in given
    ]  # fmt: skip
    con.execute(f"create or replace table answered as select {', '.join(listed)} from given")
    prepare(con)
    for part in range(parts):
        query = f"from answered where hash(request) % {parts} = {part}"
        monitor = Monitor("late-flights", **{"threshold": 0.3, **told})
        count_rows(con, Rows(query, "v1", BEGIN.date(), ARMS), bins, monitor)
    found: pd.DataFrame = con.execute(
        f"from ({counted_cells('late-flights', 'production')}) order by all"
    ).df()
    return found


def _is_summed(field: str, name: str) -> bool:
    """Say whether a sum is kept: of scores what calibration needs, of inputs none."""
    of_score = field == "@score" and name in ("score", "label", "expected")
    in_full = field == "" or field.startswith("segment:")
    return in_full or of_score or name in ("rows", "labelled")


@pytest.mark.parametrize("task", TASKS)
def test_counts_are_those_of_plain_python(con: Any, task: Task) -> None:
    rows, bins = random_rows(task, 1500), cells_of(task, con)
    found = counted(con, rows, bins)
    expected = plainly(rows, bins, 0.3)
    by_cell = {
        (r.arm, r.shadow, r.day.date(), r.field, r.cell): r
        for r in found.itertuples()
        if r.field in bins.fields and r.field != "@latency"
    }
    assert by_cell.keys() == {key for key in expected if key[3] != ""}
    for key, row in by_cell.items():
        for name in ("rows", "labelled", *SUMS, *COUNTS):
            said = getattr(row, name)
            close = pytest.approx(expected[key][name], rel=1e-8, abs=1e-8)
            if not _is_summed(row.field, name):
                assert pd.isna(said)
                continue
            assert (0.0 if pd.isna(said) else said) == close, (key, name)
        if key[3] in ("wind", "hour"):
            value = 0.0 if pd.isna(row.value) else row.value
            assert value == pytest.approx(expected[key]["value"], rel=1e-9, abs=1e-7), key


@pytest.mark.parametrize("task", TASKS)
def test_parts_add_up_to_exactly_the_whole(con: Any, task: Task) -> None:
    rows, bins = random_rows(task, 800), cells_of(task, con)
    segments = (Segment("wind", (10.0, 30.0)), Segment("id"))
    whole = counted(con, rows, bins, segments=segments)
    pd.testing.assert_frame_equal(whole, counted(con, rows, bins, 7, segments=segments))


def test_columns_are_those_of_the_contract(con: Any) -> None:
    counted(con, random_rows("binary", 10), cells_of("binary", con))
    said = con.execute(f"describe {counted_cells('m', 'production')}").fetchall()
    assert {row[0]: row[1] for row in said} == dict(CELLS)


def test_requests_count_once_and_refusals_by_kind(con: Any) -> None:
    rows = random_rows("binary", 40)
    nothing = dict.fromkeys(("row", "inputs", "outputs", "label"))
    kind = '{"status": 422, "type": "missing", "field": "wind"}'
    refused = [
        {**rows[0], **nothing, "request": f"bad-{n}", "error": kind if n else None}
        for n in range(3)
    ]
    found = counted(con, rows + refused, cells_of("binary", con))
    every = found[found.field == ""]
    assert (every.rows.sum(), every.value.sum()) == (40, 20)
    latency = found[found.field == "@latency"]
    assert latency.rows.sum() == 20
    assert latency.value.sum() == sum(r["latency_ms"] for r in rows if r["row"] == 0)
    told = found[found.field == "@refused"]
    assert dict(zip(told.text, told.rows, strict=True)) == {"missing": 2, "unknown": 1}


def test_a_version_without_a_bundle_is_counted_as_far_as_it_can_be(con: Any) -> None:
    found = counted(con, random_rows("binary", 30), None)
    assert set(found.field) == {"", "@latency"}
    assert found[found.field == ""].rows.sum() == 30
    assert found.labelled.sum() == 0 and found.score.isna().all()


def test_segments_split_fields_and_keys(con: Any) -> None:
    segments = ("carrier", "holiday", "hour", "id", "nothing")
    split = [Segment(name) for name in segments] + [Segment("wind", (30.0, 10.0))]
    rows = random_rows("binary", 300)
    found = counted(con, rows, cells_of("binary", con), segments=tuple(split))

    def parts(name: str) -> Sequence[str]:
        return sorted(found[found.field == f"segment:{name}"].text.unique())

    special = {"absent", "mistyped", "missing"}
    assert set(parts("carrier")) == {"AA", "UA", 'Ö\'Neill "air"', "unseen", *special}
    assert set(parts("holiday")) == {"true", "false", *special}
    assert set(parts("wind")) == {"below 10", "10 to 30", "30 or more", *special}
    assert len(parts("id")) == 300 and parts("nothing") == []
    assert found[found.field == "segment:hour"].rows.sum() == 300
    below = sum(r["inputs"].startswith('{"wind": ') and _wind(r) < 10 for r in rows)
    assert found[(found.field == "segment:wind") & (found.text == "below 10")].rows.sum() == below


def _wind(row: dict[str, Any]) -> float:
    import json

    value = json.loads(row["inputs"])["wind"]
    return float(value) if isinstance(value, float | bool) else 99.0


@pytest.mark.parametrize("text", ["1e999", "-1e999"])
def test_infinite_numbers_are_outside_and_in_no_sum(con: Any, text: str) -> None:
    row = {**random_rows("binary", 1)[0], "inputs": f'{{"wind": {text}}}'}
    found = counted(con, [row], cells_of("binary", con))
    wind = found[found.field == "wind"]
    assert wind.cell.tolist() == [-3 if text[0] == "-" else -4]
    assert wind.value.isna().all()


def test_days_are_dates(con: Any) -> None:
    found = counted(con, random_rows("binary", 100), cells_of("binary", con))
    assert min(found.day).date() >= date(2024, 1, 30)
