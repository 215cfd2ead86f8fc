"""``inputs.json`` beside a frozen result: what the page depended on when it ran."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from analysis.documents.freeze import frozen_dir
from analysis.files import write_text
from analysis.lineage import Inputs
from analysis.project import Project

NAME = "inputs.json"


def write_inputs(project: Project, source: str, inputs: Inputs) -> None:
    """Write the inputs of a run: sorted, one a line, so that merges stay quiet."""
    known = {kind: rows for kind, rows in inputs.items() if rows}
    text = json.dumps(known, indent=2, ensure_ascii=False, sort_keys=True)
    write_text(frozen_dir(project, source) / NAME, text + "\n")


def read_inputs(project: Project, source: str) -> Inputs | None:
    """Read the inputs of the last good run; ``None`` if they are not known."""
    stem = source.rpartition(".")[0]
    try:
        with open(f"{project.freeze_dir}/{stem}/{NAME}", "rb") as file:  # noqa: PTH123
            rows = json.loads(file.read())
    except (OSError, ValueError):
        return None
    return rows if _is_whole(rows) else None


def _is_whole(rows: Any) -> bool:
    return (
        isinstance(rows, Mapping)
        and "text" in rows
        and all(isinstance(ids, Mapping) for ids in rows.values())
    )
