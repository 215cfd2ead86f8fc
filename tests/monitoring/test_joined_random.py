"""The join of predictions with labels is that of plain Python, whatever there is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from analysis.models.bundle.record import KeyField
from analysis.monitoring.labels.counting import Counts, counted
from analysis.monitoring.labels.joined import Joining, joined
from analysis.monitoring.labels.sources import Sources
from analysis.warehouse.opened import in_memory
from analysis.warehouse.predictionlog import compact
from tests.monitoring.logs import label, line, write_labels, write_segment

_START = datetime(2026, 5, 1, 10)
_WAIT = 0.5
_HOW = Joining((KeyField("id", "BIGINT"), KeyField("hour", "TIMESTAMP")), None, _WAIT)
Row = dict[str, Any]


def _at(random: Random, hours: int = 60) -> datetime:
    return _START + timedelta(hours=random.randrange(hours))


def _key(random: Random) -> Row:
    return {"id": random.randrange(4), "hour": f"2026-05-0{random.randrange(1, 4)}T00:00:00"}


def _lines(random: Random, count: int) -> list[Row]:
    found = []
    for number in range(count):
        at, key = _at(random), _key(random) if random.random() < 0.9 else None
        for row in range(random.randrange(1, 4)):
            one = line(f"r{number}", row, at, key=key)
            found += [one] * random.choice([1, 1, 1, 2])
            if random.random() < 0.2:
                found.append({**one, "version": "v2", "arm": "challenger", "shadow": True})
    return found


def _labels(random: Random, count: int, kinds: Sequence[str], received: datetime) -> list[Row]:
    found = []
    for _ in range(count):
        known = {"known": _at(random, 90)}
        request = {"request": f"r{random.randrange(60)}"}
        key = {"key": json.dumps(_key(random))}
        told = {
            "row": {**request, "row": random.randrange(4)},
            "request": request,
            "until": {**key, "time": _at(random)},
            "key": key,
        }[random.choice(kinds)]
        found.append(label(random.choice(["true", "false"]), received, **known, **told))
    return found


def _targets(labels: Sequence[Row]) -> dict[tuple[Any, ...], list[Row]]:
    """Give the labels of each target, those that were handed in last at the end."""
    found: dict[tuple[Any, ...], list[Row]] = {}
    for one in labels:
        key = json.dumps(json.loads(one["key"]), sort_keys=True) if one["key"] else None
        found.setdefault((one["request"], one["row"], key, one["time"]), []).append(one)
    return found


def _of(row: Row, labels: dict[tuple[Any, ...], list[Row]]) -> list[tuple[Any, ...]]:
    """Name the targets that a prediction is."""
    wanted = [(row["request"], row["row"], None, None), (row["request"], None, None, None)]
    if row["key"]:
        key = json.dumps(row["key"], sort_keys=True)
        time = datetime.fromisoformat(row["time"]).replace(tzinfo=None)
        later = [at for *_, k, at in labels if k == key and at and at >= time]
        wanted += [(None, None, key, None)] + ([(None, None, key, min(later))] if later else [])
    return [one for one in wanted if one in labels]


def _expected(lines: Sequence[Row], labels: Sequence[Row]) -> tuple[list[tuple[Any, ...]], Counts]:
    ordered = {id(one): place for place, one in enumerate(labels)}
    targets, seen, rows, matched = _targets(labels), set(), [], set()
    for row in lines:
        if (identity := (row["request"], row["row"], row["version"], row["shadow"])) in seen:
            continue
        seen.add(identity)
        names = _of(row, targets)
        matched |= {*names}
        mine = sorted(
            (one for name in names for one in targets[name]), key=lambda o: ordered[id(o)]
        )
        last = mine[-1] if mine else {"label": None, "known": None}
        differ = len({one["label"] for one in mine}) > 1
        time = datetime.fromisoformat(row["time"]).replace(tzinfo=None)
        late = bool(mine) and last["known"] > time + timedelta(days=_WAIT)
        told = (last["label"], last["known"], late, len(mine) > 1 and not differ, differ)
        rows.append((*identity, *told))
    counts = Counts(
        len(rows), len(lines) - len(rows), sum(r[4] is not None for r in rows),
        *(sum(r[place] for r in rows) for place in (6, 7, 8)),
        sum(len(mine) for name, mine in targets.items() if name not in matched),
    )  # fmt: skip
    return sorted(rows, key=str), counts


def _files(folder: Path, lines: Sequence[Row], labels: Sequence[Sequence[Row]]) -> Sources:
    middle = len(lines) // 2
    first = write_segment(folder / "a.jsonl", lines[:middle])
    second = write_segment(folder / "b.jsonl", lines[middle:])
    handed = [write_labels(folder / f"{n}.parquet", rows) for n, rows in enumerate(labels) if rows]
    return Sources((second,), (compact(first),), tuple(handed))


def _cases() -> Iterator[tuple[int, tuple[str, ...]]]:
    kinds = [("row",), ("request",), ("until",), ("key",), ("row", "until"), ("key", "until")]
    kinds += [("row", "request", "until", "key")]
    for seed in range(28):
        yield seed, kinds[seed % len(kinds)]


@pytest.mark.parametrize(("seed", "kinds"), [*_cases()])
def test_join_is_that_of_python(seed: int, kinds: tuple[str, ...], tmp_path: Path) -> None:
    """Rows, labels, flags and counts."""
    random = Random(seed)
    lines = _lines(random, 50)
    labels = [
        _labels(random, random.choice([0, 20, 80]), kinds, _START + timedelta(days=3 + day))
        for day in range(2)
    ]
    expected, counts = _expected(lines, [one for part in labels for one in part])
    with in_memory(tmp_path) as con:
        made = joined(con, _files(tmp_path, lines, labels), _HOW)
        chosen = "request, row, version, shadow, label, known, late, duplicate, contradicting"
        found = con.execute(f"select {chosen} from ({made.query})").fetchall()
        assert sorted(found, key=str) == expected
        assert counted(con, made) == counts
