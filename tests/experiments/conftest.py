"""A small project with rows enough to train on: parcels that come late or not."""

from __future__ import annotations

import random
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from analysis.errors import AnalysisError
from analysis.experiments.checking.check import Checked, check_experiment
from analysis.experiments.checking.described import describe
from analysis.experiments.checking.resolve import Resolved, resolve
from analysis.experiments.declared.file import Declared, read_experiment
from analysis.warehouse.ingest import ingest
from tests.warehouse.conftest import Folder, folder

__all__ = ["folder"]

SOURCES = """
sources:
  parcels:
    description: Parcels
    kind: csv
    path: data/raw/parcels.csv
    columns:
      id: INTEGER
      sent: TIMESTAMP
      shop: VARCHAR
      weight: DOUBLE
      express: BOOLEAN
      town: VARCHAR
      late: BOOLEAN
      size: VARCHAR
      hours: DOUBLE
"""
SAMPLE = """\
/* {key: id, available_at: sent, target: late} */
select id, sent, sent::date as day, shop, late, size, hours,
  case when id > 3 then late end as gaps, [late] as list, hours > -1 as always,
  if(id = 5, 'nan'::double, hours) as odd, late::int as number,
  if(shop = 'n', 'n', 'other') as shop2
from raw.parcels
"""
OTHERS = {
    "timeless": "/* {key: id, target: late} */ select * from samples.parcels",
    "aimless": "/* {key: id, available_at: sent} */ select * from samples.parcels",
    "nobody": "/* {key: id, target: late} */ select * from samples.parcels where id < 0",
}
PARCEL = """\
/* {key: id} */
select id, weight, express, town, sent::date as first_day from raw.parcels
"""
LOAD = """\
/* {key: day} */
select sent::date as day, count(*) as parcels from raw.parcels group by day
"""
EXPERIMENT = """\
question: Which parcels come late?
dataset:
  sample: parcels
  features: [parcel, load]
  leave_out: first_day
split: {by: day}
metrics: [roc_auc, brier]
preprocessing:
  category: {estimator: sklearn.preprocessing.OneHotEncoder, parameters: {handle_unknown: ignore}}
candidates:
  rate: sklearn.dummy.DummyClassifier
  logistic:
    estimator: sklearn.linear_model.LogisticRegression
    steps: sklearn.preprocessing.StandardScaler
    parameters: {C: 0.5}
"""


def rows(count: int = 240) -> str:
    """Write rows by chance, always the same: 40 days, four shops, a third of them late."""
    chance = random.Random(1)
    lines = ["id,sent,shop,weight,express,town,late,size,hours"]
    for number in range(count):
        sent = datetime(2026, 1, 1, 8) + timedelta(days=number % 40, minutes=chance.randrange(600))
        weight, express = chance.uniform(0.1, 30), chance.random() < 0.3
        hours = 20 + weight - 10 * express + chance.gauss(0, 6)
        size = "small" if weight < 5 else "medium" if weight < 20 else "large"
        cells = [number, sent, chance.choice("nesw"), f"{weight:.2f}", str(express).lower()]
        cells += [chance.choice(["Ulm", "Bonn", "Kiel"]), str(hours > 38).lower(), size]
        lines.append(",".join(map(str, [*cells, f"{hours:.2f}"])))
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="session")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the root of the project, with its warehouse; not to be changed."""
    folder = Folder(tmp_path_factory.mktemp("parcels") / "project")
    folder.write("data/sources.yml", SOURCES)
    folder.write("data/raw/parcels.csv", rows())
    folder.write("data/sql/samples/parcels.sql", SAMPLE)
    for name, sql in OTHERS.items():
        folder.write(f"data/sql/samples/{name}.sql", f"{sql}\n")
    folder.write("data/sql/features/parcel.sql", PARCEL)
    folder.write("data/sql/features/load.sql", LOAD)
    ingest(folder.project)
    return folder.root


@pytest.fixture
def parcels(ingested: Path, tmp_path: Path) -> Folder:
    """Give a project of one's own, with the experiment ``late``."""
    root = tmp_path / "project"
    shutil.copytree(ingested, root)
    folder = Folder(root)
    folder.write("data/experiments/late.yml", EXPERIMENT)
    return folder


def changed(folder: Folder, *changes: tuple[str, str]) -> Folder:
    """Replace parts of the experiment ``late``."""
    text = EXPERIMENT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    folder.write("data/experiments/late.yml", text)
    return folder


def read(folder: Folder, name: str = "late") -> Declared:
    """Read an experiment."""
    return read_experiment(folder.project, name)


def checked(folder: Folder) -> Checked:
    """Check the experiment ``late``."""
    return check_experiment(folder.project, read(folder))


def resolved(folder: Folder) -> Resolved:
    """Resolve the experiment ``late``."""
    found = checked(folder)
    return resolve(found, describe(folder.project, found.declared)[1])


def failed(folder: Folder) -> AnalysisError:
    """Give the error of checking the experiment ``late``."""
    with pytest.raises(AnalysisError) as caught:
        checked(folder)
    return caught.value


def error_of(folder: Folder) -> AnalysisError:
    """Give the error of resolving the experiment ``late``."""
    with pytest.raises(AnalysisError) as caught:
        resolved(folder)
    return caught.value
