"""Views on experiments as a whole: what each asks, what its runs compare, what they have used."""

from __future__ import annotations

from analysis.warehouse.building.live.records import LISTED, METRIC, records, summaries

_TEXT, _TEXTS = "VARCHAR", ["VARCHAR"]
_SUMMARY = {
    **dict.fromkeys(("question", "owner", "task", "sample", "target", "positive"), _TEXT),
    **dict.fromkeys(("metric", "best", "split", "blocks", "leader", "baseline", "updated"), _TEXT),
    **dict.fromkeys(("features", "metrics"), _TEXTS),
    "candidates": "BIGINT",
    "selection_bias": "DOUBLE",
    "runs": [LISTED],
}
_RUN = {"candidate": "VARCHAR", "metrics": [METRIC]}
_COMPARISON = {
    **dict.fromkeys(("run", "other", "against", "metric"), _TEXT),
    **dict.fromkeys(("difference", "low", "high", "p"), "DOUBLE"),
    **dict.fromkeys(("distinguishable", "paired"), "BOOLEAN"),
}
_DATA = {
    "sample": "VARCHAR",
    "features": "MAP(VARCHAR, VARCHAR[])",
    "key": ["VARCHAR"],
    "target": "VARCHAR",
}

# By name: what it is, and its query.
VIEWS = {
    "experiments": (
        "The experiments that have been run, with their best runs and baselines",
        f"""
        with experiments as (from {summaries(_SUMMARY)}),
        runs as (
          select experiment as name, run, told.candidate, told.status, told.metrics[1] as decisive
          from {records(_RUN)}
        ),
        counted as (
          select name, count(*) as runs, count(*) filter (status = 'failed') as failed
          from runs group by name
        )
        select
          e.name, e.told.question, e.told.owner, e.told.task, e.told.sample, e.told.features,
          e.told.target, e.told.positive, e.told.metric, e.told.best, e.told.metrics,
          e.told.split, e.told.blocks, e.told.candidates,
          coalesce(c.runs, 0) as runs,
          coalesce(c.failed, 0) as failed,
          len(list_filter(e.told.runs, lambda r: r.current))::bigint as current,
          e.told.leader,
          leader.candidate as leader_candidate,
          leader.decisive.value, leader.decisive.low, leader.decisive.high,
          e.told.baseline,
          baseline.candidate as baseline_candidate,
          baseline.decisive.value as baseline_value,
          e.told.selection_bias,
          try_cast(e.told.updated as timestamp) as updated
        from experiments e
        left join counted c using (name)
        left join runs leader on leader.name = e.name and leader.run = e.told.leader
        left join runs baseline on baseline.name = e.name and baseline.run = e.told.baseline
        """,
    ),
    "comparisons": (
        "Differences of the runs of an experiment from its best one and from its baseline",
        f"""
        select name as experiment, unnest(compared, recursive := true)
        from (
          select name, unnest(told.comparisons) as compared
          from {summaries({"comparisons": [_COMPARISON]})}
        )
        """,
    ),
    "uses": (
        "The columns of relations on which the current runs of an experiment were trained",
        f"""
        with current as (
          select name as experiment, unnest(told.runs, recursive := true)
          from {summaries({"runs": [LISTED]})}
        ),
        data as (
          select r.experiment, r.told.data
          from {records({"data": _DATA})} r join current c using (experiment, run)
          where c.current
        ),
        views as (
          select experiment, data.sample as relation, list_append(data.key, data.target) as columns
          from data
          union all
          select experiment, view.key, view.value
          from (select experiment, unnest(map_entries(data.features)) as view from data)
        )
        select distinct experiment, relation, unnest(columns) as column from views
        """,
    ),
}
