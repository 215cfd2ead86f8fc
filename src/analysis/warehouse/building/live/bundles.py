"""SQL that reads what is told of versions of models: one row a file, nothing of damage."""

from __future__ import annotations

import json

from analysis.lineage.system import BUNDLES, EVENTS, MODELS_FOLDER, MODELS_FORMAT
from analysis.warehouse.building.live.files import contents
from analysis.warehouse.building.live.records import Form
from analysis.warehouse.sql import literal

_TEXT, _NUMBER = "VARCHAR", "DOUBLE"
_CHECK = {
    **dict.fromkeys(("where", "version", "skipped", "wrong"), _TEXT),
    **dict.fromkeys(("cases", "labels", "ties", "refused"), "BIGINT"),
    "largest": _NUMBER,
}
_EVENT = {
    **dict.fromkeys(("version", "kind", "at", "by", "why", "stage", "previous"), _TEXT),
    "certificate": {
        **dict.fromkeys(("model_sha256", "golden_sha256"), _TEXT),
        "tolerance": _NUMBER,
        "cases": "BIGINT",
        "passed": "BOOLEAN",
        "checks": [_CHECK],
    },
}
# How pins calls a version.
_ID = r"^\d{8}T\d{6}Z-[0-9a-f]{5}$"
_MODEL = "string_split(f.filename, '/')[-3]"


def _told(pattern: str, folder: str, form: Form, needed: str) -> str:
    """Give the source of ``model``, ``version`` (its folder) and ``told``, without damage."""
    known = {"format": "INTEGER", "model": _TEXT, **form}
    return f"""(
      select * from (
        select
          {folder} as model,
          string_split(f.filename, '/')[-2] as version,
          try(from_json(try(decode(f.content)), {literal(json.dumps(known))})) as told
        from {contents(f"{MODELS_FOLDER}/{pattern}")}
        where f.filename is not null
      )
      where told.format = {MODELS_FORMAT} and told.model = model and told.{needed} is not null
        and regexp_matches(model, '^[a-z0-9][a-z0-9_-]*$')
    )"""


def bundles(form: Form) -> str:
    """Give the source of ``model``, ``version`` and ``told``: what each ``bundle.json`` says."""
    told = _told(BUNDLES, _MODEL, {"task": _TEXT, **form}, "task")
    return f"(select * from {told} where regexp_matches(version, {literal(_ID)}))"


# One that was copied counts once. The version is that which the event is of.
EVENT_ROWS = f"""(
  select distinct on (model, told.at, told.version, told.kind, told.stage)
    model, told.version as version, told
  from {_told(EVENTS, f"string_split({_MODEL}, '.events')[1]", _EVENT, "at")}
  where regexp_matches(told.version, {literal(_ID)}) and try_cast(told.at as timestamp) is not null
)"""
# What there ever was of a model, also what is damaged: by its place there, a version has a number.
NUMBERS = f"""(
  select model, version, row_number() over (partition by model order by version) as number
  from (
    select {_MODEL} as model, string_split(f.filename, '/')[-2] as version
    from {contents(f"{MODELS_FOLDER}/{BUNDLES}")}
    where f.filename is not null
    union
    select model, version from {EVENT_ROWS}
  )
  where regexp_matches(version, {literal(_ID)})
)"""
