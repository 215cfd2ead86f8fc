"""``analysis monitor labels``, as users call it."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analysis.errors import ProjectError
from analysis.models.bundle.record import KeyField
from analysis.monitoring.labels.keeping import keep
from analysis.project import find_project
from analysis.project.secret import hashed, project_secret
from tests.helpers.bundles import add_bundle, bundle_of
from tests.helpers.projects import Outcome, analysis, write_project
from tests.monitoring.logs import line, write_segment

_AT = datetime(2026, 5, 1, 10)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a project with a model and three predictions by key, the first two in one request."""
    root = write_project(tmp_path / "project", {})
    add_bundle(root)
    lines = [line("r1", 0, _AT, key={"id": 1}), line("r1", 1, _AT, key={"id": 2})]
    lines += [line("r2", 0, _AT, key={"id": 3})]
    write_segment(root / "data/predictions/late-flights/20260501T100000-1-a.jsonl", lines)
    return root


def labels(root: Path, text: str, name: str = "labels.csv", model: str = "late-flights") -> Outcome:
    """Hand in a file of labels."""
    (root / name).write_text(text)
    return analysis(root, "monitor", "labels", model, name)


def kept(root: Path, model: str = "late-flights") -> list[dict[str, Any]]:
    """Give all labels that are kept."""
    with duckdb.connect() as con:
        files = str(root / "data/labels" / model / "*.parquet")
        result = con.execute(f"from read_parquet('{files}') order by received, file_row_number")
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def counts(out: str) -> dict[str, int]:
    """Read the numbers that the command printed."""
    found = re.findall(r"^(\w+(?: out)?) +([\d,]+)(?: |$)", out, re.MULTILINE)
    return {name: int(count.replace(",", "")) for name, count in found}


def test_csv_by_request_and_row(root: Path) -> None:
    """Labels are classes of the model; one that is of no prediction is kept."""
    text = "request,row,label,known,comment\nr1,0,true,2026-05-02T00:00:00Z,x\n"
    text += "r1,1,FALSE,,\nr9,0,1,,\n"
    done = labels(root, text)
    assert (done.code, done.err) == (0, "")
    assert counts(done.out) == {"read": 3, "matched": 2, "unmatched": 1, "late": 1}
    assert "not used: comment" in done.out
    rows = kept(root)
    assert [(r["request"], r["row"], r["label"]) for r in rows] == [
        ("r1", 0, "true"), ("r1", 1, "false"), ("r9", 0, "true"),
    ]  # fmt: skip
    assert rows[0]["known"] == datetime(2026, 5, 2)
    assert rows[1]["known"] == rows[1]["received"]
    assert {row["source"] for row in rows} == {"labels.csv"}
    assert {row["model"] for row in rows} == {"late-flights"}


def test_labels_by_key(root: Path) -> None:
    """The column is named as the target; without a request they are of keys."""
    done = labels(root, "id,late\n1,true\n2,\n7,false\n")
    assert counts(done.out) == {
        "read": 3, "left out": 1, "matched": 1, "unmatched": 1, "late": 1,
    }  # fmt: skip
    assert [json.loads(row["key"]) for row in kept(root)] == [{"id": 1}, {"id": 7}]


def test_same_file_twice(root: Path) -> None:
    """It adds nothing, and says so; also as another kind of file."""
    labels(root, "id,label\n1,true\n2,false\n")
    again = labels(root, "id,label\n1,true\n2,false\n", "other.csv")
    assert again.code == 0 and "nothing new" in again.out and "data/labels/" in again.out
    third = labels(root, '{"id": 1, "label": true}\n{"id": 2, "label": false}\n', "l.ndjson")
    assert "nothing new" in third.out
    assert len(kept(root)) == 2


def test_duplicates_contradictions_and_late(root: Path) -> None:
    """They are counted, and the last counts."""
    labels(root, "id,label,known\n1,true,2026-05-01T11:00\n2,true,2026-05-01T11:00\n")
    (root / "data/monitors.yml").write_text("late-flights: {labels: {wait: 1d}}\n")
    text = "id,label,known\n1,true,2026-05-09\n2,false,2026-05-02T09:00\n3,true,2026-05-09\n"
    done = labels(root, text, "second.csv")
    assert counts(done.out) == {
        "read": 3, "matched": 3, "unmatched": 0, "duplicate": 1, "contradicting": 1, "late": 2,
    }  # fmt: skip
    assert "more than 1 day" in done.out


@pytest.mark.parametrize(
    ("text", "place", "told"),
    [
        ("request,row,label\nr1,0,true\nr1,1,maybe\n", "labels.csv:3", "`maybe`"),
        ("request,row,label\nr1,zero,true\n", "labels.csv:2", "a whole number"),
        ("request,row,label\nr1,1.5,true\n", "labels.csv:2", "a whole number"),
        ("request,label\n,true\n", "labels.csv:2", "is missing"),
        ("id,label\n1,true\n1.5,true\nx,true\n", "labels.csv:3", "of type BIGINT"),
        ("id,label\n1,true\n,true\n", "labels.csv:3", "is missing"),
        ("id,label,time\n1,true,2026-05-01\n1,true,soon\n", "labels.csv:3", "a time"),
        ("id,label,known\n1,true,infinity\n", "labels.csv:2", "a time"),
        ("id,lable\n1,true\n", "labels.csv", "`lable` for `label`"),
        ("ident,label\n1,true\n", "labels.csv", "`id`"),
        ("", "labels.csv", ""),
    ],
)
def test_mistakes_name_the_line(root: Path, text: str, place: str, told: str) -> None:
    """Nothing is added then."""
    (root / "labels.csv").write_text(text)
    with pytest.raises(ProjectError) as error:
        keep(find_project(root), bundle_of("binary"), str(root / "labels.csv"))
    assert str(error.value).startswith(f"{place}:") and told in str(error.value)
    assert not (root / "data/labels").exists()


def test_more_of_the_same_mistake(root: Path) -> None:
    """They are counted."""
    done = labels(root, "id,label\n" + "1,perhaps\n" * 40)
    assert done.code == 2 and not done.out
    assert "error: labels.csv:2: `label` is `perhaps`, and so it is in 39 more" in done.err
    assert "it has to be one of `false`, `true`; nothing was added" in done.err


def test_json_and_parquet_name_the_row(root: Path) -> None:
    """A list in JSON, and Parquet, have rows and no lines."""
    done = labels(root, '[{"id": 1, "label": true},\n {"id": 2, "label": 7}]', "l.json")
    assert "l.json: row 2: `label` is `7`" in done.err
    duckdb.sql("select 1 as id, 'x' as label").write_parquet(str(root / "l.parquet"))
    done = analysis(root, "monitor", "labels", "late-flights", "l.parquet")
    assert "l.parquet: row 1: `label` is `x`" in done.err


def test_parquet_with_types(root: Path) -> None:
    """Truth values as pandas has them beside missing ones: numbers."""
    values = "(1::double, 1.0), (2, 0.0), (3, 'nan'::double)"
    query = f"select *, '2026-05-01'::date as time from (values {values}) t(id, label)"
    duckdb.sql(query).write_parquet(str(root / "l.parquet"))
    done = analysis(root, "monitor", "labels", "late-flights", "l.parquet")
    assert counts(done.out)["left out"] == 1, done
    assert [row["label"] for row in kept(root)] == ["true", "false"]
    assert kept(root)[0]["time"] == datetime(2026, 5, 1)


def test_damaged_files(root: Path) -> None:
    """They are named, without a traceback."""
    for name, content in (("a.parquet", b"PAR1 no"), ("b.json", b"{nothing"), ("c.txt", b"x")):
        (root / name).write_bytes(content)
        done = analysis(root, "monitor", "labels", "late-flights", name)
        assert done.code == 2 and name in done.err and "Traceback" not in done.err, done
    done = analysis(root, "monitor", "labels", "late-flights", "gone.csv")
    assert done.code == 2 and "there is no file `gone.csv`" in done.err
    done = analysis(root, "monitor", "labels", "early-flights", "gone.csv")
    assert done.code == 2 and "early-flights" in done.err


def test_query_on_the_warehouse(root: Path) -> None:
    """It is read-only, and one SELECT."""
    query = "select range as id, range % 2 = 0 as late from range(1, 6) where range <> 4"
    none = analysis(root, "monitor", "labels", "late-flights", query)
    assert none.code == 2 and "analysis ingest" in none.err
    duckdb.connect(str(root / "data/warehouse.duckdb")).close()
    done = analysis(root, "monitor", "labels", "late-flights", query)
    assert counts(done.out) == {"read": 4, "matched": 3, "unmatched": 1, "late": 3}
    wrong = analysis(root, "monitor", "labels", "late-flights", "select nothing from nowhere")
    assert wrong.code == 2 and "nowhere" in wrong.err
    two = analysis(root, "monitor", "labels", "late-flights", "select 1; select 2")
    assert two.code == 2 and "one SELECT" in two.err


def test_personal_keys_are_hashed_as_in_the_log(root: Path) -> None:
    """What is kept does not have the value, and joins with what a server has logged."""
    fields = (KeyField("email", "VARCHAR", personal=True), KeyField("id", "BIGINT", personal=True))
    add_bundle(root, "people", key=fields)
    secret = project_secret(find_project(root))
    key = {"email": hashed(secret, "a@b.c"), "id": hashed(secret, 17)}
    segment = root / "data/predictions/people/20260501T100000-1-a.jsonl"
    write_segment(segment, [line("r1", 0, _AT, key=key, model="people")])
    done = labels(root, "email,id,label\na@b.c,17,true\nx@y.z,18,true\n", model="people")
    assert counts(done.out) == {"read": 2, "matched": 1, "unmatched": 1, "late": 1}
    assert json.loads(kept(root, "people")[0]["key"]) == key
    for path in (root / "data/labels/people").iterdir():
        assert b"a@b.c" not in path.read_bytes()


@pytest.mark.parametrize(
    ("task", "good", "bad"),
    [
        ("regression", "12.5", "inf"),
        ("regression", "-3", "late"),
        ("multiclass", "Gentoo", "gentoo"),
    ],
)
def test_other_tasks(root: Path, task: Any, good: str, bad: str) -> None:
    """Numbers, which are finite, and classes as they are called."""
    add_bundle(root, "other", task)
    done = labels(root, f"id,label\n1,{good}\n", model="other")
    assert done.code == 0, done
    assert kept(root, "other")[0]["label"] in (good, f"{float(good)}" if good[-1] in "35" else "")
    done = labels(root, f"id,label\n1,{bad}\n", model="other")
    assert done.code == 2 and f"`{bad}`" in done.err


def test_labels_of_nothing(root: Path) -> None:
    """A file that has no label (yet) adds none."""
    done = labels(root, "id,label\n1,\n")
    assert done.code == 0 and "nothing to keep" in done.out
    assert not (root / "data/labels").exists()
