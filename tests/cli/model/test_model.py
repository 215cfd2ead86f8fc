"""``analysis model``: what is told of versions, and what changes their stages."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analysis.models.bundle.record import MODEL
from analysis.models.registry.registry import open_registry
from analysis.project import find_project
from tests.helpers.bundles import add_bundle, certify, stage
from tests.helpers.death import killed
from tests.helpers.projects import Outcome, analysis, write_project


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give the root of a project without models."""
    return write_project(tmp_path, {})


def model(root: Path, *words: str, code: int = 0, **environment: str) -> Outcome:
    outcome = analysis(root, "model", *words, **environment)
    assert outcome.code == code, outcome
    return outcome


def told(root: Path, *words: str) -> Any:
    return json.loads(model(root, *words, "--json").out)


def stages(root: Path) -> list[str]:
    return [f"{one['name']} {one['stage']}" for one in told(root, "list")["models"][0]["versions"]]


def test_without_models_it_is_said_how_to_make_one(root: Path) -> None:
    assert "analysis model promote RUN --as NAME" in model(root, "list").out
    assert told(root, "list") == {"models": []}
    assert "there is no model `late`" in model(root, "show", "late", code=2).err


def test_list_tells_of_each_version_in_a_line(root: Path) -> None:
    certify(root, add_bundle(root))
    certify(root, add_bundle(root, seed=2), passed=False)
    version = add_bundle(root, "penguins", "multiclass")
    lines = [" ".join(line.split()) for line in model(root, "list").out.splitlines()]
    assert lines[0] == "model stage run created by metric parity size"
    assert [line.split()[0] for line in lines[1:]] == [
        "late-flights@2",
        "late-flights@1",
        "penguins@1",
    ]
    assert " failed " in lines[1]
    assert "0000000001" in lines[2]
    assert "Ann roc_auc 0.700 [0.680, 0.720] passed" in lines[2]
    assert "accuracy 0.700 [0.680, 0.720] none" in lines[3]
    (_, penguins) = told(root, "list")["models"]
    (known,) = penguins["versions"]
    assert (known["id"], known["number"], known["parity"]) == (version.id, 1, "none")
    assert known["bytes"] == sum(file.bytes for file in version.bundle.files)


def test_show_tells_all(root: Path) -> None:
    version = certify(root, add_bundle(root))
    text = model(root, "show", "late-flights").out
    for part in (
        "late-flights@1",
        "candidate",
        "passed: 6 cases through python, duckdb",
        "0 to 60 km/h",
        'AA, Ö\'Neill "air", UA, others',
        "that late is true",
        "0.700 [0.680, 0.720]",
        "run       0000000001 of late-trips/linear",
        "features.weather.wind",
        "left out: no PostgreSQL here",
        "certificate passed",
        version.bundle.files[0].sha256,
    ):
        assert part in text
    known = told(root, "show", "late-flights@1")
    assert known["name"] == "late-flights@1"
    assert known["bundle"]["fields"][0]["name"] == "wind"
    assert known["certificate"]["passed"] is True
    assert known["folder"] == f"data/models/late-flights/{version.id}"
    assert known["damaged"] == {}


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_show_and_card_are_there_for_every_task(root: Path, task: Any) -> None:
    add_bundle(root, "some", task)
    assert f"task       {task}" in model(root, "show", "some").out
    assert model(root, "card", "some").out == "# some\n\nWhich trips are late?\n"


def test_a_file_that_is_another_is_named(root: Path) -> None:
    version = add_bundle(root)
    folder = root / "data/models/late-flights" / version.id
    card = folder / "card.md"
    card.write_text(card.read_text().replace("late?", "soon?"[:5]))
    assert "not the one that was promoted" in model(root, "card", "late-flights", code=2).err
    assert "card.md of the model `late-flights@1` is not" in model(root, "show", "late-flights").out


def test_what_is_damaged_is_named_and_the_rest_is_shown(root: Path) -> None:
    first = add_bundle(root)
    add_bundle(root, seed=2)
    (root / "data/models/late-flights" / first.id / MODEL).unlink()
    outcome = model(root, "list")
    assert "late-flights@2" in outcome.out
    assert "late-flights@1" not in outcome.out
    assert f"warning: data/models/late-flights/{first.id}: " in outcome.err
    assert "model.skops is missing" in outcome.err
    (damaged,) = told(root, "list")["models"][0]["damaged"]
    assert (damaged["id"], damaged["number"]) == (first.id, 1)
    assert "model.skops is missing" in model(root, "show", "late-flights@1", code=2).err


def test_diff_says_what_is_not_the_same(root: Path) -> None:
    first = add_bundle(root)
    wind, _, holiday, carrier = first.bundle.fields
    other = replace(carrier, categories=("AA", "ZZ"), shares=(0.5, 0.5))
    rain = replace(wind, name="rain")
    fields = (replace(wind, high=70.0), rain, holiday, other)
    worse = (replace(first.bundle.metrics[0], value=0.6), *first.bundle.metrics[1:])
    add_bundle(root, kind="trees", seed=2, fields=fields, metrics=worse)
    lines = [
        " ".join(line.split())
        for line in model(root, "diff", "late-flights@1", "late-flights@2").out.splitlines()
    ]
    for line in (
        "estimator sklearn.linear_model.LogisticRegression → trees",
        "seed 1 → 2",
        "only in A hour",
        "only in B rain",
        "other content features.weather.wind",
        "wind high 60.0 → 70.0",
        'carrier new: ZZ; gone: Ö\'Neill "air", UA',
        "roc_auc 0.700 [0.680, 0.720] 0.600 [0.680, 0.720]",
    ):
        assert line in lines
    known = told(root, "diff", "late-flights@1", "late-flights@2")
    assert (known["then"], known["now"], known["same"]) == (
        "late-flights@1",
        "late-flights@2",
        False,
    )
    assert [field["name"] for field in known["added"]] == ["rain"]
    assert known["columns"] == ["features.weather.wind"]


def test_diff_of_the_same_says_so(root: Path) -> None:
    add_bundle(root)
    add_bundle(root)
    out = model(root, "diff", "late-flights@1", "late-flights@2").out
    assert "both have the same files" in out
    assert told(root, "diff", "late-flights@1", "late-flights@2")["same"] is True


def test_a_new_champion_retires_the_old_one(root: Path) -> None:
    certify(root, add_bundle(root))
    certify(root, add_bundle(root, seed=2))
    why = ("--why", "the first one")
    assert (
        "champion   late-flights@1" in model(root, "stage", "late-flights@1", "champion", *why).out
    )
    out = model(root, "stage", "late-flights@2", "champion", "--why", "better", "--by", "Bo").out
    assert out.splitlines() == [
        "champion   late-flights@2 (was candidate)",
        "retired    late-flights@1 (was champion)",
    ]
    assert stages(root) == ["late-flights@1 retired", "late-flights@2 champion"]
    event = told(root, "show", "late-flights@1")["events"][-1]
    assert (event["by"], event["why"]) == ("Bo", "late-flights@2 is the champion now")


def test_who_does_it_is_the_user_of_git_or_of_the_system(root: Path, tmp_path: Path) -> None:
    config = tmp_path / "gitconfig"
    config.write_text("[user]\n  name = Cleo of Git\n")
    add_bundle(root)
    git = {"GIT_CONFIG_GLOBAL": str(config), "GIT_CONFIG_SYSTEM": "/dev/null"}
    model(root, "stage", "late-flights", "challenger", "--why", "to be tried", **git)
    git = {**git, "GIT_CONFIG_GLOBAL": "/dev/null", "LOGNAME": "dora"}
    model(root, "retire", "late-flights", "--why", "tried", **git)
    events = told(root, "show", "late-flights")["events"]
    assert [event["by"] for event in events] == ["Ann", "Cleo of Git", "dora"]
    assert [event["why"] for event in events] == ["first", "to be tried", "tried"]


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("stage", "late-flights", "champion", "--why", "x"), "it has no parity certificate"),
        (("stage", "late-flights", "champoin", "--why", "x"), "did you mean `champion`?"),
        (("stage", "late-flights", "champion", "--why", " "), "no reason is given"),
        (("stage", "late-flights", "champion"), "--why"),
        (("retire", "late-flight", "--why", "x"), "did you mean `late-flights`?"),
        (("retire", "late-flights@3", "--why", "x"), "has no version `3`"),
        (("show", "Late Flights"), "cannot be the name of a model"),
    ],
)
def test_mistakes_are_told_and_change_nothing(
    root: Path, words: tuple[str, ...], what: str
) -> None:
    add_bundle(root)
    outcome = model(root, *words, code=2)
    assert what in outcome.err
    assert "Traceback" not in outcome.err
    assert stages(root) == ["late-flights@1 candidate"]


def test_a_failed_proof_and_one_of_other_files_make_no_champion(root: Path) -> None:
    version = certify(root, add_bundle(root), passed=False)
    words = ("stage", "late-flights", "champion", "--why", "x")
    assert "certificate was not passed" in model(root, *words, code=2).err
    certify(root, version, golden_sha256="0" * 64)
    assert "of another model or other cases" in model(root, *words, code=2).err
    certify(root, version)
    model(root, *words)


def test_staging_what_is_so_already_changes_nothing(root: Path) -> None:
    stage(root, add_bundle(root), "champion")
    add_bundle(root, seed=2)
    before = told(root, "show", "late-flights@1")["events"]
    out = model(root, "stage", "late-flights", "champion", "--why", "x").out
    assert out == (
        "late-flights@1 is champion already; name another if you mean it, such as late-flights@2\n"
    )
    assert told(root, "show", "late-flights@1")["events"] == before


def test_a_model_may_be_left_without_a_champion_which_is_said(root: Path) -> None:
    stage(root, add_bundle(root), "champion")
    outcome = model(root, "retire", "late-flights", "--why", "wrong")
    assert "has no champion now" in outcome.err
    assert stages(root) == ["late-flights@1 retired"]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("module", ["pinned", "folder"])
def test_whoever_is_killed_while_staging_leaves_one_champion(
    root: Path, module: str, when: str
) -> None:
    stage(root, add_bundle(root), "champion")
    certify(root, add_bundle(root, seed=2))
    place = {
        "pinned": ("analysis.models.registry.registry", "add_version"),
        "folder": ("analysis.models.registry.folder", "FolderBoard.put"),
    }[module]
    words = ("model", "stage", "late-flights@2", "champion", "--why", "x")
    killed(root, *place, when, *words)
    then = ["late-flights@1 champion", "late-flights@2 candidate"]
    now = ["late-flights@1 retired", "late-flights@2 champion"]
    assert stages(root) == (then if when == "before" else now)
    model(root, *words[1:])
    assert stages(root) == now
    versions = open_registry(find_project(root)).versions("late-flights")
    assert [version.events[-1].stage for version in versions] == ["retired", "champion"]


def test_two_at_once_lose_nothing(root: Path) -> None:
    import subprocess

    from tests.helpers.projects import ANALYSIS

    for seed in range(1, 4):
        certify(root, add_bundle(root, seed=seed))
    commands = [
        [ANALYSIS, "model", "stage", f"late-flights@{n}", "champion", "--why", f"{n}"]
        for n in (1, 2, 3)
    ]
    running = [subprocess.Popen(words, cwd=root, stdout=subprocess.DEVNULL) for words in commands]
    assert [one.wait(timeout=120) for one in running] == [0, 0, 0]
    found = [line.rpartition(" ")[2] for line in stages(root)]
    assert sorted(found) == ["champion", "retired", "retired"]
    versions = open_registry(find_project(root)).versions("late-flights")
    made = [event for version in versions for event in version.events if event.stage]
    assert [event.stage for event in made].count("champion") == 3
    assert [event.stage for event in made].count("retired") == 2
