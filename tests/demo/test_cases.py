"""The cases of the demo's views pass, and what is said of columns is said of all."""

from __future__ import annotations

import pytest

from analysis.project import open_project
from analysis.warehouse.views.bench import Declared, read_declared
from analysis.warehouse.views.cases import case_files, read_cases
from analysis.warehouse.views.testing import run_case
from tests.demo.conftest import ROOT

FILES = case_files(open_project(ROOT))


@pytest.fixture(scope="module")
def declared() -> Declared:
    """Read what the demo declares."""
    return read_declared(open_project(ROOT))


@pytest.mark.parametrize("view", FILES)
def test_cases_pass(declared: Declared, view: str) -> None:
    cases = read_cases(ROOT, FILES[view], declared.views)
    assert [o.failure for o in (run_case(c, declared) for c in cases) if o.failure] == []
