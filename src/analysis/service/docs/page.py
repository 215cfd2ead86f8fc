"""``/docs``: the description as one page, which loads nothing from anywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem;color:#222}
h2{margin-top:2.5rem;font-size:1.15rem}h2 b{font-family:ui-monospace,monospace}
code,pre{font:14px/1.45 ui-monospace,monospace;background:#f4f4f2}
pre{padding:.7rem;overflow-x:auto;border-radius:4px}code{padding:.1em .25em}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem .3rem 0;
border-bottom:1px solid #ddd;vertical-align:top}
.method{display:inline-block;min-width:3.4em;color:#fff;background:#345;border-radius:3px;
padding:0 .4em;font-size:.85em;text-align:center}
"""


def page(described: Mapping[str, Any], base: str, *, keyed: bool) -> str:
    """Write the page; ``base`` is the server's address, for the examples."""
    info = described["info"]
    told = "".join(f"<p>{escape(part)}</p>" for part in info["description"].split("\n\n"))
    parts = [
        f"<h1>{escape(info['title'])}</h1>",
        told,
        '<p>For programs: <a href="openapi.json">openapi.json</a></p>',
        *_endpoints(described, base, keyed=keyed),
        "<h2>Fields of a row</h2>",
        _fields(described["components"]["schemas"]["Record"]),
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(info['title'])}</title><style>{_STYLE}</style></head>\n"
        f"<body>{''.join(parts)}</body></html>\n"
    )


def _endpoints(described: Mapping[str, Any], base: str, *, keyed: bool) -> Iterator[str]:
    for path, methods in described["paths"].items():
        for method, told in methods.items():
            yield (
                f'<h2><span class="method">{method.upper()}</span> <b>{escape(path)}</b></h2>'
                f"<p>{escape(told['summary'])}. {escape(told.get('description', ''))}</p>"
            )
            yield _pre(_curl(method, base + path, told, keyed=keyed and path != "/ping"))
            if method == "post":
                answer = told["responses"]["200"]["content"]["application/json"]["example"]
                yield f"<p>Answer:</p>{_pre(json.dumps(answer, ensure_ascii=False))}"
                yield _statuses(told["responses"])


def _curl(method: str, url: str, told: Mapping[str, Any], *, keyed: bool) -> str:
    lines = [f"curl {url}"]
    if keyed:
        lines.append('-H "X-API-Key: $KEY"')
    if method == "post":
        row = told["requestBody"]["content"]["application/json"]["example"]
        body = json.dumps(row, ensure_ascii=False).replace("'", "'\\''")
        lines += ["-H 'Content-Type: application/json'", f"-d '{body}'"]
    return " \\\n  ".join(lines)


def _statuses(responses: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{status}</code></td><td>{escape(told['description'])}</td></tr>"
        for status, told in responses.items()
    )
    return f"<table>{rows}</table>"


def _fields(schema: Mapping[str, Any]) -> str:
    rows = []
    for name, told in schema["properties"].items():
        kind = told["type"]
        names = " or ".join(kind) if isinstance(kind, list) else kind
        cells = (f"<code>{escape(name)}</code>", escape(names), escape(_bounds(told)),
                 escape(told.get("description", "")))  # fmt: skip
        rows.append(f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>")
    head = "<tr><th>field</th><th>type</th><th>values</th><th>description</th></tr>"
    return f"<table>{head}{''.join(rows)}</table>"


def _bounds(told: Mapping[str, Any]) -> str:
    if "enum" in told:
        values = [str(value) for value in told["enum"] if value is not None]
        more = f" and {len(values) - 20} others" if len(values) > 20 else ""
        return ", ".join(values[:20]) + more
    return f"{told['minimum']:g} to {told['maximum']:g}" if "minimum" in told else ""


def _pre(text: str) -> str:
    return f"<pre>{escape(text)}</pre>"
