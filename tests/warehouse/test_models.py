"""The live relations on models: what they tell, and what they leave out."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from typing import Any

import pytest

from analysis.lineage.models import chosen, read_versions
from analysis.lineage.system import ON_MODELS
from analysis.models.bundle.record import Stage, Uncompiled, Version
from analysis.models.registry.parity import largest_difference, parity, size_of
from analysis.models.registry.registry import open_registry
from analysis.warehouse.building.system import _VIEWS
from analysis.warehouse.connection import connect
from tests.helpers.bundles import add_bundle, certify, stage
from tests.warehouse.conftest import Folder

Row = dict[str, Any]
HOME = "data/models"


def rows(folder: Folder, query: str) -> list[Row]:
    """Ask as a page does."""
    with connect(folder.project) as connection:
        result = connection.execute(query)
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def counts(folder: Folder) -> dict[str, int]:
    return {name: len(rows(folder, f"from {name}")) for name in sorted(ON_MODELS)}


def listed(folder: Folder, model: str = "late-flights") -> tuple[Version, ...]:
    return open_registry(folder.project).versions(model)


def test_all_of_them_are_known_by_name_and_are_empty_without_models(live: Folder) -> None:
    assert {f"meta.{name}" for name in _VIEWS} >= ON_MODELS.keys()
    assert set(counts(live).values()) == {0}


def test_models(live: Folder) -> None:
    stage(live.root, add_bundle(live.root), "champion")
    certify(live.root, add_bundle(live.root, seed=2, uncompiled=None), passed=False)
    add_bundle(live.root, "delay", "regression")
    found = rows(live, "from meta.models order by model, number")
    assert [(row["model"], row["number"], row["is_latest"]) for row in found] == [
        ("delay", 1, True),
        ("late-flights", 1, False),
        ("late-flights", 2, True),
    ]
    versions = [*listed(live, "delay"), *listed(live)]
    for row, version in zip(found, versions, strict=True):
        bundle, made = version.bundle, version.bundle.provenance
        first = bundle.metrics[0]
        sql = bundle.uncompiled or Uncompiled("", "")
        assert row["created"].isoformat() == bundle.created.removesuffix("+00:00")
        assert row == {
            **{name: getattr(bundle, name) for name in ("model", "by", "why", "task", "question")},
            **{name: getattr(bundle, name) for name in ("estimator", "sample", "target")},
            "positive": bundle.positive,
            **{name: getattr(made, name) for name in ("run", "experiment", "candidate", "rows")},
            **{name: getattr(made, name) for name in ("refit", "commit", "dirty")},
            "number": version.number,
            "version": version.id,
            "stage": version.stage,
            "is_latest": row["is_latest"],
            "created": row["created"],
            **{name: getattr(first, name) for name in ("best", "value", "low", "high")},
            "metric": first.name,
            "compiled": bundle.uncompiled is None,
            "uncompiled_step": sql.step or None,
            "uncompiled_why": sql.why or None,
            "parity": parity(version),
            "largest_difference": largest_difference(version.certificate),
            "bytes": size_of(version),
        }
    assert [row["parity"] for row in found] == ["none", "passed", "failed"]


def test_fields_and_metrics(live: Folder) -> None:
    bundle = add_bundle(live.root).bundle
    found = rows(live, "from meta.model_fields order by place")
    assert [row["place"] for row in found] == [1, 2, 3, 4]
    for row, field in zip(found, bundle.fields, strict=True):
        told = {name: row[name] for name in asdict(field)}
        plain = asdict(field)
        lists = ("quantiles", "categories", "shares")
        assert told == {**plain, **{name: [*plain[name]] for name in lists}}
    metrics = rows(live, "from meta.model_metrics order by place")
    assert [row["metric"] for row in metrics] == [metric.name for metric in bundle.metrics]
    assert [row["fold_low"] for row in metrics] == [metric.fold_low for metric in bundle.metrics]
    assert [row["decides"] for row in metrics] == [True, *[False] * (len(metrics) - 1)]


def test_events_and_checks(live: Folder) -> None:
    version = certify(live.root, add_bundle(live.root), passed=False)
    version = stage(live.root, certify(live.root, version), "champion", "it is proven")
    found = rows(live, "from meta.model_events order by time")
    for row, event in zip(found, version.events, strict=True):
        assert row["time"].isoformat(timespec="microseconds") == event.at.removesuffix("+00:00")
        assert (row["version"], row["kind"], row["stage"], row["previous"]) == (
            *(event.version, event.kind, event.stage, event.previous),
        )
        assert (row["by"], row["why"]) == (event.by, event.why)
    assert [row["passed"] for row in found] == [None, False, True, None]
    checks = rows(live, "from meta.model_checks where current")
    assert version.certificate is not None
    assert len(rows(live, "from meta.model_checks")) == 2 * len(checks)
    for row, check in zip(checks, version.certificate.checks, strict=True):
        assert (row["through"], row["release"], row["largest"]) == (
            *(check.where, check.version, check.largest),
        )
        assert (row["cases"], row["labels"], row["skipped"]) == (
            *(check.cases, check.labels, check.skipped),
        )
        assert (row["passed"], row["tolerance"]) == (True, 1e-9)


@pytest.mark.parametrize(
    "staged",
    [
        ((1, "champion"), (2, "champion"), (1, "retired")),
        ((1, "champion"), (2, "champion")),
        ((1, "challenger"), (2, "challenger"), (2, "champion"), (3, "challenger")),
        ((1, "champion"), (2, "retired"), (1, "candidate"), (2, "champion")),
        ((3, "champion"), (3, "retired"), (1, "challenger"), (3, "champion")),
    ],
)
@pytest.mark.parametrize("lose", [False, True])
def test_stages_are_those_of_the_registry(
    live: Folder, staged: tuple[tuple[int, Stage], ...], lose: bool
) -> None:
    """The same rule stands in the registry, in SQL and where freshness is looked at."""
    for seed in (1, 2, 3):
        certify(live.root, add_bundle(live.root, seed=seed))
    for number, to in staged:
        stage(live.root, listed(live)[number - 1], to)
    home = live.root / HOME / "late-flights.events"
    for path in home.glob("*/event.json") if lose else ():
        # As if whoever made another the champion was killed before the event of the old one.
        if "now" in str(json.loads(path.read_text())["why"]):
            shutil.rmtree(path.parent)
    wanted = [(version.id, version.number, version.stage) for version in listed(live)]
    query = "select version, number, stage from meta.models order by number"
    assert [tuple(row.values()) for row in rows(live, query)] == wanted
    known = read_versions(live.root, "late-flights")
    assert [(one.id, one.number, one.stage) for one in known] == wanted


@pytest.mark.parametrize("gone", [1, 2])
def test_numbers_stay_when_a_version_is_gone(live: Folder, gone: int) -> None:
    versions = [add_bundle(live.root, seed=seed) for seed in (1, 2, 3)]
    shutil.rmtree(live.root / HOME / "late-flights" / versions[gone - 1].id)
    wanted = [number for number in (1, 2, 3) if number != gone]
    assert [version.number for version in listed(live)] == wanted
    found = rows(live, "select number from meta.models order by number")
    assert [row["number"] for row in found] == wanted
    assert [one.number for one in read_versions(live.root, "late-flights")] == wanted


def test_what_is_chosen_is_what_the_registry_finds(live: Folder) -> None:
    first = add_bundle(live.root)
    stage(live.root, add_bundle(live.root, seed=2), "champion")
    add_bundle(live.root, seed=3)
    known, registry = read_versions(live.root, "late-flights"), open_registry(live.project)
    for text in (None, "1", "2", "3", "champion", "candidate", first.id, first.id[:17]):
        found = chosen(known, text)
        assert found is not None
        assert found.id == registry.find(f"late-flights@{text}" if text else "late-flights").id
    for text in ("4", "challenger", first.id[:8], "x"):
        assert chosen(known, text) is None


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b'{"format": 1, "model": "late-flights", "task": "bin',
        b'\xff\xfe{"format": 1}',
        b"[]",
        b"7",
        b'{"format": 999, "model": "late-flights", "task": "binary"}',
        b'{"format": 1, "model": "elsewhere", "task": "binary", "at": "x"}',
        b'{"format": 1}',
    ],
)
def test_damage_hides_no_other_version(live: Folder, damage: bytes) -> None:
    stage(live.root, add_bundle(live.root), "champion")
    whole = counts(live)
    live.write(f"{HOME}/late-flights/20300101T000000Z-00000/bundle.json", damage)
    live.write(f"{HOME}/late-flights.events/20300101T000000Z-00000/event.json", damage)
    live.write(f"{HOME}/another/20300101T000000Z-00000/bundle.json", damage)
    assert counts(live) == whole
    assert all(whole.values())
    assert len(read_versions(live.root, "late-flights")) == 1


def test_copies_are_not_counted_twice(live: Folder) -> None:
    version = stage(live.root, add_bundle(live.root), "champion")
    whole = counts(live)
    home = live.root / HOME
    event = next(home.glob("late-flights.events/*"))
    shutil.copytree(event, event.with_name("20300101T000000Z-00000"))
    shutil.copytree(home / "late-flights" / version.id, home / "late-flights" / "a copy")
    shutil.copytree(home / "late-flights", home / "other")
    assert counts(live) == whole


@pytest.mark.parametrize("part", ["metrics", "fields", "files", "provenance", "uncompiled", "why"])
@pytest.mark.parametrize("value", [None, 7, "text", [1], [None], {"a": [{}]}])
def test_other_forms_are_no_errors(live: Folder, part: str, value: object) -> None:
    """What is not as it should be is missing."""
    version = add_bundle(live.root)
    path = live.root / HOME / "late-flights" / version.id / "bundle.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), part: value}))
    assert counts(live)["meta.models"] == 1


def test_what_is_being_written_is_not_seen(live: Folder) -> None:
    version = add_bundle(live.root)
    whole = counts(live)
    home = live.root / HOME
    shutil.copytree(home / "late-flights", home / ".new-host-1-x" / "new" / "late-flights")
    assert counts(live) == whole
    assert [one.id for one in read_versions(live.root, "late-flights")] == [version.id]
