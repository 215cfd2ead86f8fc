"""Keeping a fitted model: by skops, which loads no code, and never by pickle."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analysis.experiments.running.predicting import Fitted
from analysis.experiments.running.tasks import Setting, Told
from analysis.experiments.runs.store import MODEL
from analysis.files import checksum, temporary

# How skops tells objects apart: by their places in memory, which differ each time.
_ADDRESS = re.compile(r'(?<="__id__": )\d+|(?<=")\d+(?=\.npy")')
_BEGINNING = (1980, 1, 1, 0, 0, 0)


def save_model(setting: Setting, fitted: Fitted) -> Told:
    """Write the model into the folder of the work, and tell its size and SHA-256.

    The same model gives the same bytes.
    """
    path = setting.work / MODEL
    write_model(fitted.estimator, path)
    return {"file": MODEL, "bytes": path.stat().st_size, "sha256": checksum(path)}


def write_model(estimator: Any, path: Path) -> None:
    """Write an estimator to ``path`` in one rename, without addresses and times."""
    import skops.io

    with temporary(path) as dumped, temporary(path) as clean:
        skops.io.dump(estimator, dumped)
        with zipfile.ZipFile(dumped) as source, zipfile.ZipFile(clean, "w") as target:
            for name, content in _cleaned(source):
                entry = zipfile.ZipInfo(name, _BEGINNING)
                target.writestr(entry, content, zipfile.ZIP_DEFLATED)
        clean.replace(dumped)
        clean.touch()


def _cleaned(source: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Give the files of a model with objects numbered in the order in which they come."""
    schema = source.read("schema.json").decode()
    numbers: dict[str, str] = {}

    def number(found: re.Match[str]) -> str:
        return numbers.setdefault(found[0], f"{len(numbers)}")

    yield "schema.json", _ADDRESS.sub(number, schema).encode()
    found = {_renamed(name, numbers): name for name in source.namelist()}
    for new in sorted(found.keys() - {"schema.json"}):
        yield new, source.read(found[new])


def _renamed(name: str, numbers: dict[str, str]) -> str:
    stem, dot, suffix = name.partition(".")
    return f"{numbers[stem]}{dot}{suffix}" if stem in numbers else name
