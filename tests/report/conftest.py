"""A tiny project whose warehouse the tests fill with rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Give a function that runs SQL in the warehouse of the project in the current folder."""
    (tmp_path / "_quarto.yml").write_text("project: {type: website}\n")
    (tmp_path / "data").mkdir()
    monkeypatch.chdir(tmp_path)

    def run(sql: str) -> None:
        with duckdb.connect(str(tmp_path / "data" / "warehouse.duckdb")) as connection:
            connection.execute(sql)

    return run
