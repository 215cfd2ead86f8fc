"""The data dictionary: all sources in short, and one source at length."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from analysis.report.data.layout import badge, facts, html_table, wide
from analysis.report.data.links import relation_address
from analysis.report.data.read import one, rows
from analysis.report.formats import MISSING, date, number
from analysis.report.html import Html, code, join, link, tag
from analysis.report.palette import CATEGORIES, WARM

if TYPE_CHECKING:
    import great_tables

_GOOD = CATEGORIES[2]

_ALL = """
with rules as (
  select source, count(*) as rules, count(*) filter (not passed) as broken
  from meta.checks group by source
)
select s.*, coalesce(r.rules, 0) as rules, coalesce(r.broken, 0) as broken
from meta.sources s left join rules r on r.source = s.name
order by s.name
"""


def source_table() -> great_tables.GT:
    """List the sources: how many rows, how old, and whether they keep their contract."""
    found = [
        {
            "name": link(relation_address(f"raw.{source.name}"), source.name),
            "description": wide(source.description),
            "rows": number(source.rows),
            "newest": date(source.newest),
            "update": source.update or MISSING,
            "contract": _verdict(source),
        }
        for source in rows(_ALL)
    ]
    return html_table(
        found,
        {
            "name": "Source",
            "description": "Description",
            "rows": "Rows",
            "newest": "Data as of",
            "update": "Updated",
            "contract": "Contract",
        },
        numbers=["rows"],
    )


def about_source(name: str) -> Html:
    """Say what a source is: whose it is, where it comes from, how old it is."""
    source = one(f"select * from ({_ALL}) where name = $name", f"source `{name}`", name=name)
    place = join([x for x in (source.distribution, source.path) if x], ": ")
    return facts(
        {
            "Table": code(f"raw.{name}"),
            "Rows": number(source.rows),
            "Set aside": _rejected(source),
            "Data as of": source.newest and date(source.newest),
            "Updated": source.update,
            "Owner": source.owner,
            "Licence": source.licence,
            "Kind": source.kind,
            "From": place,
            "Contract": _verdict(source),
        }
    )


def _rejected(source: SimpleNamespace) -> Html | None:
    if not source.rejected:
        return None
    count = f"{number(source.rejected)} row" + ("" if source.rejected == 1 else "s")
    return join([count, ", with the reasons in ", code(f"raw.{source.name}__rejected")])


def _verdict(source: SimpleNamespace) -> Html:
    if not source.rules:
        return badge("none", "#80808088", "No rules are declared.")
    if not source.broken:
        return badge(f"{source.rules} kept", _GOOD, "Every rule holds.")
    told = f"{source.broken} of {source.rules} broken"
    return badge(told, WARM, "See the page of the source.")


_BROKEN = """
select name, on_violation, violations, detail from meta.checks
where source = $name and not passed order by name
"""
_KEPT = """
select
  kind, count(*) as rules,
  flatten(list(if(len(columns) > 0, columns, [name]) order by name)) as columns
from meta.checks where source = $name and passed group by kind order by kind
"""


def broken_rules(name: str) -> great_tables.GT | Html:
    """Show the rules of a source's contract that do not hold, and what became of the rows."""
    found = rows(_BROKEN, name=name)
    if not found:
        return tag("p", "Every rule holds.")
    return html_table(
        [
            {
                "rule": join([tag("strong", check.name), wide(check.detail)]),
                "rows": number(check.violations),
                "policy": _POLICIES.get(check.on_violation, check.on_violation),
            }
            for check in found
        ],
        {"rule": "Broken rule", "rows": "Rows", "policy": "These rows"},
        numbers=["rows"],
    )


_POLICIES = {"fail": "stop the ingest", "quarantine": "are set aside", "warn": "stay"}


_KINDS = {"missing": "never missing", "rows": "number of rows", "expect": "condition"}


def kept_rules(name: str) -> great_tables.GT | Html:
    """Show which rules hold, by their kind."""
    found = rows(_KEPT, name=name)
    if not found:
        return tag("p", "No rule holds." if rows(_BROKEN, name=name) else "None is declared.")
    return html_table(
        [
            {
                "kind": _KINDS.get(rule.kind, rule.kind),
                "rules": number(rule.rules),
                "columns": wide(", ".join(dict.fromkeys(rule.columns))),
            }
            for rule in found
        ],
        {"kind": "Kept rules", "rules": "Number", "columns": "Of"},
        numbers=["rules"],
    )
