"""Predicting files: the same as at once, checked, and without more memory for more rows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analysis.models.predicting.predictor import open_predictor
from analysis.models.registry.registry import open_registry
from analysis.project import find_project
from tests.helpers.bundles import add_bundle
from tests.helpers.projects import Outcome, analysis, write_project

ROWS = """\
select i as id, case when i % 7 > 0 then (i * 0.37) % 60 end as wind, (i % 24)::int as hour,
  i % 3 = 0 as holiday, ['AA', 'UA', 'ZZ'][1 + i % 3] as carrier, date '2026-01-01' + i::int as day
from range({rows}) t(i)
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a project with a model."""
    root = write_project(tmp_path / "project", {})
    add_bundle(root, kind="trees")
    return root


def write(path: Path, sql: str) -> Path:
    """Write what a query gives, as Parquet or CSV by the name of the file."""
    with duckdb.connect() as con:
        con.execute(f"copy ({sql}) to '{path}'").fetchall()
    return path


def predict(root: Path, source: Path, *options: str, target: str = "out.parquet") -> Outcome:
    """Predict a file by the command line."""
    given = ("--input", str(source), "--output", target)
    return analysis(root, "model", "predict", "late-flights", *given, *options)


def read(path: Path) -> list[tuple[Any, ...]]:
    """Read all rows of a file."""
    with duckdb.connect() as con:
        return con.execute(f"from '{path}'").fetchall()


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_a_file_is_predicted_as_its_rows_are(root: Path, tmp_path: Path, suffix: str) -> None:
    source = write(tmp_path / f"rows.{suffix}", ROWS.format(rows=1000))
    outcome = predict(root, source, "--chunk", "77")
    assert outcome.code == 0, outcome
    assert outcome.out == "predicted 1,000 rows by late-flights@1 to out.parquet\n"
    registry = open_registry(find_project(root))
    predictor = open_predictor(registry.folder(registry.find("late-flights")))
    rows = read(write(tmp_path / "again.parquet", ROWS.format(rows=1000)))
    names = ("id", "wind", "hour", "holiday", "carrier")
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    columns["wind"] = [None if v is None else float(v) for v in columns["wind"]]
    told = predictor.predict(columns)
    expected = [*zip(columns["id"], told["prediction"], told["probability"], strict=True)]
    assert read(root / "out.parquet") == expected


def test_columns_are_kept_as_they_are(root: Path, tmp_path: Path) -> None:
    source = write(tmp_path / "rows.parquet", ROWS.format(rows=30))
    assert predict(root, source, "--keep", "day, carrier").code == 0
    with duckdb.connect() as con:
        types = con.execute(f"describe from '{root / 'out.parquet'}'").fetchall()
    assert [(row[0], row[1]) for row in types] == [
        ("day", "DATE"),
        ("carrier", "VARCHAR"),
        ("prediction", "BOOLEAN"),
        ("probability", "DOUBLE"),
    ]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("wind := case when id = 500 then 99.0 else wind end", "`wind` in row 501 is not from 0"),
        ("wind := case when id = 500 then 'nan'::double else wind end", "`wind` in row 501 is NaN"),
        ("hour := case when id = 9 then 3.5 else hour end", "`hour` in row 10 is no whole number"),
        ("wind := wind::varchar", "`wind` is of type VARCHAR, and the model takes a number"),
        ("holiday := 1", "`holiday` is of type INTEGER, and the model takes a boolean"),
        ("carrier := day", "`carrier` is of type DATE, and the model takes a category"),
    ],
)
def test_what_the_model_does_not_take_is_told_and_nothing_is_written(
    root: Path, tmp_path: Path, change: str, told: str
) -> None:
    name, _, expression = change.partition(" := ")
    sql = f"select * replace ({expression} as {name}) from ({ROWS.format(rows=1000)})"
    source = write(tmp_path / "rows.parquet", sql)
    outcome = predict(root, source, "--chunk", "300")
    assert (outcome.code, told in outcome.err) == (2, True), outcome
    assert [path.name for path in root.iterdir() if "out" in path.name] == []


def test_values_out_of_range_can_be_allowed(root: Path, tmp_path: Path) -> None:
    sql = f"select * replace (wind + 60 as wind) from ({ROWS.format(rows=10)})"
    source = write(tmp_path / "rows.parquet", sql)
    refused = predict(root, source)
    assert (refused.code, "--out-of-range allow" in refused.err) == (2, True)
    assert predict(root, source, "--out-of-range", "allow").code == 0


def test_a_column_that_is_missing_is_told(root: Path, tmp_path: Path) -> None:
    sql = f"select * exclude (wind), wind as winds from ({ROWS.format(rows=10)})"
    outcome = predict(root, write(tmp_path / "rows.parquet", sql))
    assert outcome.code == 2
    assert "there is no column `wind`, which the model takes" in outcome.err
    assert "is it called `winds`?" in outcome.err


def test_files_that_are_none_are_told(root: Path, tmp_path: Path) -> None:
    assert "there is no file" in predict(root, tmp_path / "no.parquet").err
    bad = tmp_path / "bad.parquet"
    bad.write_bytes(b"PAR1" + b"x" * 100)
    assert "this file cannot be read" in predict(root, bad).err
    assert "neither Parquet nor CSV" in predict(root, root / "_quarto.yml").err
    rows = tmp_path / "rows.csv"
    rows.write_text("wind,hour,holiday,carrier\n1.5,3,true,AA\nmany,3,true,AA\n", "utf-8")
    assert "this file cannot be read" in predict(root, rows).err


def test_no_rows_give_an_empty_file(root: Path, tmp_path: Path) -> None:
    source = write(tmp_path / "rows.parquet", ROWS.format(rows=0))
    assert predict(root, source).code == 0
    assert read(root / "out.parquet") == []


MEASURED = """
import resource, sys
from pathlib import Path
from analysis.models.predicting.batch import Batch, predict_file
from analysis.models.predicting.predictor import open_predictor
predictor = open_predictor(Path(sys.argv[1]))
rows = predict_file(predictor, Batch(Path(sys.argv[2]), Path(sys.argv[3]), rows=5000))
print(rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def test_memory_does_not_grow_with_the_file(root: Path, tmp_path: Path) -> None:
    registry = open_registry(find_project(root))
    folder = registry.folder(registry.find("late-flights"))
    peaks = []
    for rows in (5_000, 400_000):
        source = write(tmp_path / f"{rows}.parquet", ROWS.format(rows=rows))
        found = subprocess.run(
            [sys.executable, "-c", MEASURED, folder, source, tmp_path / "out.parquet"],
            capture_output=True,
            text=True,
            check=True,
        )
        count, peak = map(int, found.stdout.split())
        assert count == rows
        peaks.append(peak)
    # All values of the larger file at once would be 400 MB of objects.
    assert peaks[1] - peaks[0] < 150, peaks
