"""Stages: what they follow from, and what a wish for one leads to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from analysis.errors import ModelError
from analysis.models.bundle.record import FORMAT, STAGES, Event, Stage, Version
from analysis.models.registry.stages import Change, changes, stages, written
from tests.helpers.bundles import certificate_of, write_bundle

AT = datetime(2026, 5, 1, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Version:
    """Give a version that is proven."""
    bundle = write_bundle(tmp_path_factory.mktemp("bundle"))
    return Version("20260501T080000Z-00001", 1, bundle, "candidate", (), certificate_of(bundle))


def event(version: str, stage: Stage, second: int) -> Event:
    at = written(AT.replace(second=second))
    return Event(FORMAT, "late-flights", version, "stage", at, "Ann", None, stage)


def wish(stage: Stage) -> Change:
    return Change(stage, "Ann", "it is better", AT)


def test_the_last_event_of_a_version_decides() -> None:
    found = stages(
        [event("a", "candidate", 1), event("b", "champion", 2), event("a", "retired", 3)]
    )
    assert found == {"a": "retired", "b": "champion"}


@pytest.mark.parametrize("single", ["champion", "challenger"])
def test_there_is_one_even_where_the_event_of_the_one_before_is_missing(single: Stage) -> None:
    assert stages([event("a", single, 1), event("b", single, 2)]) == {"a": "retired", "b": single}


def test_a_challenger_that_becomes_champion_leaves_no_challenger() -> None:
    events = [event("a", "champion", 1), event("b", "challenger", 2), event("b", "champion", 3)]
    assert stages(events) == {"a": "retired", "b": "champion"}


def test_a_new_champion_retires_the_old_one_in_an_event_of_its_own(first: Version) -> None:
    old = replace(
        first, id="20260501T070000Z-00000", stage="champion", events=(event("o", "champion", 0),)
    )
    made = changes([old, replace(first, number=2)], replace(first, number=2), wish("champion"))
    assert [(e.version, e.stage, e.previous) for e in made] == [
        (first.id, "champion", "candidate"),
        (old.id, "retired", "champion"),
    ]
    assert made[1].why == "late-flights@2 is the champion now"
    assert made[0].at < made[1].at
    assert made[0].by == "Ann"
    assert made[0].why == "it is better"


def test_events_come_after_all_others_also_where_a_clock_was_ahead(first: Version) -> None:
    ahead = replace(event(first.id, "candidate", 1), at=written(AT.replace(year=2031)))
    version = replace(first, events=(ahead,))
    assert changes([version], version, wish("challenger"))[0].at > ahead.at


def test_what_a_killed_writer_left_out_is_made_up_for(first: Version) -> None:
    champion = replace(first, stage="champion", events=(event(first.id, "champion", 2),))
    lost = replace(first, id="20260501T070000Z-00000", events=(event("o", "champion", 1),))
    made = changes([lost, champion], champion, wish("champion"))
    assert [(e.version, e.stage) for e in made] == [(lost.id, "retired")]


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_that_a_version_has_needs_no_event(first: Version, stage: Stage) -> None:
    version = replace(first, stage=stage)
    assert changes([version], version, wish(stage)) == ()


def test_a_champion_is_proven(first: Version, tmp_path: Path) -> None:
    proof = certificate_of(write_bundle(tmp_path, seed=2))
    unproven = {
        "no parity certificate": None,
        "not passed": certificate_of(first.bundle, passed=False),
        "another model": proof,
    }
    for what, certificate in unproven.items():
        version = replace(first, certificate=certificate)
        with pytest.raises(ModelError, match=what):
            changes([version], version, wish("champion"))
        assert changes([version], version, wish("challenger"))
