"""The relations of the warehouse as they were built: what each holds, and what it reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from analysis.project import Project


@dataclass(frozen=True)
class Relation:
    """A table or view, its fingerprints, and the relations that its SQL names.

    ``fingerprint`` and those of the ``columns`` are ``by`` content: equal rows give equal ones.
    Where content is not compared, they are by definition: of the SQL and of what it reads.
    ``role`` is the fingerprint of what a view's header declares for datasets.
    """

    name: str
    fingerprint: str
    columns: Mapping[str, str]
    reads: tuple[str, ...]
    kind: Literal["table", "view"]
    by: Literal["content", "definition"]
    role: str = ""


def read_relations(project: Project) -> Mapping[str, Relation]:
    """Read the relations by name from the record beside the warehouse.

    They are empty where it is missing or damaged. Names are in small letters, with their schema.
    """
    try:
        record = json.loads(project.warehouse.with_suffix(".json").read_bytes())
        return parse_relations(record["relations"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def expand(relations: Mapping[str, Relation], name: str) -> tuple[str, ...]:
    """Give all that the relation ``name`` reads, directly or through views, sorted by name."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        relation = relations.get(waiting.pop())
        new = set(relation.reads) - found if relation else set()
        found |= new
        waiting.extend(new)
    return tuple(sorted(found))


def parse_relations(values: Mapping[str, Any]) -> Mapping[str, Relation]:
    """Turn the part ``relations`` of the record into relations by name.

    Raises
    ------
    KeyError, TypeError, ValueError, AttributeError
        It is damaged.
    """
    return {
        name: Relation(
            name=name,
            fingerprint=relation["fingerprint"],
            columns=dict(relation["columns"]),
            reads=tuple(relation["reads"]),
            kind=relation["kind"],
            by=relation["by"],
            role=relation.get("role", ""),
        )
        for name, relation in values.items()
    }
