"""Mistakes in ``data/monitors.yml`` that its models do not show, found in its text alone."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from analysis.errors import ProjectError
from analysis.models.registry.naming import LONGEST, is_model_name
from analysis.monitoring.declared.metrics import METRICS, Metric
from analysis.monitoring.declared.specs import MonitorSpec, RuleSpec, SegmentSpec
from analysis.project.yamlfile import Keys, Yaml
from analysis.warehouse.monitored import SEGMENT

EACH = "*"


def check(model: str, spec: MonitorSpec, yaml: Yaml) -> None:
    """Look at all that several keys say together.

    Raises
    ------
    ProjectError
        With file and line of the first mistake.
    """
    if not is_model_name(model):
        raise ProjectError(
            f"`{model}` cannot be the name of a model",
            yaml.where(model),
            f"use at most {LONGEST} small letters, digits, - and _, a letter or digit first",
        )
    if spec.retain is not None and spec.retain < 1:
        raise ProjectError("rows are kept for a day at least", yaml.where(model, "retain"))
    _check_segments(spec.segments, yaml, (model, "segments"))
    for index, rule in enumerate(spec.rules):
        keys: Keys = (model, "rules", index)
        if rule.name in {earlier.name for earlier in spec.rules[:index]}:
            raise ProjectError(
                f"the rule `{rule.name}` stands here twice",
                yaml.where(*keys, "name"),
                "give each rule a name of its own",
            )
        _check_limits(rule, yaml, keys)
        _check_metric(rule, spec.segments, yaml, keys)
    for index, address in enumerate(spec.notify):
        if not address.strip():
            raise ProjectError(
                "this address is empty", yaml.where(*yaml.item(index, model, "notify"))
            )


def _check_segments(segments: Sequence[SegmentSpec], yaml: Yaml, keys: Keys) -> None:
    seen: set[str] = set()
    for index, segment in enumerate(segments):
        where = yaml.item(index, *keys)
        if segment.column in seen:
            raise ProjectError(
                f"the segment `{segment.column}` stands here twice",
                yaml.where(*where),
                "keep one of the two",
            )
        seen.add(segment.column)
        for place, (low, high) in enumerate(zip(segment.edges, segment.edges[1:], strict=False)):
            if high <= low:
                raise ProjectError(
                    f"the edge {high:g} stands after {low:g}",
                    yaml.where(*where, "edges", place + 1),
                    "edges go upwards",
                )


def _check_limits(rule: RuleSpec, yaml: Yaml, keys: Keys) -> None:
    if rule.below is None and rule.above is None:
        raise ProjectError(
            f"the rule `{rule.name}` has no limit",
            yaml.where(*keys),
            "write `below: NUMBER`, `above: NUMBER`, or both",
        )
    if rule.below is not None and rule.above is not None and rule.below > rule.above:
        raise ProjectError(
            f"`below` is {rule.below:g}, and more than `above`, {rule.above:g}: it always fires",
            yaml.where(*keys, "below"),
            "change the two over",
        )
    if rule.against == "floor" and rule.below is not None:
        raise ProjectError(
            "values below the floor are what chance gives",
            yaml.where(*keys, "below"),
            "keep `above`, or leave out `against: floor`",
        )


def _check_metric(rule: RuleSpec, segments: Sequence[SegmentSpec], yaml: Yaml, keys: Keys) -> None:
    metric = METRICS.get(rule.metric)
    if metric is None:
        close = difflib.get_close_matches(rule.metric, METRICS, n=1)
        raise ProjectError(
            f"there is no metric `{rule.metric}`",
            yaml.where(*keys, "metric"),
            f"did you mean `{close[0]}`?" if close else "docs/monitoring.md lists them",
        )
    if rule.against == "floor" and not metric.floor:
        raise ProjectError(
            f"chance has no floor for `{metric.name}`",
            yaml.where(*keys, "against"),
            f"it has one for {', '.join(m.name for m in METRICS.values() if m.floor)}",
        )
    if rule.against == "reference" and not (metric.reference or metric.floor):
        raise ProjectError(
            f"`{metric.name}` has no reference", yaml.where(*keys, "against"), "leave it out"
        )
    _check_of(rule, metric, segments, yaml, keys)


def _check_of(
    rule: RuleSpec, metric: Metric, segments: Sequence[SegmentSpec], yaml: Yaml, keys: Keys
) -> None:
    """See that the metric is told of that; whether a field exists is not known here."""
    where = yaml.where(*keys, "of")
    of, named = rule.of, f"the metric `{metric.name}`"
    if not of and not metric.rows:
        raise ProjectError(
            f"{named} is of a field", yaml.where(*keys, "metric"), 'write `of: FIELD`, or `of: "*"`'
        )
    if of.startswith(SEGMENT):
        known = [segment.column for segment in segments]
        column = of.removeprefix(SEGMENT)
        if not metric.segments:
            raise ProjectError(f"{named} is not told of segments", where, "leave out `of`")
        if column not in known:
            close = difflib.get_close_matches(column, known, n=1)
            hint = f"did you mean `{SEGMENT}{close[0]}`?" if close else "add it to `segments`"
            raise ProjectError(f"there is no segment `{column}`", where, hint)
    elif of == EACH:
        if not metric.fields and not metric.segments:
            raise ProjectError(f"{named} is of all rows", where, "leave out `of`")
    elif of and not metric.fields:
        raise ProjectError(
            f"{named} is not told of fields",
            where,
            f"write `of: {SEGMENT}COLUMN`" if metric.segments else "leave out `of`",
        )
