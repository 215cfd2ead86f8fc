"""Reading results of the warehouse."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import analysis
from analysis.errors import ProjectError


def test_parameters_fill_their_places(warehouse: Callable[[str], None]) -> None:
    warehouse("create table visits as select unnest([3, 5, 8]) as minutes")
    found = analysis.query("select * from visits where minutes > $least order by 1", least=4)
    assert found.minutes.tolist() == [5, 8]


def test_a_row_has_its_columns_as_attributes(warehouse: Callable[[str], None]) -> None:
    warehouse("create table visits as select unnest([3, 5]) as minutes")
    total = analysis.row("select count(*) as visits, sum(minutes) as minutes from visits")
    assert (total.visits, total.minutes) == (2, 8)


@pytest.mark.parametrize(("least", "what"), [(9, "no row"), (0, "more than one row")])
def test_a_row_is_exactly_one(warehouse: Callable[[str], None], least: int, what: str) -> None:
    warehouse("create table visits as select unnest([3, 5]) as minutes")
    with pytest.raises(ProjectError, match=what):
        analysis.row("select * from visits where minutes > $least", least=least)
