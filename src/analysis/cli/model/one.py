"""All that is told of one version of a model, as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from analysis.cli.console import size
from analysis.cli.experiment.table import pairs, table
from analysis.cli.experiment.words import metric, moment, setting, settings, value, within
from analysis.cli.model.words import difference, proof, span
from analysis.models.bundle.record import Bundle, Event, Field, Version
from analysis.models.registry.parity import parity, size_of
from analysis.models.registry.reading import Kept
from analysis.models.registry.stages import name_of
from analysis.report.formats import MISSING, percent

_SHORT = 12
Facts = Sequence[tuple[str, str]]


def lines(version: Version, kept: Kept, place: str, damage: Mapping[str, str]) -> Iterator[str]:
    """Write all that is told of a version, which lies at ``place``.

    ``damage`` says of files that they are not there, or not those that were promoted.
    """
    bundle = version.bundle
    yield from pairs(_about(version, kept, place))
    yield "\nfields"
    header = ("", "type", "missing", "values", "of", "")
    yield from table(header, [_field(field) for field in bundle.fields], {2})
    yield "\noutputs"
    yield from pairs([(one.name, _output(bundle, one.of)) for one in bundle.outputs], "  ")
    yield "\nmetrics of the run, with 95% intervals"
    names = ("", "by blocks", "by folds", "best")
    yield from table(names, [_metric(bundle, one.name) for one in bundle.metrics])
    importance = [(name, value(loss, sign=True)) for name, loss in bundle.importance.items()]
    yield from _section("importance of columns", importance)
    yield from _section("parameters", settings(bundle.parameters))
    yield from _section("comes from", _provenance(bundle))
    yield from _section(
        "fingerprints of columns",
        [(name, mark[:_SHORT]) for name, mark in bundle.provenance.columns.items()],
    )
    yield from _checks(version)
    yield "\nevents"
    yield from table(("when", "what", "by", "why"), [_event(event) for event in version.events])
    yield from _section("files", _files(bundle, damage))


def _section(title: str, facts: Facts) -> Iterator[str]:
    if facts:
        yield f"\n{title}"
        yield from pairs(facts, "  ")


def _about(version: Version, kept: Kept, place: str) -> Facts:
    bundle, sql = version.bundle, version.bundle.uncompiled
    others = [f"{name_of(v)} {v.stage}" for v in kept.versions if v.id != version.id]
    facts = [
        ("model", name_of(version)),
        ("stage", version.stage),
        ("parity", proof(version.certificate, parity(version))),
        ("as SQL", f"no: {sql.step}: {sql.why}" if sql else "yes"),
        ("question", bundle.question),
        ("made", f"{moment(bundle.created)} by {bundle.by or 'nobody known'}"),
        ("why", bundle.why or MISSING),
        ("task", bundle.task),
        ("estimator", bundle.estimator),
        ("sample", f"{bundle.sample}, key {', '.join(key.name for key in bundle.key)}"),
        ("target", bundle.target + (f", positive {bundle.positive}" if bundle.positive else "")),
        ("size", size(size_of(version))),
        ("folder", place),
    ]
    if bundle.classes:
        facts.insert(11, ("classes", ", ".join(bundle.classes)))
    return [*facts, ("other versions", ", ".join(others))] if others else facts


def _field(field: Field) -> tuple[str, ...]:
    missing = percent(field.nulls) if field.nullable else "refused"
    personal = "personal" if field.personal else ""
    return field.name, field.type, missing, _cut(span(field)), field.relation, personal


def _cut(text: str, longest: int = 40) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _output(bundle: Bundle, of: str | None) -> str:
    if of is not None:
        return f"that {bundle.target} is {of}"
    return (
        f"{bundle.target}, a {bundle.class_type}"
        if bundle.classes
        else f"{bundle.target}, a number"
    )


def _metric(bundle: Bundle, name: str) -> tuple[str, ...]:
    found = next(metric for metric in bundle.metrics if metric.name == name)
    best = {"one": "at 1", "zero": "at 0"}.get(found.best, found.best)
    return name, metric(found), within(found.value, found.fold_low, found.fold_high), best


def _provenance(bundle: Bundle) -> Facts:
    made = bundle.provenance
    dirty = " with uncommitted changes" if made.dirty else ""
    fitted = "fitted anew on all rows" if made.refit else "the model of the run itself"
    facts = [
        ("run", f"{made.run} of {made.experiment}/{made.candidate}"),
        ("split", bundle.split),
        ("fit", f"{fitted}, {made.rows:,} rows"),
        ("seeds", ", ".join(f"{name} {seed}" for name, seed in made.seeds.items())),
        ("commit", f"{made.commit or 'none'}{dirty}; of the run {made.run_commit or 'none'}"),
        ("python", f"{made.python}, {made.platform}"),
        ("packages", ", ".join(f"{name} {told}" for name, told in made.packages.items())),
        ("command", made.command),
    ]
    code = ", ".join(f"{path} {mark[:_SHORT]}" for path, mark in made.code.items())
    return [*facts, ("code", code)] if code else facts


def _checks(version: Version) -> Iterator[str]:
    found = version.certificate
    if found is None:
        return
    yield f"\nparity certificate, tolerance {setting(found.tolerance)}"
    rows = [
        (
            one.where,
            one.version,
            f"{one.cases:,}",
            difference(one.largest),
            f"{one.labels:,}",
            f"left out: {one.skipped}" if one.skipped else "",
        )
        for one in found.checks
    ]
    header = ("through", "version", "cases", "largest difference", "other labels", "")
    yield from table(header, rows, {2, 3, 4})


def _files(bundle: Bundle, damage: Mapping[str, str]) -> Facts:
    return [
        (told.file, damage.get(told.file) or f"{size(told.bytes)}, SHA-256 {told.sha256}")
        for told in bundle.files
    ]


def _event(event: Event) -> tuple[str, ...]:
    if event.certificate:
        what = f"certificate {'passed' if event.certificate.passed else 'failed'}"
    else:
        before = f" (was {event.previous})" if event.previous else ""
        what = f"{event.stage}{before}"
    return moment(event.at), what, event.by or MISSING, event.why or ""
