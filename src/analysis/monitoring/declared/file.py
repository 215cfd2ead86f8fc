"""Reading ``data/monitors.yml``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from analysis.errors import ProjectError
from analysis.monitoring.declared.checking import check
from analysis.monitoring.declared.record import FILE, Monitor, Rule, Segment
from analysis.monitoring.declared.specs import MonitorSpec
from analysis.project import Project, parse_yaml, strict
from analysis.project.project import read_text
from analysis.project.yamlfile import Yaml


@dataclass(frozen=True)
class Declared:
    """How models are monitored, by their names, with the lines of the file that says so."""

    monitors: Mapping[str, Monitor]
    yaml: Yaml


def read_monitors(project: Project) -> Declared:
    """Read ``data/monitors.yml``; without one nothing is declared.

    Raises
    ------
    ProjectError
        Something in its text is wrong; with file and line.
    """
    path = project.root / FILE
    if not path.exists():
        return Declared({}, Yaml(FILE, None, {}))
    yaml = parse_yaml(read_text(path, FILE), FILE)
    if yaml.value is None:
        return Declared({}, yaml)
    if not isinstance(yaml.value, dict):
        raise ProjectError(
            "this is not a mapping of models to how they are monitored",
            yaml.where(),
            "begin with the name of a model and a colon",
        )
    return Declared({model: _read(model, yaml) for model in yaml.value}, yaml)


def monitor_of(project: Project, model: str) -> Monitor:
    """Say how one model is monitored: as declared, else by default.

    Raises
    ------
    ProjectError
        Something in the text of the file is wrong; with file and line.
    """
    return read_monitors(project).monitors.get(model) or Monitor(model)


def _read(model: object, yaml: Yaml) -> Monitor:
    if not isinstance(model, str):
        raise ProjectError(
            f"the key `{model}` is no text", yaml.where(str(model)), "write names in quotes"
        )
    spec = strict(yaml, MonitorSpec, model)
    check(model, spec, yaml)
    return Monitor(
        model=model,
        title=spec.title,
        time=spec.time,
        period=spec.period,
        reference=spec.reference,
        threshold=spec.threshold,
        wait_days=spec.labels.wait,
        retain_days=None if spec.retain is None else math.ceil(spec.retain),
        least=spec.least,
        segments=tuple(Segment(segment.column, segment.edges) for segment in spec.segments),
        rules=_rules(model, spec, yaml),
        notify=spec.notify,
        where=yaml.where(model),
    )


def _rules(model: str, spec: MonitorSpec, yaml: Yaml) -> tuple[Rule, ...]:
    return tuple(
        Rule(
            name=rule.name,
            metric=rule.metric,
            of=rule.of,
            below=rule.below,
            above=rule.above,
            against=rule.against,
            k=rule.patience[0],
            n=rule.patience[1],
            severity=rule.severity,
            who=rule.who,
            why=rule.why,
            least=rule.least or spec.least,
            where=yaml.where(model, "rules", index),
        )
        for index, rule in enumerate(spec.rules)
    )
