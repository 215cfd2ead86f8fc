"""Rules that are expressions over one row, and may ask nothing else."""

from __future__ import annotations

import json

import duckdb

from analysis.errors import ProjectError
from analysis.warehouse.reading.staged import Request
from analysis.warehouse.views.parse import nodes


def check_expressions(con: duckdb.DuckDBPyConnection, request: Request) -> None:
    """See that no expression reads a relation, of whose changes nothing would be known.

    Raises
    ------
    ProjectError
        One has a query in it.
    """
    for index, check in enumerate(request.source.contract.checks):
        if check.expect is None:
            continue
        sql = f"select ({check.expect})"
        tree = json.loads(con.execute("select json_serialize_sql(?)", [sql]).fetchall()[0][0])
        if any(node.get("class") == "SUBQUERY" for node in nodes(tree)):
            raise ProjectError(
                f"`{check.name}` expects something of other rows",
                request.where("contract", "checks", index),
                "an expression is about one row; write the query under `no_rows`",
            )
