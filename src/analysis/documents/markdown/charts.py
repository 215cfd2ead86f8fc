"""Altair charts: a picture in the page at once, and the specification for the script."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from typing import Any

from analysis.errors import CellError, Location

_MIME = re.compile(r"^application/vnd\.vegalite\.v(\d+)(?:\.(\d+))?.*json$")
_SIZE = re.compile(r'(<svg\b[^>]*?) width="([\d.]+)" height="([\d.]+)"')
_ID = re.compile(r'\bid="([^"]+)"')
# Where a chart is as wide as its place, the picture is drawn for a column of text.
_COLUMN = 640

SCRIPT = "site_libs/analysis/charts.js"


def chart_mime(data: Mapping[str, Any]) -> str | None:
    """Find the newest Vega-Lite specification among an output's representations."""
    found = [match for mime in data if (match := _MIME.match(mime))]
    newest = max(found, key=lambda m: (int(m[1]), int(m[2] or 0)), default=None)
    return newest[0] if newest else None


def chart(spec: Mapping[str, Any], name: str, text: str | None, where: Location) -> str:
    """Write a chart as HTML.

    Parameters
    ----------
    spec
        The Vega-Lite specification with its data.
    name
        Unique on the page, for the ids inside the picture.
    text
        What the chart shows, for those who do not see it.
    where
        The cell.

    Raises
    ------
    CellError
        It cannot be drawn, for instance because its data lies elsewhere.
    """
    label = f' aria-label="{html.escape(text)}"' if text else ""
    # Within a script, nothing of the data may look like markup.
    data = json.dumps(spec, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return (
        f'<div class="analysis-chart" role="img"{label}>\n{_picture(spec, name, where)}\n</div>\n'
        f'<script type="application/json" class="analysis-chart-spec">{data}</script>'
    )


def _picture(spec: Mapping[str, Any], name: str, where: Location) -> str:
    import vl_convert

    sized = {**spec, "width": _COLUMN} if spec.get("width") == "container" else dict(spec)
    try:
        svg = vl_convert.vegalite_to_svg(sized, allowed_base_urls=[])
    except ValueError as error:
        reason = next((line for line in str(error).splitlines() if "Error:" in line), str(error))
        raise CellError(
            f"this chart cannot be drawn: {reason.removeprefix('Error: ')}",
            where,
            "give the chart its data as a data frame; nothing is loaded from another place",
        ) from None
    style = _FIXED if _has_brush(spec) else _RESPONSIVE
    return _own_ids(_SIZE.sub(rf'\1 style="{style}"', svg, count=1), name)


_RESPONSIVE = r"width:100%;max-width:\2px;height:auto"
# Vega takes the pointer for where it would be in a chart that is not scaled; this one scrolls.
_FIXED = r"width:\2px;max-width:none;height:auto"


def _has_brush(spec: Any) -> bool:
    """Say whether readers choose in a chart by dragging over it."""
    if isinstance(spec, Mapping):
        if "select" in spec and "name" in spec:
            select = spec["select"]
            return "interval" in (select, select.get("type") if isinstance(select, Mapping) else "")
        return any(_has_brush(part) for key, part in spec.items() if key not in _DATA)
    return isinstance(spec, list) and any(map(_has_brush, spec))


_DATA = ("data", "datasets")


def _own_ids(svg: str, name: str) -> str:
    for number, found in enumerate(_ID.findall(svg), 1):
        own = f"chart-{name}-{number}"
        svg = svg.replace(f'id="{found}"', f'id="{own}"')
        svg = svg.replace(f"url(#{found})", f"url(#{own})").replace(f'"#{found}"', f'"#{own}"')
    return svg
