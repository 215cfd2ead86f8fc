"""What documents use: data from the warehouse, and tables, charts and numbers in one look.

The names are imported when they are first used, so that a document starts fast.
"""

from importlib import import_module
from typing import Any

# For editors and type checkers the same names stand in __init__.pyi.
_NAMES = {
    "analysis.models.predicting.model": ("model",),
    "analysis.report.charts": ("alt", "dots", "palette"),
    "analysis.report.comparisons": ("means", "rates"),
    "analysis.report.formats": ("date", "interval", "number", "percent", "points"),
    "analysis.report.queries": ("query", "row"),
    "analysis.report.tables": ("table",),
    "analysis.warehouse.connection": ("db",),
    "analysis.warehouse.datasets.dataset": ("dataset",),
}
_HOMES = {name: home for home, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import a public name from its home when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'analysis' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, for completion in an editor."""
    return sorted(_HOMES)
