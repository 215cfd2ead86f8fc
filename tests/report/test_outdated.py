"""What the page of an experiment says when its data changed and nothing was run again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.project.project import mark_of_yaml
from analysis.report.experiments.outdated import outdated
from analysis.warehouse.ingest import ingest
from tests.helpers.runs import write_experiment, write_run
from tests.warehouse.conftest import Folder, folder

__all__ = ["folder"]

SOURCES = """
sources:
  shops:
    description: Shops
    kind: csv
    path: data/raw/shops.csv
    columns: {shop: VARCHAR}
"""
SAMPLE = "/* {key: day, target: late} */\nselect 1 as day, true as late, 7 as other"


def test_data_that_changed_since_the_runs(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader is told; a column that no run was trained on does not count."""
    monkeypatch.chdir(folder.root)
    sample = "data/sql/samples/days.sql"
    folder.write(sample, SAMPLE)
    folder.write("data/sources.yml", SOURCES)
    folder.write("data/raw/shops.csv", "shop\nn\n")
    ingest(folder.project)
    run = write_run(folder.root, "first")
    data = replace(run.data, sample="samples.days", target="late", key=("day",), features={})
    write_experiment(folder.root, "first", [write_run(folder.root, "first", data=data)])
    assert outdated("first") is None
    folder.write(sample, SAMPLE.replace("7", "8"))
    ingest(folder.project)
    assert outdated("first") is None
    folder.write(sample, SAMPLE.replace("true", "false"))
    ingest(folder.project)
    told = str(outdated("first"))
    assert "samples.days.late" in told
    assert "analysis experiment run first" in told


def test_a_declaration_that_changed_since_the_runs(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Comments say nothing; runs of before it was written down do not tell."""
    monkeypatch.chdir(folder.root)
    file = "data/experiments/first.yml"
    text = "question: Why?\ncandidates: {b: two, a: one}\n"
    folder.write(file, text)
    run = write_run(folder.root, "first")
    write_experiment(folder.root, "first", [run])
    assert outdated("first") is None
    mark = mark_of_yaml(folder.project, file)
    write_experiment(folder.root, "first", [run], declaration=mark)
    folder.write(file, f"# because\n\n{text}")
    assert outdated("first") is None
    for other in (text.replace("Why", "How"), text.replace("b: two, a: one", "a: one, b: two")):
        folder.write(file, other)
        told = str(outdated("first"))
        assert "The declaration changed" in told and "analysis experiment run first" in told
