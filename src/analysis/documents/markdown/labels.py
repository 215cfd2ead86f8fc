"""Which part of a cell carries its label and its captions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_PUNCTUATION = re.compile(r"""[!"#$%&')*+,/:;<=>?@\[\\\]^`{|}~]""")

Output = Mapping[str, Any]


def identifier(text: str) -> str:
    """Make an id of a label as pandoc does of a heading."""
    text = re.sub(r"\s", "-", _PUNCTUATION.sub("", text)).lower()
    return re.sub(r"^[^a-z]+", "", text)


def file_stem(text: str) -> str:
    """Make a file name of a label, in ASCII."""
    return identifier(unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode())


def is_display(output: Output) -> bool:
    """Say whether an output is a value or something displayed, not a stream or an error."""
    return output["output_type"] in ("display_data", "execute_result")


def is_table(options: Mapping[str, Any]) -> bool:
    """Say whether the cell's label makes it a table; the renderer labels that itself."""
    return str(options.get("label") or "").startswith("tbl-")


@dataclass(frozen=True)
class Captions:
    """The caption at the end of the cell, and those of its outputs in order."""

    cell: str | None = None
    outputs: tuple[str, ...] = ()


def captions(options: Mapping[str, Any], outputs: Sequence[Output]) -> Captions:
    """Divide the captions of a cell."""
    caption, parts = options.get("fig-cap"), options.get("fig-subcap")
    if isinstance(caption, list):
        shown = any(is_display(output) for output in outputs)
        return Captions(outputs=_clean(caption) if shown else ())
    if not caption:
        return Captions()
    if parts is None:
        return Captions(outputs=_clean([caption]))
    parts = [""] if parts is True else parts if isinstance(parts, list) else [parts]
    return Captions(str(caption), _clean(parts))


def _clean(values: Sequence[Any]) -> tuple[str, ...]:
    return tuple(str(value).strip().replace("\n", " ") for value in values)


def labels_cell(options: Mapping[str, Any], outputs: Sequence[Output], *, shown: bool) -> bool:
    """Say whether the cell's own div carries the label; else its one output does."""
    displays = sum(map(is_display, outputs))
    if not shown or displays == 0 or is_table(options):
        return True
    return displays > 1 and not isinstance(options.get("fig-cap"), list)
