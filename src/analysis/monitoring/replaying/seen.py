"""What was sent before, and what was labelled before: by the key."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from analysis.models.bundle.record import KeyField
from analysis.monitoring.replaying.row import PastRow, token
from analysis.project import Project
from analysis.project.secret import hashed, project_secret
from analysis.warehouse.opened import telling

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

_LOGGED = "select key from meta.predictions where model = ? and row is not null and not shadow"
_LABELLED = "select key from meta.labels where model = ?"


def logged(con: duckdb.DuckDBPyConnection, model: str, key: Sequence[KeyField]) -> frozenset[str]:
    """Give the keys that are in the log of a model on this machine."""
    return _tokens(con, _LOGGED, model, key)


def labelled(con: duckdb.DuckDBPyConnection, model: str, key: Sequence[KeyField]) -> frozenset[str]:
    """Give the keys of which labels were handed in."""
    return _tokens(con, _LABELLED, model, key)


def token_of(project: Project, key: Sequence[KeyField]) -> Callable[[PastRow], str]:
    """Make what gives the token that a row has in the log, where personal values are hashes."""
    names = [one.name for one in key]
    if not any(one.personal for one in key):
        return lambda row: token([row.key[name] for name in names])
    secret, personal = project_secret(project), {one.name for one in key if one.personal}

    def value(name: str, given: Any) -> Any:
        return hashed(secret, given) if name in personal else given

    return lambda row: token([value(name, row.key[name]) for name in names])


def _tokens(
    con: duckdb.DuckDBPyConnection, query: str, model: str, key: Sequence[KeyField]
) -> frozenset[str]:
    names = [one.name for one in key]
    with telling("what was sent before cannot be read"):
        result = con.execute(f"{query} and key is not null", [model])
        found = set()
        while rows := result.fetchmany(10_000):
            for (text,) in rows:
                given = json.loads(text)
                found.add(token([given.get(name) for name in names]))
    return frozenset(found)
