"""Frames as Parquet files of the project's own, and two of them side by side."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import ProjectError
from analysis.warehouse.parquetfile import columns_in, join_by_key, read_rows, write_rows


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """Values and kinds stay; the index goes; the path may hold anything."""
    frame = pd.DataFrame(
        {
            "Id": pd.array([1, None], dtype="Int64"),
            "at": pd.to_datetime(["2013-01-01 05:00", None]),
            "p_a b": [0.1, 0.2],
            "label": ["x", "it's"],
        },
        index=[7, 7],
    )
    path = tmp_path / "a [1]* 'b" / "rows.parquet"
    write_rows(frame, path)
    found = read_rows(path)
    assert columns_in(path) == tuple(frame.columns)
    assert found["Id"].isna().tolist() == [False, True]
    assert found["at"][0] == frame["at"].iloc[0]
    assert found[["p_a b", "label"]].to_dict("list") == frame[["p_a b", "label"]].to_dict("list")
    assert [file.name for file in path.parent.iterdir()] == ["rows.parquet"]


def test_two_files_by_key(tmp_path: Path) -> None:
    """Rows that differ are given in the order of the left, also where a key has no value."""
    left = pd.DataFrame({"a": [3, 1, 2, None], "b": list("xyzw"), "v": [1, 2, 3, 4], "w": 0})
    right = pd.DataFrame({"a": [None, 1, 3, 9], "b": list("wyxq"), "v": [5, 2, 7, 8], "w": 1})
    for name, frame in (("left", left), ("right", right)):
        write_rows(frame, tmp_path / name)
    rows, both = join_by_key(tmp_path / "left", tmp_path / "right", ("a", "b"), ("v", "w"), "v")
    assert both == 3
    assert list(rows.columns) == ["a", "b", "left.v", "left.w", "right.v", "right.w"]
    assert rows["b"].tolist() == ["x", "w"]
    assert rows["left.v"].tolist() == [1, 4] and rows["right.v"].tolist() == [7, 5]
    assert rows["right.w"].tolist() == [1, 1]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """Missing, damaged, or without the column: it is said which."""
    with pytest.raises(ProjectError, match="there is no file `rows` in"):
        read_rows(tmp_path / "rows")
    (tmp_path / "bad").write_bytes(b"bad")
    with pytest.raises(ProjectError, match="bad` cannot be read"):
        columns_in(tmp_path / "bad")
    write_rows(pd.DataFrame({"a": [1]}), tmp_path / "good")
    with pytest.raises(ProjectError, match="cannot be read"):
        join_by_key(tmp_path / "good", tmp_path / "good", ("a",), ("b",), "a")
