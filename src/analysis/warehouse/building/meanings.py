"""What the columns mean: as declared, or as the column that a view passes on is declared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.lineage.columns import Origin
from analysis.lineage.relations import Relation
from analysis.warehouse.building.plan import Plan
from analysis.warehouse.building.record import ViewRecord
from analysis.warehouse.declared.sources import rejected_table
from analysis.warehouse.views.header import ViewColumn
from analysis.warehouse.views.view import View


@dataclass(frozen=True)
class Meaning:
    """What a column holds, what it is measured in, and whether it tells of persons."""

    description: str | None = None
    unit: str | None = None
    pii: bool = False


_UNKNOWN = Meaning()


def meanings_of_views(
    plan: Plan, records: Mapping[str, ViewRecord], relations: Mapping[str, Relation]
) -> Mapping[str, Mapping[str, Meaning]]:
    """Say of each view what each of its columns means.

    A column that a view passes on has the description and the unit of what it is. A column that is
    computed from a personal one is personal. ``records`` are in the order of ``in_order``.
    """
    known = _of_sources(plan)
    views = {view.name: view for view in plan.views}
    found: dict[str, Mapping[str, Meaning]] = {}
    for name, record in records.items():
        found[name] = _of_view(views[name], record, relations, known)
        known |= {f"{name}.{column}": meaning for column, meaning in found[name].items()}
    return found


def _of_sources(plan: Plan) -> dict[str, Meaning]:
    return {
        f"raw.{table}.{column}": Meaning(spec.description or None, spec.unit, spec.pii)
        for name, source in plan.sources.by_name.items()
        for table in (name, rejected_table(name))
        for column, spec in source.columns.items()
    }


def _of_view(
    view: View, record: ViewRecord, relations: Mapping[str, Relation], known: Mapping[str, Meaning]
) -> Mapping[str, Meaning]:
    relation = relations[view.name]
    origins = record.lineage
    if origins is None:
        readable = [f"{read}.{c}" for read in relation.reads for c in relations[read].columns]
        pii = any(known.get(column, _UNKNOWN).pii for column in readable)
        anything = Origin(())
        return {c: _of_column(view, c, anything, known, pii=pii) for c in relation.columns}
    return {
        column: _of_column(
            view,
            column,
            origin,
            known,
            pii=any(known.get(source, _UNKNOWN).pii for source in origin.columns),
        )
        for column, origin in origins.items()
    }


def _of_column(
    view: View, column: str, origin: Origin, known: Mapping[str, Meaning], *, pii: bool
) -> Meaning:
    own = view.header.columns.get(column, ViewColumn())
    passed_on = known.get(origin.columns[0], _UNKNOWN) if origin.plain else _UNKNOWN
    return Meaning(own.description or passed_on.description, own.unit or passed_on.unit, pii)
