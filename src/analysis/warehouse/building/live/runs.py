"""Views on runs: one row a run, and its metrics, folds and curves."""

from __future__ import annotations

from analysis.warehouse.building.live.records import (
    LISTED,
    METRIC,
    curves,
    metric_rows,
    records,
    summaries,
)

_TEXT, _NUMBER, _NUMBERS = "VARCHAR", "DOUBLE", ["DOUBLE"]
_RUN = {
    **dict.fromkeys(("key", "candidate", "family", "role", "created", "task"), _TEXT),
    **dict.fromkeys(("estimator", "command"), _TEXT),
    **dict.fromkeys(("parameters", "seeds"), "JSON"),
    "failure": {"what": _TEXT, "during": _TEXT},
    "data": {"sample": _TEXT, "features": "MAP(VARCHAR, VARCHAR[])", "rows": "BIGINT"},
    "split": {"label": _TEXT, "kind": _TEXT},
    "blocks": {"label": _TEXT},
    "metrics": [METRIC],
    "seconds": dict.fromkeys(("fit", "score", "diagnose"), _NUMBER),
    "memory_mb": _NUMBER,
    "model": {"bytes": "BIGINT"},
    "origin": {
        **dict.fromkeys(("commit", "python", "platform"), _TEXT),
        "dirty": "BOOLEAN",
        "packages": "JSON",
    },
}
_FOLD = {
    **dict.fromkeys(("fold", "train_rows", "test_rows"), "BIGINT"),
    **dict.fromkeys(("fit_seconds", "score_seconds", "memory_mb"), _NUMBER),
    "metrics": "MAP(VARCHAR, DOUBLE)",
}
_CURVE = {
    **dict.fromkeys(("curve", "series"), _TEXT),
    **dict.fromkeys(("x", "y", "low", "high"), _NUMBERS),
    "n": ["BIGINT"],
    "names": [_TEXT],
}

# By name: what it is, and its query.
VIEWS = {
    "runs": (
        "The runs of experiments: each a candidate that was trained, or could not be",
        f"""
        with listed as (
          select experiment, told.run, told.current, told.run = leader as leader
          from (
            select name as experiment, told.leader, unnest(told.runs) as told
            from {summaries({"leader": _TEXT, "runs": [LISTED]})}
          )
        ),
        runs as (select experiment, run, told, told.metrics[1] as decisive from {records(_RUN)})
        select
          experiment, run, told.candidate, told.family, told.role, told.status,
          coalesce(current, false) as current,
          coalesce(leader, false) as leader,
          told.failure.what as error,
          told.failure.during,
          decisive.name as metric, decisive.best, decisive.value, decisive.low, decisive.high,
          told.task, told.estimator, told.parameters,
          told.data.sample,
          map_keys(told.data.features) as features,
          flatten(map_values(told.data.features)) as columns,
          told.data.rows,
          told.split.label as split,
          told.split.kind as split_kind,
          told.blocks.label as blocks,
          try_cast(told.created as timestamp) as created,
          told.seconds.fit as fit_seconds,
          told.seconds.score as score_seconds,
          told.seconds.diagnose as diagnose_seconds,
          told.memory_mb,
          told.model.bytes as model_bytes,
          told.key, told.seeds,
          told.origin.commit, told.origin.dirty, told.origin.packages,
          told.origin.python, told.origin.platform,
          told.command
        from runs left join listed using (experiment, run)
        """,
    ),
    "metrics": (
        "The metrics of each run, with intervals; the first of an experiment decides",
        metric_rows("experiment, run", records({"metrics": [METRIC]})),
    ),
    "folds": (
        "The metrics of each run in each fold, with its rows, seconds and memory",
        f"""
        select
          experiment, run, fold.fold, metric.key as metric, metric.value, fold.train_rows,
          fold.test_rows, fold.fit_seconds, fold.score_seconds, fold.memory_mb
        from (
          select experiment, run, fold, unnest(map_entries(fold.metrics)) as metric
          from (
            select experiment, run, unnest(told.folds) as fold
            from {records({"folds": [_FOLD]})}
          )
        )
        """,
    ),
    "curves": (
        "The points of the curves of each run, in their order",
        f"""
        select
          experiment, run, told.curve, told.series,
          generate_subscripts(told.x, 1) as place,
          unnest(told.x) as x,
          unnest(told.y) as y,
          unnest(told.low) as low,
          unnest(told.high) as high,
          unnest(told.n) as n,
          unnest(told.names) as name
        from (select experiment, run, unnest(told) as told from {curves(_CURVE)})
        """,
    ),
}
