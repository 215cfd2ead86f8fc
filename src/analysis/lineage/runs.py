"""What runs of experiments were trained on, as their records tell: read plainly, and no more."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.lineage.relations import Relation
from analysis.lineage.system import RUNS_FOLDER, RUNS_FORMAT

if TYPE_CHECKING:
    from analysis.project import Project

# A relation with its schema, and a column of it.
Column = tuple[str, str]
_SUMMARY, _RECORD = "experiment.json", "run.json"


@dataclass(frozen=True)
class Tried:
    """An experiment and its runs.

    ``current`` are of what was declared when it was last run; ``uses`` are the columns that these
    were trained on, and ``inputs`` their fingerprints at that time; ``declaration`` is one of what
    was declared then, where it is known. ``damaged`` files cannot be
    read, or are of another version; their paths are relative to the root.
    """

    name: str
    runs: int
    failed: int
    current: int
    uses: tuple[Column, ...]
    inputs: Mapping[str, str]
    damaged: tuple[str, ...]
    declaration: str | None = None

    def relations(self) -> tuple[str, ...]:
        """Name the relations that current runs were trained on."""
        return tuple(dict.fromkeys(relation for relation, _ in self.uses))


def read_experiments(project: Project) -> tuple[Tried, ...]:
    """Read what is told of each experiment that was run, by name."""
    folders = sorted((project.root / RUNS_FOLDER).glob("*/"))
    return tuple(_tried(project.root, f) for f in folders if f.is_dir() and f.name[0] != ".")


def read_experiment(project: Project, name: str) -> Tried:
    """Read what is told of one experiment; nothing, if it was not run."""
    return _tried(project.root, project.root / RUNS_FOLDER / name)


def columns_used(
    sample: str, features: Mapping[str, Iterable[str]], key: Iterable[str], target: str
) -> Iterator[Column]:
    """Give the columns on which a run was trained, by the parts of its record."""
    for column in (*key, target):
        yield sample, column
    for view, columns in features.items():
        for column in columns:
            yield view, column


def fingerprints(relations: Mapping[str, Relation], columns: Iterable[Column]) -> Mapping[str, str]:
    """Give what ``relations`` say of columns that are there, by ``relation.column``."""
    known = {f"{view}.{name}": _column(relations, view, name) for view, name in columns}
    return {name: value for name, value in known.items() if value}


def changed(tried: Tried, relations: Mapping[str, Relation]) -> tuple[str, ...]:
    """Name the columns that are no longer what current runs were trained on, as far as known."""
    now = fingerprints(relations, tried.uses)
    return tuple(name for name, then in sorted(tried.inputs.items()) if now.get(name) != then)


def _column(relations: Mapping[str, Relation], view: str, name: str) -> str | None:
    relation = relations.get(view.lower())
    return relation.columns.get(name) if relation else None


def _tried(root: Path, folder: Path) -> Tried:
    summary = _json(folder / _SUMMARY, "task")
    files = sorted(folder.glob(f"*/{_RECORD}"))
    records = {path.parent.name: _json(path, "status") for path in files}
    damaged = [path for path in files if records[path.parent.name] is None]
    if summary is None and (folder / _SUMMARY).exists():
        damaged.append(folder / _SUMMARY)
    whole = {name: record for name, record in records.items() if record is not None}
    current = [name for name in _current(summary or {}) if name in whole]
    return Tried(
        name=folder.name,
        runs=len(whole),
        failed=sum(record["status"] == "failed" for record in whole.values()),
        current=len(current),
        uses=tuple(sorted({use for name in current for use in _uses(whole[name])})),
        inputs=_mapping((summary or {}).get("inputs")),
        damaged=tuple(path.relative_to(root).as_posix() for path in damaged),
        declaration=_text((summary or {}).get("declaration")),
    )


def _json(path: Path, needed: str) -> Mapping[str, Any] | None:
    """Read a record; ``None`` where it is damaged, of another version, or not there."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    is_whole = isinstance(found, dict) and isinstance(found.get(needed), str)
    return found if is_whole and found.get("format") == RUNS_FORMAT else None


def _current(summary: Mapping[str, Any]) -> Iterator[str]:
    for row in _list(summary.get("runs")):
        if isinstance(row, dict) and row.get("current") is True:
            yield str(row.get("run"))


def _uses(record: Mapping[str, Any]) -> Iterator[Column]:
    data = _mapping(record.get("data"))
    features = {view: _list(names) for view, names in _mapping(data.get("features")).items()}
    sample, target = data.get("sample"), data.get("target")
    if isinstance(sample, str) and isinstance(target, str):
        yield from columns_used(sample, features, _list(data.get("key")), target)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
