"""``analysis monitor replay``: through a real server, into the real log, and on where it ended."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from analysis.models.bundle.record import KeyField
from analysis.project import find_project
from analysis.warehouse.connection import connect
from tests.helpers.bundles import add_bundle, certify, stage
from tests.helpers.projects import Outcome, analysis
from tests.helpers.serving import serving
from tests.monitoring.trips import trips_project

DAYS = ("--from", "2013-07-01", "--to", "2013-07-15")
NAME = "late-flights"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a project that no test changes."""
    return trips_project(tmp_path_factory.mktemp("replay") / "project")


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    """Give a copy of it."""
    return shutil.copytree(made, tmp_path / "project", symlinks=True)


def replay(root: Path, *options: str, days: tuple[str, ...] = DAYS, **environment: str) -> Outcome:
    """Replay the sample of later trips."""
    return analysis(root, "monitor", "replay", NAME, *days, *options, **environment)


def logged(root: Path) -> list[dict[str, Any]]:
    """Read the log, in the order in which it was asked."""
    with connect(find_project(root)) as con:
        found = con.execute(
            "select key, inputs, outputs, arm, row from meta.predictions order by time, row"
        ).fetchall()
    names = ("key", "inputs", "outputs", "arm", "row")
    read = (dict(zip(names, row, strict=True)) for row in found)
    return [
        {
            name: json.loads(value) if name in names[:3] and value else value
            for name, value in one.items()
        }
        for one in read
    ]


def test_rows_of_the_past_are_in_the_log(root: Path) -> None:
    """All rows of the days come in order of time, with keys, inputs and what is predicted."""
    done = replay(root, "--sample", "later", "--batch", "7", "--no-labels")
    assert done.code == 0, done.err
    rows = logged(root)
    keys = [row["key"] for row in rows]
    assert len(rows) == 30 and keys[0] == {"id": 20, "left_at": "2013-07-01 00:00:00"}
    assert [key["left_at"] for key in keys] == sorted(key["left_at"] for key in keys)
    (forty,) = (row for row in rows if row["key"]["id"] == 40)
    assert forty["inputs"]["wind"] == 900.0
    assert all(0 <= row["outputs"]["probability"] <= 1 for row in rows)
    assert {row["arm"] for row in rows} == {"champion"}


def test_it_goes_on_where_it_stopped(root: Path) -> None:
    """Rows that are in the log are not sent again, unless it is asked for."""
    assert (
        replay(root, "--sample", "later", "--no-labels", days=(*DAYS[:3], "2013-07-05")).code == 0
    )
    assert len(logged(root)) == 10
    done = replay(root, "--sample", "later", "--no-labels")
    assert done.code == 0 and "sent       20 rows" in done.out
    assert len({row["key"]["id"] for row in logged(root)}) == len(logged(root)) == 30
    done = replay(root, "--sample", "later", "--no-labels")
    assert done.code == 0 and done.out.startswith("all 30 rows are in the log already")
    assert replay(root, "--sample", "later", "--no-labels", "--again").code == 0
    assert len(logged(root)) == 60


def test_challenger_and_champion(root: Path) -> None:
    """A share of the keys is answered by the challenger, by the key alone."""
    key = (KeyField("id", "INTEGER"), KeyField("left_at", "TIMESTAMP"))
    stage(root, certify(root, add_bundle(root, seed=2, key=key)), "challenger")
    done = replay(root, "--sample", "later", "--challenger", "0.5", "--no-labels")
    assert done.code == 0, done.err
    arms = [row["arm"] for row in logged(root)]
    assert len(arms) == 30 and set(arms) == {"champion", "challenger"}


def test_a_server_that_runs_already(root: Path) -> None:
    """Its key is sent; rows that it refuses are told with the reason, and the others go on."""
    made_key = analysis(root, "serve", "key", "add", "replay").out.strip()
    with serving(root, "--require-key", "--max-rows", "8") as server:
        options = ("--sample", "later", "--url", server.url, "--no-labels")
        refused = replay(root, *options)
        assert refused.code == 2 and "--key" in refused.err and not logged(root)
        done = replay(root, *options, ANALYSIS_API_KEY=made_key)
        assert done.code == 0, done.err
    assert "sent       29 rows" in done.out and "refused    1 rows" in done.out
    assert "`wind`: this is not from 0 to 60" in done.err.replace(" from 0.0", " from 0")
    assert sum(row["row"] is not None for row in logged(root)) == 29


def test_personal_keys(tmp_path: Path) -> None:
    """Keys that are hashed in the log are known again."""
    key = (KeyField("id", "INTEGER", personal=True), KeyField("left_at", "TIMESTAMP"))
    root = trips_project(tmp_path / "project", key=key)
    assert replay(root, "--sample", "later").code == 0
    assert all(len(row["key"]["id"]) == 32 for row in logged(root))
    assert replay(root, "--sample", "later").out.startswith("all 30 rows")
    assert len(logged(root)) == 30


@pytest.mark.parametrize(
    ("options", "days", "told"),
    [
        (("--sample", "latest"), DAYS, ("samples.latest", "did you mean `samples.later`?")),
        (("--sample", "open"), DAYS, ("samples/open.sql", "`late`", "the target", "samples.trips")),
        (("--sample", "weather"), DAYS, ("samples.weather",)),
        (("--sample", "short"), DAYS, ("samples/short.sql", "`left_at`", "a column of the key")),
        ((), DAYS, ("no rows of 2013-07-01 to 2013-07-15", "2013-06-21 to 2013-06-30", "--sample")),
        ((), ("--from", "2013-07-02", "--to", "2013-07-01"), ("before the first",)),
        ((), ("--from", "July", "--to", "2013-07-01"), ("`July` is no day", "--from 2013")),
        (("--label-delay", "soon"), DAYS, ("`soon` is no delay", "2d")),
        (("--url", "localhost:1"), DAYS, ("no address", "http://")),
    ],
)
def test_mistakes(
    made: Path, options: tuple[str, ...], days: tuple[str, ...], told: tuple[str, ...]
) -> None:
    """Each is told in one message, with what to do; nothing is sent."""
    if "--url" in options:
        options = (*options, "--sample", "later")
    done = replay(made, *options, days=days)
    assert done.code == 2 and "Traceback" not in done.err
    assert all(part in done.err for part in told), done.err
    assert not logged(made)


def test_server_that_is_not_there(made: Path) -> None:
    """Neither a server nor a champion is there."""
    done = replay(made, "--sample", "later", "--url", "http://127.0.0.1:9")
    assert done.code == 2 and "gives no answer" in done.err and "see that it runs" in done.err


def test_no_champion(root: Path) -> None:
    """What the server says when it does not start is told."""
    assert analysis(root, "model", "retire", f"{NAME}@1", "--why", "old").code == 0
    done = replay(root, "--sample", "later")
    assert done.code == 2 and "no version of `late-flights` is champion" in done.err
    assert "Traceback" not in done.err and "analysis model stage" in done.err


def test_labels_come_later(root: Path) -> None:
    """What came true is handed in once, as known after the delay; unknown ones are not."""
    few = (*DAYS[:3], "2013-07-05")
    assert replay(root, "--sample", "later", "--no-labels", days=few).code == 0
    done = replay(root, "--sample", "later", "--label-delay", "36h")
    assert done.code == 0, done.err
    assert "labels     30 handed in, known 1.5 days after their time" in done.out
    with connect(find_project(root)) as con:
        found = con.execute(
            "select (key ->> '$.id')::int, label, known - (key ->> '$.left_at')::timestamp "
            "from meta.labels order by 1"
        ).fetchall()
    assert [(id_, label) for id_, label, _ in found] == [
        (id_, str(id_ % 4 == 0).lower()) for id_ in range(20, 50)
    ]
    assert {after for *_, after in found} == {timedelta(hours=36)}
    assert "labels     none" in replay(root, "--sample", "later").out
