"""SQL that reads files below the project's root, wherever that is.

No path of this machine stands in it: a connection says where the project is. A file that is not
there has no rows.
"""

from __future__ import annotations

from analysis.lineage.system import ROOT_VARIABLE
from analysis.warehouse.sql import literal

_UNKNOWN = "this relation is live: open the warehouse with `analysis.db()`, which knows the project"
_ROOT = f"getvariable('{ROOT_VARIABLE}')"


def texts(pattern: str) -> str:
    """Give the source ``f`` of the files that ``pattern`` finds, as texts.

    It is read only where the project is known. Without a file there is one row without content.
    """
    return _files("read_text", pattern)


def contents(pattern: str) -> str:
    """Give the source ``f`` of the files that ``pattern`` finds, as bytes: they may be damaged."""
    return _files("read_blob", pattern)


def below(pattern: str) -> str:
    """Give SQL for the whole pattern of files that ``pattern`` finds below the project's root."""
    known = f"if({_ROOT} is null, error({literal(_UNKNOWN)}), {_ROOT})"
    return f"{known} || {literal(f'/{pattern}')}"


def _files(function: str, pattern: str) -> str:
    return f"""
    (select if({_ROOT} is null, error({literal(_UNKNOWN)}), true) as known)
    left join {function}(coalesce({_ROOT}, '.') || {literal(f"/{pattern}")}) as f on known
    """
