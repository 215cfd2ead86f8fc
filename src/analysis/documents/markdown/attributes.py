"""Classes and attributes of a cell's div."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from analysis.documents.notebook import CellPlan
from analysis.documents.options import INTERNAL, NOTEBOOK_METADATA

_CLASS_OPTIONS = (
    ("panel", "panel"),
    ("column", "column"),
    ("fig-column", "fig-column"),
    ("tbl-column", "tbl-column"),
    ("cap-location", "caption"),
    ("fig-cap-location", "fig-cap-location"),
    ("tbl-cap-location", "tbl-cap-location"),
)


def classes(plan: CellPlan) -> Iterator[str]:
    """Give the classes that a cell's options ask for, each with its dot."""
    chosen = plan.options.get("classes") or []
    names = chosen if isinstance(chosen, list) else str(chosen).split()
    for name in names:
        yield f".{str(name).removeprefix('.')}"
    for key, prefix in _CLASS_OPTIONS:
        if isinstance(plan.options.get(key), str):
            yield f".{prefix}-{plan.options[key]}"


def forwarded(plan: CellPlan) -> Iterator[str]:
    """Give what the author wrote and Quarto passes on to the renderer."""
    attributes = dict(_encoded(key, value) for key, value in plan.attributes.items())
    for key, value in {**attributes, **plan.options}.items():
        if key.lower() not in INTERNAL and key.lower() not in NOTEBOOK_METADATA:
            yield f"{key}='{_text(value)}'"


def _encoded(key: str, value: Any) -> tuple[str, Any]:
    """Keep a mapping under a name that pandoc accepts whatever its own is."""
    if isinstance(value, dict):
        return "quarto-private-1", _json({"key": key, "value": value})
    return key, value


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else _json(value)
    return text.replace("'", "\\'")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
