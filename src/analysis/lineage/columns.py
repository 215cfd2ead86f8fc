"""Which columns the columns of views come from, as the record beside the warehouse tells."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.lineage.relations import parse_relations

if TYPE_CHECKING:
    from analysis.project import Project

# What the columns of each view come from: relation → column → where from.
Views = Mapping[str, Mapping[str, "Origin"]]


@dataclass(frozen=True)
class Origin:
    """The ``columns`` that a view's column is computed from: ``features.flights.dep_delay``.

    ``plain``: it is the one column that is named, and nothing was computed.
    """

    columns: tuple[str, ...]
    plain: bool = False


def split_column(column: str) -> tuple[str, str]:
    """Split ``features.flights.dep_delay`` into the relation and the column's own name."""
    schema, _, rest = column.partition(".")
    relation, _, name = rest.partition(".")
    return f"{schema}.{relation}", name


def read_views(project: Project) -> Views:
    """Read where the columns of views come from; empty where the record is missing or damaged."""
    try:
        record = json.loads(project.warehouse.with_suffix(".json").read_bytes())
        relations = parse_relations(record["relations"])
        columns = {name: tuple(relation.columns) for name, relation in relations.items()}
        return {
            name: complete(parse_origins(view["lineage"]), name, relations[name].reads, columns)
            for name, view in record["views"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def parse_origins(values: Mapping[str, Any] | None) -> Mapping[str, Origin] | None:
    """Turn the part ``lineage`` of a view in the record into origins by column.

    Raises
    ------
    KeyError, TypeError, AttributeError
        It is damaged.
    """
    if values is None:
        return None
    return {name: Origin(tuple(v["columns"]), v["plain"]) for name, v in values.items()}


def complete(
    known: Mapping[str, Origin] | None,
    view: str,
    reads: tuple[str, ...],
    columns: Mapping[str, tuple[str, ...]],
) -> Mapping[str, Origin]:
    """Give what is ``known`` of a view, or else say that each column comes from all it reads.

    ``columns`` are those of all relations.
    """
    if known is not None:
        return known
    everything = Origin(tuple(f"{read}.{column}" for read in reads for column in columns[read]))
    return dict.fromkeys(columns[view], everything)


def downstream(views: Views, column: str) -> tuple[str, ...]:
    """Give the columns of views that come from ``column``, directly or through views, sorted."""
    users: dict[str, set[str]] = {}
    for view, origins in views.items():
        for name, origin in origins.items():
            for source in origin.columns:
                users.setdefault(source, set()).add(f"{view}.{name}")
    found: set[str] = set()
    waiting = [column]
    while waiting:
        new = users.get(waiting.pop(), set()) - found
        found |= new
        waiting.extend(new)
    return tuple(sorted(found))
