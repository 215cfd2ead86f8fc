"""What documents use: a connection to the warehouse, tables, charts and numbers.

The names are imported when they are first used, so that a document starts fast.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.warehouse.connection import db

_HOMES = {
    "db": "analysis.warehouse.connection",
}

__all__ = ["db"]


def __getattr__(name: str) -> Any:
    """Import a public name from its home when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'analysis' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
