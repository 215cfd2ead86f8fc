"""The rows of an experiment as arrays in files, which all workers map and none copies whole."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analysis.experiments.declared.experiment import ColumnKind
from analysis.experiments.running.arrays import save_array
from analysis.files import digest, write_text

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = "columns.json"
Array = NDArray[Any]


@dataclass(frozen=True)
class Rows:
    """Columns of features in files of ``folder``: numbers and booleans as floats, else codes.

    ``known`` says of what kind each is. ``categories`` holds the values of each category, whose
    code is its place; a missing value has the code -1.
    """

    folder: Path
    known: Mapping[str, ColumnKind]
    categories: Mapping[str, tuple[str, ...]]

    @property
    def names(self) -> tuple[str, ...]:
        """Name the columns, in their order."""
        return tuple(self.known)

    def array(self, name: str) -> Array:
        """Map the file of a column."""
        place = self.names.index(name)
        found: Array = np.load(self.folder / f"{place}.npy", mmap_mode="r", allow_pickle=False)
        return found

    def frame(self, names: Sequence[str], rows: Array | None = None) -> pd.DataFrame:
        """Read columns of the rows at these places, all by default; they are copied once.

        Numbers lie beside each other, as pandas has them: it would copy what is given by column.
        """
        import pandas as pd

        numbers = [name for name in names if name not in self.categories]
        count = len(self.array(names[0])) if rows is None else len(rows)
        block = np.empty((len(numbers), count))
        for place, name in enumerate(numbers):
            self._read(name, rows, block[place])
        frame = pd.DataFrame(block.T, columns=numbers, copy=False)
        for place, name in enumerate(names):
            if name in self.categories:
                codes = self._read(name, rows, np.empty(count, np.int32))
                known: Any = pd.Categorical.from_codes(codes, self._dtypes[name])
                frame.insert(place, name, known)
        return frame

    def kinds(self, names: Sequence[str]) -> dict[str, ColumnKind]:
        """Say what these columns are to preprocessing."""
        return {name: self.known[name] for name in names}

    def _read(self, name: str, rows: Array | None, into: Array) -> Array:
        values = self.array(name)
        if rows is None:
            into[:] = values
        else:
            # All are within: asked to see to that, numpy would copy once more.
            np.take(values, rows, out=into, mode="clip")
        return into

    @cached_property
    def _dtypes(self) -> Mapping[str, pd.Index]:
        import pandas as pd

        return {name: pd.Index(values, dtype=object) for name, values in self.categories.items()}


def write_rows(folder: Path, frame: pd.DataFrame, kinds: Mapping[str, ColumnKind]) -> Rows:
    """Write the columns of ``frame`` into ``folder``, which is there.

    The categories of a column are its distinct values as text, sorted.
    """
    known = {}
    for place, (name, kind) in enumerate(kinds.items()):
        if kind == "category":
            values, codes = _coded(frame[name])
            known[name] = values
        else:
            codes = frame[name].astype("float64").to_numpy(na_value=np.nan)
        save_array(folder / f"{place}.npy", np.ascontiguousarray(codes))
    told = {"kinds": dict(kinds), "categories": known}
    write_text(folder / _COLUMNS, json.dumps(told, ensure_ascii=False) + "\n")
    return Rows(folder, kinds, known)


def read_rows(folder: Path) -> Rows:
    """Find the columns that were written into ``folder``."""
    told = json.loads((folder / _COLUMNS).read_bytes())
    categories = {name: tuple(values) for name, values in told["categories"].items()}
    return Rows(folder, told["kinds"], categories)


def fingerprint(column: pd.Series[Any]) -> str:
    """Fingerprint the content of a column whose rows stand in the order of their key."""
    import pandas as pd

    if pd.api.types.is_numeric_dtype(column.dtype):
        values = column.astype("float64").to_numpy(na_value=np.nan)
        # Whole numbers above 2**53 are not exact as floats.
        exact = values if pd.api.types.is_float_dtype(column.dtype) else column.to_numpy()
        content = exact.astype(str).tobytes() if exact.dtype == object else exact.tobytes()
        return digest(str(column.dtype).encode() + content)[:12]
    texts = column.astype(object).where(column.notna(), None)
    return digest(json.dumps([*map(_text, texts)], ensure_ascii=False).encode())[:12]


def _coded(column: pd.Series[Any]) -> tuple[tuple[str, ...], Array]:
    texts = column.astype(object)
    there = column.notna().to_numpy()
    values, places = np.unique(
        np.array([*map(str, texts[there])], dtype=object), return_inverse=True
    )
    codes = np.full(len(column), -1, dtype=np.int32)
    codes[there] = places
    return tuple(map(str, values)), codes


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
