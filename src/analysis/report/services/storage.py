"""Checks of the raw data, of the warehouse, and of what is said of them."""

from __future__ import annotations

from analysis.errors import AnalysisError
from analysis.project import Project
from analysis.report.services.service import Finding, broken, missing, ok, warning

_DECLARE = "declare the project's raw data in data/sources.yml"
_UNDESCRIBED = """
select
  (select count(*) from meta.columns where schema = 'raw') as columns,
  (select count(*) from meta.columns where schema = 'raw' and description is null) as columns_left,
  (select count(*) from meta.relations) as relations,
  (select count(*) from meta.relations where coalesce(description, '') = '') as relations_left
"""


def check_files(project: Project) -> Finding:
    """Compare the raw data with the checksums of the last ingest."""
    from analysis.warehouse.building.lock import LOCK, check_lock, read_lock
    from analysis.warehouse.building.plan import make_plan

    if not project.has_sources:
        return missing("no raw data are declared", _DECLARE)
    try:
        plan = make_plan(project)
        locked = read_lock(project)
        told = check_lock(plan.sources, locked, plan.checksums)
    except AnalysisError as error:
        return _of_error(error, "mend it, and run `analysis ingest`")
    if left := sorted(plan.checksums.keys() - locked.keys()):
        return warning(
            f"{LOCK} knows no checksum of {', '.join(left[:5])}", "run `analysis ingest`"
        )
    if told:
        return warning(str(told[0]), "run `analysis ingest`, which records the change")
    return ok(f"the data of {_count(len(plan.checksums), 'source')} are as recorded in {LOCK}")


def check_warehouse(project: Project) -> Finding:
    """See whether the warehouse can be read, and is what its sources and views make."""
    from analysis.warehouse.building.plan import make_plan
    from analysis.warehouse.connection import db

    if not project.has_sources:
        return missing("there is no warehouse, since no raw data are declared", _DECLARE)
    try:
        with db(project.root) as connection:
            connection.execute("select count(*) from meta.relations").fetchall()
        plan = make_plan(project)
    except AnalysisError as error:
        return _of_error(error)
    except Exception as error:  # DuckDB's own, which only the warehouse may import
        return broken(
            f"the warehouse cannot be read: {str(error).splitlines()[0]}",
            "run `analysis ingest --force`",
        )
    if not plan.is_current():
        return warning("the warehouse is behind its sources and views", "run `analysis ingest`")
    sources, views = len(plan.sources.by_name), len(plan.views)
    return ok(f"{_count(sources, 'source')} and {_count(views, 'view')}, up to date")


def check_metadata(project: Project) -> Finding:
    """Count the relations and columns of which nothing is said."""
    from analysis.warehouse.connection import db

    if not project.has_sources:
        return missing("there is nothing to describe, since no raw data are declared", _DECLARE)
    try:
        with db(project.root) as connection:
            found = connection.execute(_UNDESCRIBED).fetchall()[0]
    except Exception:
        return broken(
            "without a warehouse there is no dictionary", "mend the data services above first"
        )
    columns, columns_left, relations, relations_left = found
    left = []
    if columns_left:
        left.append(f"{columns_left} of {_count(columns, 'source column')}")
    if relations_left:
        left.append(f"{relations_left} of {_count(relations, 'relation')}")
    if left:
        said = f"no description: {' and '.join(left)}"
        return warning(said, "describe them in data/sources.yml and in the headers of the views")
    return ok(f"{_count(relations, 'relation')} and {_count(columns, 'source column')} described")


def _of_error(error: AnalysisError, hint: str = "run `analysis ingest`") -> Finding:
    place = f"{error.where}: " if error.where else ""
    return broken(f"{place}{error.what}", error.hint or hint)


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}" + ("" if number == 1 else "s")
