"""Mistakes in contracts: what is said, and on which line."""

from __future__ import annotations

import pytest

from analysis.errors import AnalysisError, ProjectError
from tests.warehouse.conftest import Folder, error_of
from tests.warehouse.contracts import declare


@pytest.mark.parametrize(
    ("parts", "line", "what"),
    [
        ({"customers": "range: [null, null]"}, 18, "a range has a lowest or a highest"),
        ({"shop": "range: [1, 2]"}, 17, "of type VARCHAR cannot have a range"),
        ({"customers": "pattern: '[0-9]'"}, 18, "of type INTEGER cannot have a pattern"),
        ({"shop": "pattern: '(a'"}, 17, "is no regular expression"),
        ({"shop": "references: shop.code"}, 17, "there is no source `shop`"),
        ({"shop": "references: shops.cod"}, 17, "there is no column `cod`"),
        ({"shop": "references: shops.size"}, 17, "`shop` is VARCHAR, but `shops.size` is INTEGER"),
        ({"shop": "values: [yes, no]"}, 17, "YAML reads yes, no, on"),
        ({"customers": "range: [0, .inf], values: [2013-01-01]"}, 18, "cannot be checked"),
        ({"shop": "pattern: '(?<=a)b'"}, 17, "`shop: pattern` cannot be checked"),
        ({"shop": "protect: hash"}, 17, "`protect` goes with `pii: true`"),
        ({"contract": "key: dya"}, 14, "there is no column `dya`"),
        ({"contract": "unique: [[day, shp]]"}, 14, "there is no column `shp`"),
        ({"contract": "fresh: soon"}, 14, "write a number with m, h, d or w"),
        ({"contract": "checks: [{name: x}]"}, 14, "either `expect` or `no_rows`"),
        ({"contract": "keys: day"}, 14, "unknown key"),
        (
            {"contract": "checks: [{name: x, expect: shop in (select code from raw.shops)}]"},
            14,
            "`x` expects something of other rows",
        ),
        ({"contract": "checks: [{name: x, expect: custmers > 1}]"}, 14, "`x` cannot be checked"),
        ({"contract": "checks: [{name: x, expect: customers +}]"}, 14, "`x` cannot be checked"),
    ],
)
def test_wrong_contract(folder: Folder, parts: dict[str, str], line: int, what: str) -> None:
    declare(folder, **parts)
    error = error_of(folder, AnalysisError)
    assert what in error.what
    assert str(error.where) == f"data/sources.yml:{line}"


def test_sources_that_refer_to_each_other(folder: Folder) -> None:
    declare(folder, shop="references: shops.code")
    path = folder.root / "data" / "sources.yml"
    text = path.read_text().replace(
        "code: VARCHAR", "code: {type: VARCHAR, references: visits.shop}"
    )
    path.write_text(text)
    assert "in a circle: shops → visits → shops" in error_of(folder, ProjectError).what
