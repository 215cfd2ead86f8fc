"""The live relations of the schema ``meta``: views on what runs and releases have written.

No path of this machine stands in them: a connection says where the project is, so that a project
that was moved, and a snapshot, tell of the project around them. A file that is not there has no
rows.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from analysis.lineage.system import GRAPH, RELEASE_VARIABLE, ROOT_VARIABLE
from analysis.warehouse.sql import literal

_UNKNOWN = "this relation is live: open the warehouse with `analysis.db()`, which knows the project"
_ROOT = f"getvariable('{ROOT_VARIABLE}')"
# Read only where the project is known. Without a file there is one row without content.
_FILES = f"""
(select if({_ROOT} is null, error({literal(_UNKNOWN)}), true) as known)
left join read_text(coalesce({_ROOT}, '.') || {{pattern}}) as f on known
"""
_GRAPH = _FILES.format(pattern=literal(f"/{GRAPH.replace('.json', '[.]json')}"))
_MANIFESTS = _FILES.format(pattern=literal("/published/manifests/*.json"))
_DOCUMENT = (
    '{"document": "VARCHAR", "title": "VARCHAR", "section": "VARCHAR", "date": "VARCHAR",'
    ' "categories": ["VARCHAR"], "output": "VARCHAR"}'
)
_EDGE = '{"document": "VARCHAR", "kind": "VARCHAR", "id": "VARCHAR"}'

_VIEWS = {
    "documents": (
        "The documents of the project, as their front matter tells of them",
        f"""
        select document, title, section, try_cast(date as date) as date, categories, output
        from (
          select unnest(from_json(f.content, '{{"documents": [{_DOCUMENT}]}}').documents,
            recursive := true)
          from {_GRAPH}
        )
        """,
    ),
    "inputs": (
        "What each page depended on when it last ran; pages that read this relation are left out",
        f"""
        select unnest(from_json(f.content, '{{"inputs": [{_EDGE}]}}').inputs, recursive := true)
        from {_GRAPH}
        """,
    ),
    "releases": (
        "The releases that are kept, the one that is served among them",
        f"""
        select
          parse_filename(f.filename, true) as id,
          try_cast(f.content ->> '$.created' as timestamp) as created,
          f.content ->> '$.commit' as commit,
          f.content ->> '$.renderer' as renderer,
          json_array_length(f.content, '$.pages')::bigint as pages,
          json_array_length(f.content, '$.failures')::bigint as failures,
          f.content ->> '$.snapshot' as snapshot,
          coalesce(parse_filename(f.filename, true) = getvariable('{RELEASE_VARIABLE}'), false)
            as current
        from {_MANIFESTS}
        where f.filename is not null
        """,
    ),
}


def write_system(file: Path) -> None:
    """Create the live relations in the warehouse at ``file``, which nobody else has open."""
    # A connection of its own: the one that creates a project's views can read no file any more.
    with duckdb.connect(str(file)) as con:
        con.execute(f"set variable {ROOT_VARIABLE} = {literal(str(file.parent))}")
        for name, (description, query) in _VIEWS.items():
            con.execute(f"create view meta.{name} as {query}")
            con.execute(f"comment on view meta.{name} is {literal(description)}")
        con.execute("checkpoint")
