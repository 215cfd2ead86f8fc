"""What is not the same in one version of a model as in another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from analysis.experiments.comparing.changes import Change, changes, flattened
from analysis.experiments.runs.record import MetricValue
from analysis.models.bundle.record import Bundle, Field, Version


@dataclass(frozen=True)
class FieldChange:
    """A field that both have: what is told of it otherwise, and categories that came or went."""

    name: str
    changes: tuple[Change, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True)
class MetricPair:
    """A metric of both, from the cross-validation of their runs; ``None`` where one has it not."""

    name: str
    then: MetricValue | None
    now: MetricValue | None


@dataclass(frozen=True)
class Difference:
    """What is not the same in the version ``now`` as in ``then``.

    ``about`` has what both are made for and of; ``columns`` are those that both were fitted on and
    whose content is another; ``code`` are modules, and ``files`` those of the bundle, by
    fingerprints.
    """

    then: Version
    now: Version
    about: tuple[Change, ...]
    parameters: tuple[Change, ...]
    recipe: tuple[Change, ...]
    added: tuple[Field, ...]
    removed: tuple[Field, ...]
    fields: tuple[FieldChange, ...]
    columns: tuple[str, ...]
    metrics: tuple[MetricPair, ...]
    seeds: tuple[Change, ...]
    packages: tuple[Change, ...]
    code: tuple[Change, ...]
    files: tuple[Change, ...]

    @property
    def is_same(self) -> bool:
        """Say whether both predict the same by the same bytes."""
        return not self.files


def difference(then: Version, now: Version) -> Difference:
    """Say what changed from one version to another; they may be of different models."""
    a, b = then.bundle, now.bundle
    return Difference(
        then=then,
        now=now,
        about=changes(_about(a), _about(b)),
        parameters=changes(a.parameters, b.parameters),
        recipe=changes(_recipe(a), _recipe(b)),
        added=tuple(field for field in b.fields if a.field(field.name) is None),
        removed=tuple(field for field in a.fields if b.field(field.name) is None),
        fields=tuple(_fields(a, b)),
        columns=_other_content(a.provenance.columns, b.provenance.columns),
        metrics=tuple(_metrics(a, b)),
        seeds=changes(a.provenance.seeds, b.provenance.seeds),
        packages=changes(a.provenance.packages, b.provenance.packages),
        code=changes(a.provenance.code, b.provenance.code),
        files=changes(_files(a), _files(b)),
    )


def _about(bundle: Bundle) -> dict[str, Any]:
    made, sql = bundle.provenance, bundle.uncompiled
    return {
        "model": bundle.model,
        "question": bundle.question,
        "task": bundle.task,
        "estimator": bundle.estimator,
        "sample": bundle.sample,
        "key": ", ".join(f"{one.name} {one.type}" for one in bundle.key),
        "target": bundle.target,
        "positive": bundle.positive,
        "classes": ", ".join(bundle.classes),
        "outputs": ", ".join(output.name for output in bundle.outputs),
        "rows": made.rows,
        "split": bundle.split,
        "experiment": made.experiment,
        "candidate": made.candidate,
        "run": made.run,
        "refit": made.refit,
        "commit": made.commit,
        "as SQL": f"no: {sql.step}: {sql.why}" if sql else "yes",
        "python": made.python,
        "platform": made.platform,
    }


def _recipe(bundle: Bundle) -> dict[str, Any]:
    """Give what the parameters and the estimator do not tell already."""
    told = ("estimator", "parameters", "features")
    return {
        path: value for path, value in flattened(bundle.recipe) if path.split(".")[0] not in told
    }


def _fields(then: Bundle, now: Bundle) -> Iterator[FieldChange]:
    for field in then.fields:
        other = now.field(field.name)
        if other is None or other == field:
            continue
        yield FieldChange(
            name=field.name,
            changes=changes(_told(field), _told(other)),
            added=tuple(name for name in other.categories if name not in field.categories),
            removed=tuple(name for name in field.categories if name not in other.categories),
        )


def _told(field: Field) -> dict[str, Any]:
    lists = ("quantiles", "categories", "shares")
    return {name: value for name, value in asdict(field).items() if name not in lists}


def _other_content(then: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(name for name in then if name in now and then[name] != now[name])


def _metrics(then: Bundle, now: Bundle) -> Iterator[MetricPair]:
    mine, its = ({metric.name: metric for metric in bundle.metrics} for bundle in (then, now))
    for name in dict.fromkeys([*mine, *its]):
        yield MetricPair(name, mine.get(name), its.get(name))


def _files(bundle: Bundle) -> dict[str, str]:
    return {told.file: told.sha256 for told in bundle.files}
