"""Where the columns of the views come from: traced once for each text of a view."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import duckdb

from analysis.files import digest
from analysis.warehouse.building.plan import Plan
from analysis.warehouse.building.record import ViewRecord
from analysis.warehouse.views.view import View

_COLUMNS = """
select schema_name || '.' || table_name, list(column_name order by column_index)
from duckdb_columns()
where not internal and database_name = current_database()
group by all
"""


def add_lineage(
    con: duckdb.DuckDBPyConnection,
    plan: Plan,
    records: Mapping[str, ViewRecord],
    reads: Mapping[str, Iterable[str]],
) -> dict[str, ViewRecord]:
    """Complete the ``records`` of views by where their columns come from.

    What is known of a view is kept while neither its text nor the names that it can use changed.
    """
    columns = {name: tuple(names) for name, names in con.execute(_COLUMNS).fetchall()}
    texts = {view.name: view for view in plan.views}
    return {
        name: _traced(record, texts[name], plan, reads[name], columns)
        for name, record in records.items()
    }


def _traced(
    record: ViewRecord,
    view: View,
    plan: Plan,
    reads: Iterable[str],
    columns: Mapping[str, tuple[str, ...]],
) -> ViewRecord:
    known = {name: columns[name] for name in sorted(reads)}
    names = columns[view.name]
    shape = digest(repr((record.digest, names, sorted(known.items()))).encode())
    old = plan.old.views.get(view.name) if plan.old else None
    if old and old.shape == shape:
        return replace(record, shape=shape, lineage=old.lineage)
    # Where nothing changed, sqlglot is not even imported.
    from analysis.warehouse.views.lineage import trace

    return replace(record, shape=shape, lineage=trace(view.text, known, names))
