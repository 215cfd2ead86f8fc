"""Views on versions of models: what each is, takes and came to, and what happened to it."""

from __future__ import annotations

from analysis.warehouse.building.live.bundles import EVENT_ROWS, NUMBERS, bundles
from analysis.warehouse.building.live.records import METRIC, metric_rows

_TEXT, _NUMBER = "VARCHAR", "DOUBLE"
_FILE = {"file": _TEXT, "bytes": "BIGINT", "sha256": _TEXT}
_BUNDLE = {
    **dict.fromkeys(("created", "by", "why", "question", "estimator", "sample"), _TEXT),
    **dict.fromkeys(("target", "positive"), _TEXT),
    "uncompiled": {"step": _TEXT, "why": _TEXT},
    "metrics": [METRIC],
    "provenance": {
        **dict.fromkeys(("run", "experiment", "candidate", "commit"), _TEXT),
        **dict.fromkeys(("refit", "dirty"), "BOOLEAN"),
        "rows": "BIGINT",
    },
    "files": [_FILE],
}
_FIELD = {
    **dict.fromkeys(("name", "type", "relation", "description", "unit"), _TEXT),
    **dict.fromkeys(("nullable", "unseen", "personal"), "BOOLEAN"),
    **dict.fromkeys(("nulls", "low", "high", "mean"), _NUMBER),
    "quantiles": [_NUMBER],
    "shares": [_NUMBER],
    "categories": [_TEXT],
}
# By name: what it is, and its query.
VIEWS = {
    "models": (
        "The versions of models: what each is made of, its stage, and whether it is proven",
        f"""
        with bundles as (from {bundles(_BUNDLE)}),
        events as (from {EVENT_ROWS}),
        staged as (
          select model, version, arg_max(told.stage, told.at) as stage, max(told.at) as since
          from events where told.stage is not null group by all
        ),
        -- Who becomes the champion, or the challenger, takes the place of the one there was.
        singles as (
          select model, told.stage as stage, max(told.at) as since
          from events where told.stage in ('champion', 'challenger') group by all
        ),
        stages as (
          select s.model, s.version, if(s.since < t.since, 'retired', s.stage) as stage
          from staged s left join singles t using (model, stage)
        ),
        proofs as (
          select model, version, arg_max(told.certificate, told.at) as proof
          from events where told.kind = 'certificate' and told.certificate.passed is not null
          group by all
        ),
        versions as (
          select
            b.*, n.number, coalesce(s.stage, 'candidate') as stage, p.proof,
            told.metrics[1] as decisive,
            list_filter(told.files, lambda f: f.file = 'model.skops')[1].sha256 as model_sha256,
            list_filter(told.files, lambda f: f.file = 'golden.json')[1].sha256 as golden_sha256
          from bundles b join {NUMBERS} n using (model, version)
          left join stages s using (model, version) left join proofs p using (model, version)
        )
        select
          model, number, version, stage,
          number = max(number) over (partition by model) as is_latest,
          told.provenance.run as run,
          told.provenance.experiment as experiment,
          told.provenance.candidate as candidate,
          try_cast(told.created as timestamp) as created,
          told."by" as "by",
          told.why, told.task, told.question, told.estimator, told.sample, told.target,
          told.positive,
          told.provenance.rows as rows,
          told.provenance.refit as refit,
          decisive.name as metric, decisive.best, decisive.value, decisive.low, decisive.high,
          told.uncompiled is null as compiled,
          told.uncompiled.step as uncompiled_step,
          told.uncompiled.why as uncompiled_why,
          case
            when proof.model_sha256 = model_sha256 and proof.golden_sha256 = golden_sha256
            then if(proof.passed, 'passed', 'failed') else 'none'
          end as parity,
          list_max(list_transform(proof.checks, lambda c: c.largest)) as largest_difference,
          list_sum(list_transform(told.files, lambda f: f.bytes))::bigint as bytes,
          told.provenance.commit as commit,
          told.provenance.dirty as dirty
        from versions
        """,
    ),
    "model_fields": (
        "The columns that each version of a model takes, in aggregates of what it learned from",
        f"""
        select
          model, version, place, field.name, field.type, field.relation, field.description,
          field.unit, field.nullable, field.nulls, field.low, field.high, field.mean,
          field.quantiles, field.categories, field.shares, field.unseen, field.personal
        from (
          select model, version, unnest(told.fields) as field,
            generate_subscripts(told.fields, 1) as place
          from {bundles({"fields": [_FIELD]})}
        )
        """,
    ),
    "model_metrics": (
        "The metrics of the run that each version of a model comes from; the first decides",
        metric_rows("model, version", bundles({"metrics": [METRIC]})),
    ),
    "model_events": (
        "What happened to versions of models: stages that were set, and proofs, by whom and why",
        f"""
        select
          model, version, try_cast(told.at as timestamp) as time, told.kind, told.stage,
          told.previous, told."by" as "by", told.why, told.certificate.passed as passed
        from {EVENT_ROWS}
        """,
    ),
    "model_checks": (
        "The ways of predicting that parity certificates tell of; the last one of a version counts",
        f"""
        select
          model, version, time, time = max(time) over (partition by model, version) as current,
          passed, tolerance, "check"."where" as "through", "check".version as release,
          "check".cases, "check".largest, "check".labels, "check".ties, "check".refused,
          "check".wrong, "check".skipped
        from (
          select model, version, try_cast(told.at as timestamp) as time,
            told.certificate.passed as passed, told.certificate.tolerance as tolerance,
            unnest(told.certificate.checks) as "check"
          from {EVENT_ROWS} where told.kind = 'certificate'
        )
        """,
    ),
}
