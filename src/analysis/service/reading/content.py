"""What a body is, as its sender says."""

from __future__ import annotations

from typing import Literal

from analysis.service.refusing import refused

Kind = Literal["json", "ndjson", "parquet"]
NDJSON, PARQUET = "application/x-ndjson", "application/vnd.apache.parquet"
# Vetiver's client sends the rows of a frame without saying what they are.
_KINDS: dict[str, Kind] = {
    "": "json",
    "application/json": "json",
    NDJSON: "ndjson",
    "application/ndjson": "ndjson",
    "application/jsonl": "ndjson",
    PARQUET: "parquet",
}


def kind_of(content_type: str) -> Kind:
    """Say what a body is, from the header ``Content-Type``.

    Raises
    ------
    RefusedError
        It is nothing that is read.
    """
    name, _, parameters = content_type.partition(";")
    kind = _KINDS.get(name.strip().lower())
    charset = parameters.lower().replace(" ", "").replace('"', "")
    if kind is None or ("charset=" in charset and "charset=utf-8" not in charset):
        raise refused(
            415,
            "content_type",
            f"send application/json in UTF-8, {NDJSON} or {PARQUET}",
            ("header", "content-type"),
        )
    return kind
