"""Building a whole new warehouse file, source by source and view by view."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from analysis.errors import Remark
from analysis.files import digest
from analysis.lineage.relations import Relation
from analysis.warehouse.building.meta import META, write_meta
from analysis.warehouse.building.plan import Plan
from analysis.warehouse.building.profiles import PROFILES, write_profiles
from analysis.warehouse.building.record import Record
from analysis.warehouse.building.relations import of_table
from analysis.warehouse.building.system import write_system
from analysis.warehouse.building.tables import build_tables
from analysis.warehouse.building.views import build_views
from analysis.warehouse.sql import literal

# The old warehouse, while its tables are taken over. No view can name it: a project's schemas
# begin with a letter.
OLD = "_old"


@dataclass(frozen=True)
class Built:
    """A new warehouse: its record, the seconds that each source took, and warnings."""

    record: Record
    seconds: Mapping[str, float]
    warnings: tuple[Remark, ...]


def build(
    plan: Plan, file: Path, report: Callable[[str], None], memory_limit: str | None = None
) -> Built:
    """Write the warehouse of ``plan`` to the new ``file``; its folder is for scratch files.

    Raises
    ------
    SourceError, ViewError
        A source cannot be read, or a view cannot be created.
    """
    relations: dict[str, Relation] = {}
    with duckdb.connect(str(file)) as con:
        # A view must not find a Python variable of ours under the name of a table.
        con.execute("set python_enable_replacements = false")
        con.execute("set TimeZone = 'UTC'")
        if memory_limit:
            con.execute("set memory_limit = " + literal(memory_limit))
        _lay_out_alike(con)
        with _old_warehouse(con, plan):
            sources, seconds, warnings = build_tables(con, plan, file.parent, relations, report)
            views = build_views(con, plan, sources, relations, report)
            # In one transaction: thousands of small ones would each wait for the disk.
            con.execute("begin")
            write_meta(con, plan, sources, views, relations)
            con.execute("commit")
            write_profiles(con)
        for name in (*META, PROFILES):
            relations[name] = of_table(con, name)
        con.execute("checkpoint")
    write_system(file)
    # How a view is written is no content; and profiles follow from what is.
    left_out = ("meta.relations", PROFILES)
    content = {n: r.fingerprint for n, r in relations.items() if n not in left_out}
    record = Record(
        fingerprint=digest(repr(sorted(content.items())).encode()),
        declared=plan.sources.digest(),
        size=file.stat().st_size,
        sources=sources,
        views=views,
        relations=relations,
    )
    return Built(record, seconds, tuple(warnings))


def _lay_out_alike(con: duckdb.DuckDBPyConnection) -> None:
    """Use two threads or more, which cut a file into the same groups of rows; one does not."""
    if con.execute("select current_setting('threads')").fetchall() == [(1,)]:
        con.execute("set threads = 2")


@contextmanager
def _old_warehouse(con: duckdb.DuckDBPyConnection, plan: Plan) -> Iterator[None]:
    """Attach the old warehouse, whose tables may be taken over."""
    if plan.old:
        # A damaged old warehouse is no reason to fail: its sources are then read again.
        with suppress(duckdb.Error):
            con.execute(f"attach {literal(str(plan.old_file))} as {OLD} (read_only)")
    yield
    con.execute(f"detach database if exists {OLD}")
