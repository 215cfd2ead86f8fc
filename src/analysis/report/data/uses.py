"""Who uses a relation: views and pages that read it, and experiments that are trained on it."""

from __future__ import annotations

from analysis.lineage import views_of_dataset
from analysis.report.data.layout import listing
from analysis.report.data.links import address, experiment_link, relation_link
from analysis.report.data.read import rows
from analysis.report.html import Html, code, join, link, tag

_VIEWS = """
with recursive users (name) as (
  select relation from meta.reads where reads = $relation
  union
  select r.relation from users u join meta.reads r on r.reads = u.name
)
select u.name, r.description from users u join meta.relations r using (name) order by u.name
"""
_PAGES = """
with recursive users (name) as (
  select $relation
  union
  select r.relation from users u join meta.reads r on r.reads = u.name
)
select i.document, any_value(d.title) as title, list(distinct i.id order by i.id) as through
from meta.inputs i
join users u on i.kind = 'relation' and i.id = u.name
left join meta.documents d using (document)
group by i.document
order by i.document
"""

_DATASETS = """
select i.id, i.document, d.title
from meta.inputs i left join meta.documents d using (document)
where i.kind = 'dataset' order by i.id, i.document
"""
_EXPERIMENTS = """
with recursive users (name) as (
  select $relation
  union
  select r.relation from users u join meta.reads r on r.reads = u.name
)
select
  e.experiment,
  list(distinct e.relation order by e.relation) as through,
  list(distinct e.column order by e.column) filter (e.relation = $relation) as columns
from meta.uses e join users u on lower(e.relation) = u.name
group by e.experiment
order by e.experiment
"""


def views_using(relation: str) -> Html:
    """List the views that read a relation, directly or through others."""
    found = [
        join([relation_link(v.name), _said(v.description)]) for v in rows(_VIEWS, relation=relation)
    ]
    return listing(found, "No view reads it.")


def pages_using(relation: str) -> Html:
    """List the pages that read a relation, or a view on it, and through which."""
    found = []
    for page in rows(_PAGES, relation=relation):
        through = [code(name) for name in page.through if name != relation]
        how = join([" through ", join(through, ", ")]) if through else None
        found.append(join([link(address(page.document), page.title or page.document), how]))
    return listing(found, "No page reads it.")


def datasets_using(relation: str) -> Html:
    """List the datasets that a view is part of, and the pages that read them."""
    pages: dict[str, list[Html]] = {}
    for row in rows(_DATASETS):
        if relation in views_of_dataset(row.id):
            page = link(address(row.document), row.title or row.document)
            pages.setdefault(row.id, []).append(page)
    found = [
        join([tag("strong", name.partition(": ")[0]), " in ", join(readers, ", ")])
        for name, readers in sorted(pages.items())
    ]
    return listing(found, "It is part of no dataset.")


def experiments_using(relation: str) -> Html:
    """List the experiments that are trained on a relation: on which columns, or through which view.

    Those whose declaration has changed since they were run are not current, and left out.
    """
    found = []
    for row in rows(_EXPERIMENTS, relation=relation):
        through = [code(name) for name in row.through if name != relation]
        on = [code(name) for name in row.columns or []]
        parts = [join([" on ", join(on, ", ")]) if on else None]
        parts.append(join([" through ", join(through, ", ")]) if through else None)
        found.append(join([experiment_link(row.experiment), *parts]))
    return listing(found, "No experiment is trained on it.")


def _said(description: str | None) -> str | None:
    return (
        f": {description.strip().splitlines()[0]}" if description and description.strip() else None
    )
