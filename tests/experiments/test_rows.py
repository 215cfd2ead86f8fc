"""The rows of a fold as workers read them: the right ones, and copied once."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.experiments.running.rows import read_rows, write_rows

FRAME = pd.DataFrame(
    {
        "weight": [1.5, np.nan, 2.0, 0.0],
        "town": ["Ulm", "Bonn", None, "Ulm"],
        "express": [True, False, True, True],
        "shop": ["n", "n", "s", "s"],
    }
)


@pytest.mark.parametrize("names", [["weight", "town", "express", "shop"], ["shop", "weight"]])
@pytest.mark.parametrize("places", [None, [3, 1, 1], []])
def test_rows_come_as_they_were(tmp_path: Path, names: list[str], places: list[int] | None) -> None:
    kinds = {"weight": "number", "town": "category", "express": "boolean", "shop": "category"}
    write_rows(tmp_path, FRAME, kinds)  # type: ignore[arg-type]
    found = read_rows(tmp_path).frame(names, None if places is None else np.array(places, np.int32))
    wanted = FRAME.astype({"express": float, "town": "category", "shop": "category"})[names]
    if places is not None:
        wanted = wanted.iloc[places].reset_index(drop=True)
    pd.testing.assert_frame_equal(found, wanted, check_categorical=False)
    assert [*found.columns] == names
    for name in {"town", "shop"} & {*names}:
        assert [*found[name].cat.categories] == sorted(FRAME[name].dropna().unique())


def test_rows_are_copied_once(tmp_path: Path) -> None:
    count, names = 50_000, [f"n{n}" for n in range(20)]
    frame = pd.DataFrame(np.arange(20.0 * count).reshape(count, 20), columns=names)
    rows = write_rows(tmp_path, frame, dict.fromkeys(names, "number"))
    places = np.arange(0, count, 2, dtype=np.int32)
    rows.frame(names, places)
    tracemalloc.start()
    try:
        found = rows.frame(names, places)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1.2 * found.memory_usage(index=False).sum()
