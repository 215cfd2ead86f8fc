"""Mistakes in ``data/sources.yml``: what is said, and on which line."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import AnalysisError, ProjectError
from tests.warehouse.conftest import VISITS, VISITS_CSV, Folder, error_of


@pytest.mark.parametrize(
    ("old", "new", "line", "what", "hint"),
    [
        ("customers: {", "customers: [", 10, "not valid YAML", "indentation"),
        ("    kind: csv", "    knid: csv", 5, "unknown key `sources.visits.knid`", "`kind`"),
        ("unit: people", "unnit: people", 10, "unknown key", "`unit`"),
        ("type: INTEGER", "type: INTEGR", 10, "unknown type `INTEGR`; did you mean INTEGER?", None),
        ("shop: VARCHAR", "shop: DECIMAL(50,2)", 9, "more than 38 digits", None),
        ("kind: csv", "kind: tsf", 5, "this must be 'csv', 'tsv', 'parquet', 'json'", None),
        ("kind: csv", "kind: package", 3, "names no distribution", "distribution"),
        ("kind: csv", "kind: csv\n    distribution: x", 6, "cannot have a distribution", None),
        ("    kind: csv\n", "", 3, "the key `sources.visits.kind` is missing", None),
        ("  visits:", "  My Visits:", 3, "cannot be the name of a table", "small letters"),
        ("kind: csv", "kind: csv\n    time: dy", 6, "`dy` of `visits` is not declared", None),
        ("kind: csv", "kind: csv\n    time: shop", 6, "is of type VARCHAR", "TIMESTAMP"),
        ("kind: csv", "kind: csv\n    delimiter: ab", 6, "one character", None),
        ("shop: VARCHAR", "DAY: VARCHAR", 9, "`day` and `DAY` differ only", None),
        ("shop: VARCHAR", "day: VARCHAR", 9, "`day` stands here a second time", None),
        ("shop: VARCHAR", "no: VARCHAR", 7, "is no text", "quote it"),
        ("visits.csv", "visit.csv", 6, "is missing: data/raw/visit.csv", "correct `path`"),
        ("data/raw/visits.csv", "../visits.csv", 6, "lies outside the project", None),
        ("data/raw/visits.csv", "/etc/passwd", 6, "lies outside the project", None),
    ],
)
def test_wrong_declaration(
    visits: Folder, old: str, new: str, line: int, what: str, hint: str | None
) -> None:
    assert old in VISITS
    visits.write("data/sources.yml", VISITS.replace(old, new))
    error = error_of(visits, AnalysisError)
    assert what in error.what
    assert str(error.where) == f"data/sources.yml:{line}"
    assert hint is None or hint in (error.hint or "")


def test_link_out_of_the_project(visits: Folder, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text(VISITS_CSV)
    target = visits.root / "data" / "raw" / "visits.csv"
    target.unlink()
    target.symlink_to(secret)
    error = error_of(visits, ProjectError)
    assert "link that leads out of the project" in error.what
    assert str(error.where) == "data/sources.yml:6"


PACKAGE = VISITS.replace("kind: csv", "kind: package\n    distribution: {name}").replace(
    "data/raw/visits.csv", "{path}"
)


def package(name: str, path: str) -> str:
    """Declare a source in a package."""
    return PACKAGE.replace("{name}", name).replace("{path}", path)


def test_distribution_that_is_not_installed(visits: Folder) -> None:
    visits.write("data/sources.yml", package("no-such-data", "x/visits.csv"))
    error = error_of(visits)
    assert error.what == "the distribution `no-such-data` is not installed"
    assert str(error.where) == "data/sources.yml:6"
    assert error.hint == "pip install no-such-data"
    visits.write(
        "pyproject.toml",
        '[project]\nname = "p"\n[project.optional-dependencies]\n'
        'other = ["no-such-data-either"]\ndata = ["no-such-data==1"]\n',
    )
    assert error_of(visits).hint == "pip install -e '.[data]'"


@pytest.mark.parametrize("path", ["../secret.csv", "palmerpenguins/../../x.csv", "/etc/passwd"])
def test_path_out_of_the_distribution(visits: Folder, path: str) -> None:
    visits.write("data/sources.yml", package("palmerpenguins", path))
    error = error_of(visits, ProjectError)
    assert "outside the installed packages" in error.what
    assert str(error.where) == "data/sources.yml:7"
