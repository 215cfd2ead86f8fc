"""Versions on the board of a project: added, found, read by others, and seen to be whole."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pins
import pytest

from analysis.errors import ModelError
from analysis.models.bundle.record import BUNDLE, MODEL
from analysis.models.predicting.predictor import open_predictor
from analysis.models.registry.registry import Registry, open_registry
from analysis.project import find_project
from tests.helpers.bundles import add_bundle, certify, stage, write_bundle

HOME = "data/models"


def opened(root: Path) -> Registry:
    return open_registry(find_project(root))


def remarks(root: Path, model: str = "late-flights") -> list[str]:
    return [str(remark) for remark in opened(root).kept(model).remarks]


def test_a_project_without_models_has_none(root: Path) -> None:
    assert opened(root).names() == ()
    with pytest.raises(ModelError, match="there is no model `late-flights`") as error:
        opened(root).find("late-flights")
    assert error.value.hint == "`analysis model promote RUN --as late-flights` makes it"


def test_a_version_is_as_it_was_added(root: Path, tmp_path: Path) -> None:
    told = write_bundle(tmp_path / "bundle")
    version = add_bundle(root, created=told.created)
    assert (version.number, version.stage, version.certificate) == (1, "candidate", None)
    assert version.bundle == told
    folder = opened(root).folder(version)
    assert open_predictor(folder).bundle == told
    assert [event.why for event in version.events] == ["first"]


def test_pins_reads_what_was_written(root: Path) -> None:
    version = stage(root, add_bundle(root), "champion")
    board = pins.board_folder(str(root / HOME))
    assert sorted(board.pin_list()) == ["late-flights", "late-flights.events"]
    assert [one.version for one in board.pin_versions("late-flights", as_df=False)] == [version.id]
    meta = board.pin_meta("late-flights")
    assert (meta.type, meta.title) == ("file", "late-flights: Which trips are late?")
    names = {Path(path).name for path in board.pin_download("late-flights")}
    assert names == {BUNDLE, *(told.file for told in version.bundle.files)}
    assert len(board.pin_versions("late-flights.events", as_df=False)) == 3


def test_versions_of_one_second_stay_in_their_order(root: Path) -> None:
    ids = [add_bundle(root, seed=1).id for _ in range(4)]
    assert ids == sorted(set(ids))
    assert [version.number for version in opened(root).versions("late-flights")] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("late-flights@1", 1),
        ("late-flights@champion", 2),
        ("late-flights", 2),
        ("late-flights@candidate", 3),
        ("late-flights@{id}", 1),
    ],
)
def test_versions_are_found(root: Path, text: str, number: int) -> None:
    first = add_bundle(root)
    stage(root, add_bundle(root, seed=2), "champion")
    add_bundle(root, seed=3)
    assert opened(root).find(text.format(id=first.id[:16])).number == number


def test_without_a_champion_the_newest_is_meant(root: Path) -> None:
    add_bundle(root)
    add_bundle(root, seed=2)
    assert opened(root).find("late-flights").number == 2


@pytest.mark.parametrize("text", ["late-flights", "late-flights@champion"])
def test_a_damaged_champion_is_not_replaced_without_a_word(root: Path, text: str) -> None:
    champion = add_bundle(root)
    stage(root, champion, "champion")
    add_bundle(root, seed=2)
    (root / "data/models/late-flights" / champion.id / "card.md").unlink()
    with pytest.raises(ModelError, match=r"late-flights@1` cannot be used: .*card.md is missing"):
        opened(root).find(text)


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        ("late-flight", "no model `late-flight`", "did you mean `late-flights`?"),
        ("late-flights@7", "no version `7`", "there is late-flights@1 (candidate)"),
        ("late-flights@champion", "is its champion", "stage late-flights@N champion"),
        ("late-flights@", "nothing stands after", "late-flights@2"),
        ("Late", "cannot be the name", "small letters"),
        ("../late", "cannot be the name", "small letters"),
        ("late.events", "cannot be the name", "small letters"),
        ("late-flights@2", "2 ids begin with `2`", "they are late-flights@1, late-flights@2"),
    ],
)
def test_what_is_not_found_is_said(root: Path, text: str, what: str, hint: str) -> None:
    add_bundle(root)
    if text.endswith("@2"):
        add_bundle(root, seed=2)
        text = "late-flights@202"
        what = what.replace("`2`", "`202`")
    with pytest.raises(ModelError) as error:
        opened(root).find(text)
    assert what in error.value.what
    assert hint in str(error.value.hint)


def _without_bundle(folder: Path) -> None:
    (folder / BUNDLE).unlink()


def _half_copied(folder: Path) -> None:
    (folder / "data.txt").unlink()


def _shortened(folder: Path) -> None:
    (folder / MODEL).write_bytes((folder / MODEL).read_bytes()[:-1])


def _no_json(folder: Path) -> None:
    (folder / BUNDLE).write_text("{")


def _outside(folder: Path) -> None:
    told = json.loads((folder / BUNDLE).read_text())
    told["files"][0]["file"] = "../../../_quarto.yml"
    (folder / BUNDLE).write_text(json.dumps(told))


def _another_format(folder: Path) -> None:
    told = json.loads((folder / BUNDLE).read_text())
    (folder / BUNDLE).write_text(json.dumps({**told, "format": 99}))


DAMAGE: dict[Callable[[Path], None], str] = {
    _without_bundle: "bundle.json is missing",
    _half_copied: "data.txt is missing",
    _shortened: "model.skops has",
    _no_json: "damaged",
    _outside: "which is no name",
    _another_format: "of another version",
    shutil.rmtree: "is gone",
}


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__.strip("_"))
def test_damage_is_named_and_hides_nothing_else(root: Path, damage: Callable[[Path], None]) -> None:
    first, second = add_bundle(root), add_bundle(root, seed=2)
    damage(root / HOME / "late-flights" / first.id)
    assert opened(root).versions("late-flights") == (second,)
    assert opened(root).find("late-flights@2") == second
    (remark,) = remarks(root)
    assert remark.startswith(f"{HOME}/late-flights/{first.id}: ")
    assert DAMAGE[damage] in remark
    with pytest.raises(ModelError, match="cannot be used"):
        opened(root).find("late-flights@1")


def test_a_model_of_which_nothing_is_whole_is_named(root: Path) -> None:
    version = add_bundle(root)
    _shortened(root / HOME / "late-flights" / version.id)
    assert opened(root).names() == ("late-flights",)
    with pytest.raises(ModelError, match="no version of the model `late-flights` can be used"):
        opened(root).find("late-flights")


def test_bytes_that_are_others_are_not_given_out(root: Path) -> None:
    version = add_bundle(root)
    path = root / HOME / "late-flights" / version.id / MODEL
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelError, match="not the one that was promoted"):
        opened(root).folder(version)


def test_what_is_copied_or_put_there_by_hand_is_no_version(root: Path) -> None:
    version = add_bundle(root)
    home = root / HOME
    shutil.copytree(home / "late-flights" / version.id, home / "late-flights" / "my copy")
    other = f"20300101T000000Z{version.id[16:]}"
    shutil.copytree(home / "late-flights" / version.id, home / "late-flights" / other)
    shutil.copytree(home / "late-flights", home / "early-flights")
    assert [one.id for one in opened(root).versions("late-flights")] == [version.id]
    told = remarks(root)
    assert any("pins does not name them so" in remark for remark in told)
    assert any("renamed or copied" in remark for remark in told)
    assert any("copied here" in remark for remark in remarks(root, "early-flights"))


# Pins leaves the files that it writes to be closed by chance.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_pins_of_others_on_the_same_board_are_left_alone(root: Path) -> None:
    board = pins.board_folder(str(root / HOME))
    board.pin_write({"a": 1}, "prices", type="json", title="Prices")
    add_bundle(root)
    assert opened(root).names() == ("late-flights",)
    assert remarks(root) == []


def test_a_damaged_event_is_named_and_the_others_count(root: Path) -> None:
    version = stage(root, add_bundle(root), "challenger")
    home = root / HOME / "late-flights.events"
    last = max(home.glob("*/event.json"), key=lambda path: json.loads(path.read_text())["at"])
    copied = home / "20300101T000000Z-00000"
    shutil.copytree(last.parent, copied)
    assert opened(root).find("late-flights").events == version.events
    last.write_text("{")
    shutil.rmtree(copied)
    assert opened(root).find("late-flights").stage == "candidate"
    (remark,) = remarks(root)
    assert last.parent.name in remark


def test_the_last_certificate_counts(root: Path) -> None:
    version = certify(root, add_bundle(root))
    assert version.certificate is not None
    assert version.certificate.passed
    failed = certify(root, version, passed=False)
    assert failed.certificate is not None
    assert not failed.certificate.passed
    assert failed.stage == "candidate"


def test_a_bundle_that_is_not_whole_is_not_added(root: Path, tmp_path: Path) -> None:
    bundle = write_bundle(tmp_path / "bundle")
    (tmp_path / "bundle" / "card.md").write_text("another card")
    version = add_bundle(root)
    with pytest.raises(ModelError, match=r"card\.md"):
        opened(root).add(bundle.model, tmp_path / "bundle", version.events[0])
    with pytest.raises(ModelError, match="of the model `late-flights`"):
        opened(root).add("another", tmp_path / "bundle", version.events[0])
    assert [one.id for one in opened(root).versions("late-flights")] == [version.id]
