"""Reading what is told of the relations, and following what they read."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from analysis.lineage.relations import Relation, expand, read_relations
from analysis.project import Project, open_project

WEATHER = {
    "fingerprint": "0f",
    "columns": {"temp": "01234567"},
    "reads": ["raw.weather"],
    "kind": "view",
    "by": "content",
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Give an empty project."""
    (tmp_path / "_quarto.yml").write_text("project: {type: website}\n")
    (tmp_path / "data").mkdir()
    return open_project(tmp_path)


def write(project: Project, content: object) -> None:
    """Write the record beside the warehouse."""
    (project.root / "data" / "warehouse.json").write_text(json.dumps(content))


def test_relation_is_read(project: Project) -> None:
    write(project, {"relations": {"features.weather": WEATHER}, "other": 1})
    assert read_relations(project) == {
        "features.weather": Relation(
            name="features.weather",
            fingerprint="0f",
            columns={"temp": "01234567"},
            reads=("raw.weather",),
            kind="view",
            by="content",
        )
    }


@pytest.mark.parametrize(
    "content",
    [
        *({}, [], None, {"relations": None}, {"relations": []}, {"relations": {"a.b": None}}),
        {"relations": {"a.b": {**WEATHER, "columns": 1}}},
        {"relations": {"a.b": {k: v for k, v in WEATHER.items() if k != "reads"}}},
    ],
)
def test_damaged_record_tells_of_nothing(project: Project, content: object) -> None:
    write(project, content)
    assert read_relations(project) == {}


@pytest.mark.parametrize("content", [b"", b'{"relations": {', b"\xff\xfe", b"<<<<<<< HEAD\n{}"])
def test_broken_record_tells_of_nothing(project: Project, content: bytes) -> None:
    (project.root / "data" / "warehouse.json").write_bytes(content)
    assert read_relations(project) == {}


def test_missing_record_tells_of_nothing(project: Project) -> None:
    assert read_relations(project) == {}


def graph(**reads: str) -> Mapping[str, Relation]:
    """Make relations of one letter that read those of other letters."""
    return {n: Relation(n, "", {}, tuple(names), "view", "content") for n, names in reads.items()}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a", "bcde"), ("b", "de"), ("c", "d"), ("d", ""), ("e", ""), ("unknown", "")],
)
def test_expand_gives_all_that_is_read(name: str, expected: str) -> None:
    assert expand(graph(a="cb", b="de", c="d", d=""), name) == tuple(expected)


def test_expand_ends_on_a_circle() -> None:
    assert expand(graph(a="b", b="a"), "a") == ("a", "b")


def test_reading_needs_no_heavy_library() -> None:
    script = (
        "import sys; import analysis.lineage.relations; "
        "print(sorted({'duckdb', 'pandas', 'pydantic', 'yaml'} & set(sys.modules)))"
    )
    assert subprocess.check_output([sys.executable, "-c", script]).split() == [b"[]"]
