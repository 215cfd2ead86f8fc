"""A real server under load, while versions come, change their stage, and are damaged."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.errors import ModelError
from analysis.models.bundle.record import MODEL, Version
from analysis.models.predicting.predictor import open_predictor
from analysis.models.registry.registry import open_registry
from analysis.project import Project, open_project
from analysis.service.opening import Chosen, open_serving
from tests.helpers.bundle_pipelines import FIELDS
from tests.helpers.bundles import add_bundle, stage
from tests.helpers.load import Answer, Load
from tests.helpers.projects import write_project
from tests.helpers.serving import ROW, Server, serving

SWITCHES = 5
ROWS = 50
WAIT_SECONDS = 30.0


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Give a project with a champion."""
    project = open_project(write_project(tmp_path / "project", {}))
    stage(project.root, add_bundle(project.root), "champion")
    return project


def row(number: int) -> list[dict[str, object]]:
    """Give a row, one of some."""
    place = number % ROWS
    return [{**ROW, "hour": place % 24, "wind": float(place)}]


def right(project: Project) -> Callable[[Answer], bool]:
    """Give what says whether an answer to `row` is that of the version that it names."""
    registry = open_registry(project)
    rows = [row(number)[0] for number in range(ROWS)]
    columns = {name: [one[name] for one in rows] for name in ROW}
    wanted = {
        str(version.number): open_predictor(registry.folder(version)).predict(columns)
        for version in registry.versions("late-flights")
    }

    def says(answer: Answer) -> bool:
        told, place = answer.told, answer.number % ROWS
        outputs = wanted[answer.headers["x-model-version"]]
        probability = outputs["probability"][place]
        return (
            told["predict"] == [outputs["prediction"][place]]
            and abs(told["probability"][0] - probability) < 1e-12
        )

    return says


def until(condition: Callable[[], object]) -> None:
    """Wait for something that is to come soon."""
    end = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


def served(server: Server) -> str:
    """Give the number of the version that answers."""
    return server.post(row(1)).headers["x-model-version"]


def test_switches_under_load(project: Project) -> None:
    """No request fails, and each answer is that of the version that it names."""
    done = threading.Event()
    with serving(project.root) as server:
        load = Load(server.url, row, connections=8, enough=lambda _: done.is_set())
        thread = threading.Thread(target=load.run)
        thread.start()
        for switch in range(SWITCHES):
            kind = "trees" if switch % 2 else "linear"
            newer = add_bundle(project.root, kind=kind, seed=switch + 2)
            stage(project.root, newer, "champion")
            wanted = str(switch + 2)
            until(lambda: wanted in {a.headers["x-model-version"] for a in load.answers[-5:]})  # noqa: B023
        done.set()
        thread.join()
        code, errors = server.end()
    assert (load.broken, code, errors) == (0, 0, "")
    assert len(load.answers) == load.asked
    assert {answer.status for answer in load.answers} == {200}
    versions = {answer.headers["x-model-version"] for answer in load.answers}
    assert versions == {str(number) for number in range(1, SWITCHES + 2)}
    says = right(project)
    assert all(says(answer) for answer in load.answers)


@pytest.mark.parametrize("damage", ["tampered", "missing"])
def test_damaged_version_is_not_taken(project: Project, damage: str) -> None:
    """One line says why, and the old one goes on; the next whole one is taken."""
    with serving(project.root) as server:
        bad = add_bundle(project.root, seed=2)
        path = open_registry(project).home / "late-flights" / bad.id / MODEL
        if damage == "tampered":
            content = bytearray(path.read_bytes())
            content[len(content) // 2] ^= 1
            path.write_bytes(content)
        else:
            path.unlink()
        if damage != "missing":
            stage(project.root, bad, "champion")
        time.sleep(4)
        assert served(server) == "1"
        good = add_bundle(project.root, seed=3)
        stage(project.root, good, "champion")
        until(lambda: served(server) == str(good.number))
        code, errors = server.end()
    lines = [line for line in errors.splitlines() if line.strip()]
    assert code == 0 and "Traceback" not in errors
    assert len(lines) == (0 if damage == "missing" else 1)
    assert all("stays" in line and MODEL in line for line in lines)


def test_champion_that_is_retired_goes_on(project: Project) -> None:
    """A server with nothing to serve would be worse; whoever runs it is told."""
    with serving(project.root) as server:
        (version,) = open_registry(project).versions("late-flights")
        stage(project.root, version, "retired")
        time.sleep(3)
        assert served(server) == "1"
        _, errors = server.end()
    assert "no version of `late-flights` is champion" in errors


def challenged(project: Project) -> Version:
    """Add a challenger."""
    return stage(project.root, add_bundle(project.root, kind="trees", seed=5), "challenger")


def test_challenger_comes_while_the_server_runs(project: Project) -> None:
    """It answers its share of the keys, always the same ones, in either order of requests."""
    rows = [{**ROW, "id": key} for key in range(400)]
    with serving(project.root, "--challenger", "0.3") as server:
        assert served(server) == "1"
        challenged(project)
        until(lambda: "2" in server.post(rows).headers["x-model-version"])
        together = server.post(rows)
        single = [server.post([one]) for one in rows[:40]]
    arms = [one.headers["x-model-arm"] for one in single]
    assert set(arms) == {"champion", "challenger"}
    logged = [
        line
        for path in (project.root / "data/predictions/late-flights").glob("*.jsonl")
        for line in path.read_text().splitlines()
    ]
    told = together.headers["x-request-id"]
    by_key = {
        read["key"]["id"]: read["arm"]
        for read in map(json.loads, logged)
        if read["request"] == told
    }
    assert [by_key[key] for key in range(40)] == arms
    share = sum(arm == "challenger" for arm in by_key.values()) / 400
    assert 0.2 < share < 0.4


def test_shadow_is_logged_and_never_answers(project: Project) -> None:
    """Each row is there twice: as it was answered, and as the challenger would have."""
    challenged(project)
    with serving(project.root, "--shadow") as server:
        load = Load(server.url, row, 4, lambda answers: len(answers) > 200)
        answers = load.run()
        server.end()
    assert {answer.headers["x-model-version"] for answer in answers} == {"1"}
    (path,) = (project.root / "data/predictions/late-flights").glob("*.jsonl")
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    own = {line["request"] for line in lines if not line["shadow"]}
    shadows = {line["request"] for line in lines if line["shadow"]}
    assert own == shadows == {answer.request for answer in answers}
    assert {line["arm"] for line in lines if line["shadow"]} == {"challenger"}


def test_unfit_challenger_does_not_hold_up_a_champion(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """A server that runs follows the champion alone, and says why; at the start it is an error."""
    registry, chosen = open_registry(project), Chosen("late-flights", share=0.5)
    before = open_serving(registry, chosen)
    fields = tuple(replace(field, nullable=False) for field in FIELDS)
    stage(project.root, add_bundle(project.root, seed=5, fields=fields), "challenger")
    stage(project.root, add_bundle(project.root, seed=6), "champion")
    registry.refresh()
    now = open_serving(registry, chosen, before)
    assert [arm.number for arm in now.arms] == [3]
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("the challenger is left out: version 2 of `late-flights`")
    with pytest.raises(ModelError, match="cannot be tried"):
        open_serving(registry, chosen)
