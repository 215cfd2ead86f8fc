"""Views on the graph of the project's documents, and on releases."""

from __future__ import annotations

from analysis.lineage.system import GRAPH, RELEASE_VARIABLE
from analysis.warehouse.building.live.files import texts

_GRAPH = texts(GRAPH.replace(".json", "[.]json"))
_MANIFESTS = texts("published/manifests/*.json")
_DOCUMENT = (
    '{"document": "VARCHAR", "title": "VARCHAR", "section": "VARCHAR", "date": "VARCHAR",'
    ' "categories": ["VARCHAR"], "output": "VARCHAR"}'
)
_EDGE = '{"document": "VARCHAR", "kind": "VARCHAR", "id": "VARCHAR"}'

# By name: what it is, and its query.
VIEWS = {
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
