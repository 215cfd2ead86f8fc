"""The rows of an experiment, read once and put into files for the workers."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analysis.experiments.checking.target import class_codes
from analysis.experiments.declared.experiment import ColumnKind
from analysis.experiments.running.arrays import save_array
from analysis.experiments.running.rows import fingerprint, write_rows
from analysis.experiments.splits.blocks import Blocks
from analysis.experiments.splits.folds import Split
from analysis.files import fresh_folder

if TYPE_CHECKING:
    import pandas as pd

    from analysis.experiments.checking.resolve import Resolved
    from analysis.warehouse.datasets.dataset import Dataset

Array = NDArray[Any]


@dataclass(frozen=True)
class Data:
    """All rows of an experiment in the order of their key.

    ``target`` holds class codes, or values; ``columns`` are fingerprints of content by column.
    """

    frame: pd.DataFrame
    target: Array
    columns: Mapping[str, str]


def read_data(dataset: Dataset, resolved: Resolved) -> Data:
    """Read the rows of the dataset."""
    frame = dataset.df(ordered=True)
    values = frame[resolved.target]
    is_number = resolved.task == "regression"
    return Data(
        frame,
        values.to_numpy(dtype=float) if is_number else class_codes(values, resolved.classes),
        {str(name): fingerprint(frame[name]) for name in frame.columns},
    )


def stage_rows(folder: Path, data: Data, kinds: Mapping[str, ColumnKind]) -> None:
    """Write features and target into ``folder``; ``kinds`` says what each feature is."""
    with _staged(folder) as staged:
        write_rows(staged, data.frame, kinds)
        save_array(staged / "target.npy", data.target)


def stage_split(folder: Path, split: Split, blocks: Blocks) -> None:
    """Write the places of the rows of each fold, and the block of each row, into ``folder``."""
    with _staged(folder) as staged:
        for number, (train, test) in enumerate(split.folds, 1):
            save_array(staged / f"{number}-train.npy", train.astype(np.int32))
            save_array(staged / f"{number}-test.npy", test.astype(np.int32))
        save_array(staged / "blocks.npy", blocks.codes)


@contextlib.contextmanager
def _staged(folder: Path) -> Iterator[Path]:
    """Give a folder that takes the place of ``folder``, which is not there, in one rename."""
    with fresh_folder(folder.parent, ".staged-") as fresh:
        whole = fresh / folder.name
        whole.mkdir()
        yield whole
        whole.rename(folder)
