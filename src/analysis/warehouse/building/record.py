"""``data/warehouse.json``: what the warehouse was built from, and fingerprints of what is in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from analysis.files import write_text
from analysis.lineage.columns import Origin, parse_origins
from analysis.lineage.relations import Relation, parse_relations
from analysis.project import Project
from analysis.warehouse.contracts.outcome import Outcome, parse_outcome

# Raised when the same declarations would give another warehouse or other fingerprints than before.
FORMAT = 11


@dataclass(frozen=True)
class SourceRecord:
    """A source as it was read: ``digest`` of its data and its declared reading.

    ``rejected`` rows were set aside; ``newest`` is the latest value of its clock, in UTC.
    ``in_place`` is the file that is scanned where it lies, if the source has no table of its own.
    """

    digest: str
    rows: int
    rejected: int = 0
    newest: str | None = None
    in_place: str | None = None
    outcomes: tuple[Outcome, ...] = ()


@dataclass(frozen=True)
class ViewRecord:
    """A view as it was created: ``digest`` of its text; ``definition`` of what decides its rows.

    ``rows`` are counted of a materialized one. ``lineage`` tells where each column comes from;
    ``None``: from anything that it reads. It was traced for this ``shape``: the text, and the
    names of the columns that it can use.
    """

    digest: str
    definition: str
    rows: int | None = None
    shape: str = ""
    lineage: Mapping[str, Origin] | None = None


@dataclass(frozen=True)
class Record:
    """All of ``warehouse.json``; ``fingerprint`` is that of the whole content.

    ``declared`` is the digest of ``sources.yml``; ``size`` is the warehouse's, in bytes.
    ``relations`` are all tables and views by name, with their schema.
    """

    fingerprint: str
    declared: str
    size: int
    sources: Mapping[str, SourceRecord]
    views: Mapping[str, ViewRecord]
    relations: Mapping[str, Relation]


def record_path(warehouse: Path) -> Path:
    """Give the place of the record, beside the warehouse."""
    return warehouse.with_suffix(".json")


def write_record(record: Record, warehouse: Path) -> None:
    """Write the record of the file ``warehouse`` beside it, in one rename."""
    values = {"format": FORMAT, **asdict(record)}
    for relation in values["relations"].values():
        del relation["name"]
    content = json.dumps(values, indent=2, sort_keys=True)
    write_text(record_path(warehouse), content + "\n")


def read_record(project: Project) -> Record | None:
    """Read the record; ``None`` where it, or the warehouse it tells of, is missing or damaged."""
    try:
        values = json.loads(record_path(project.warehouse).read_bytes())
        if values.pop("format") != FORMAT:
            return None
        sources = {name: _source(v) for name, v in values.pop("sources").items()}
        views = {name: _view(v) for name, v in values.pop("views").items()}
        relations = parse_relations(values.pop("relations"))
        record = Record(sources=sources, views=views, relations=relations, **values)
        return record if project.warehouse.stat().st_size == record.size else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _source(values: dict[str, Any]) -> SourceRecord:
    found = tuple(parse_outcome(outcome) for outcome in values.pop("outcomes"))
    return SourceRecord(**values, outcomes=found)


def _view(values: dict[str, Any]) -> ViewRecord:
    return ViewRecord(**{**values, "lineage": parse_origins(values["lineage"])})
