"""All numbers of a model, from real tables of counts: values, intervals, references and notes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from analysis.errors import ProjectError
from analysis.monitoring.declared.record import Monitor
from analysis.monitoring.measuring.ledger import ledger
from analysis.monitoring.measuring.measure import measure
from analysis.monitoring.measuring.opened import measure_model
from analysis.monitoring.measuring.periods import begin_of, finish_of, name_of
from analysis.monitoring.stored.measured import measured_file, read_measured, write_measured
from analysis.monitoring.stored.places import monitoring_folder
from analysis.monitoring.stored.record import Measurement
from analysis.project import Project, find_project
from tests.helpers.monitored import MODEL, count, random_rows, write_counts
from tests.helpers.projects import write_project
from tests.monitoring.measured_rows import (
    MONITOR,
    all_rows,
    measured_of,
    one_of,
    open_counts,
    training_rows,
)


@pytest.fixture(scope="module")
def measured() -> tuple[Measurement, ...]:
    return measured_of(all_rows())


def test_performance_has_an_interval_and_the_training_as_reference(
    measured: tuple[Measurement, ...],
) -> None:
    one = one_of(measured, "auc", "2013-08", version="v1", arm="champion")
    training = training_rows()
    rows = random_rows(9000, seed=2, days=90)
    rows = rows[(rows.day >= "2013-08-01") & (rows.day < "2013-09-01") & rows.label.notna()]

    assert one.value == pytest.approx(roc_auc_score(rows.label, rows.score), abs=2e-3)
    assert one.reference == pytest.approx(roc_auc_score(training.label, training.score), abs=2e-3)
    assert one.value is not None
    assert one.low is not None
    assert one.high is not None
    assert one.low < one.value < one.high
    assert one.high - one.low < 0.12
    assert (one.begin, one.finish) == (date(2013, 8, 1), date(2013, 9, 1))
    assert one.note is None


def test_all_versions_together_are_without_shadows(measured: tuple[Measurement, ...]) -> None:
    whole = one_of(measured, "rows", "2013-08")
    parts = [
        one_of(measured, "rows", "2013-08", version=version, arm=arm).value
        for version, arm in (("v1", "champion"), ("v2", "challenger"))
    ]
    assert whole.value == sum(value or 0 for value in parts)
    both = one_of(measured, "brier", "2013-08")
    alone = one_of(measured, "brier", "2013-08", version="v1", arm="champion")
    assert (both.low, both.high) != (alone.low, alone.high)
    assert both.reference == alone.reference


def test_one_group_alone_is_the_whole(measured: tuple[Measurement, ...]) -> None:
    both = one_of(measured, "brier", "2013-07")
    alone = one_of(measured, "brier", "2013-07", version="v1", arm="champion")
    assert replace(both, version="v1", arm="champion", note=None) == replace(alone, note=None)


def test_segments_and_the_curve_have_intervals(measured: tuple[Measurement, ...]) -> None:
    segment = one_of(measured, "observed_expected", "2013-07", of="segment:carrier", part="AA")
    assert segment.low is not None
    assert segment.value is not None
    assert segment.low < segment.value < (segment.high or 0)


def test_a_segment_that_stands_out_is_told() -> None:
    rows = random_rows(9000, seed=2, days=31, labelled=1)
    wrong = (rows["segment:carrier"] == "UA") & (np.arange(len(rows)) % 3 == 0)
    rows.loc[wrong, "label"] = 1.0
    found = measured_of(rows)

    told = [
        one_of(found, "observed_expected", "2013-07", of="segment:carrier", part=part).note or ""
        for part in ("AA", "UA")
    ]
    assert all("stands out from all rows" in note and "2 parts looked at" in note for note in told)
    calm = measured_of(random_rows(9000, seed=2, days=31))
    assert not [one for one in calm if one.note and "stands out" in one.note]


def test_challengers_are_compared_with_the_champion(measured: tuple[Measurement, ...]) -> None:
    for version, arm in (("v2", "challenger"), ("v3", "shadow")):
        gap = one_of(measured, "ab_difference", "2013-08", version=version, arm=arm, of="brier")
        own = one_of(measured, "brier", "2013-08", version=version, arm=arm)
        champion = one_of(measured, "brier", "2013-08", version="v1", arm="champion")

        assert gap.reference == pytest.approx(champion.value)
        assert own.value is not None
        assert gap.value == pytest.approx(own.value - (champion.value or 0))
        assert gap.low is not None
        assert gap.low < gap.value < (gap.high or 0)
        better = one_of(measured, "ab_better", "2013-08", version=version, arm=arm, of="brier")
        assert 0 < (better.value or 0) < 1
        needed = one_of(measured, "ab_needed", "2013-08", version=version, arm=arm, of="brier")
        assert (needed.value or 0) >= 0
    later = one_of(measured, "ab_difference", "2013-09", version="v2", arm="challenger", of="brier")
    assert later.rows > gap.rows
    assert "from 2013-08-01 on" in (later.note or "")


def test_few_days_have_no_interval_but_a_note() -> None:
    one = one_of(measured_of(random_rows(900, days=3)), "brier", "2013-07")
    assert one.value is not None
    assert (one.low, one.high) == (None, None)
    assert "less than 5 days" in (one.note or "")


def test_without_labels_performance_is_not_defined_and_says_why() -> None:
    found = measured_of(random_rows(900, days=31, labelled=0))
    one = one_of(found, "auc", "2013-07")
    assert (one.value, one.low, one.high) == (None, None, None)
    assert one.note == "no labels yet"
    assert one_of(found, "coverage", "2013-07").value == 0


def test_one_class_only_says_so() -> None:
    rows = random_rows(900, days=31)
    found = measured_of(rows.assign(label=rows.label.where(rows.label.isna(), 0.0)))
    assert (one_of(found, "auc", "2013-07").note or "").startswith(
        "what came true is one class only"
    )
    assert one_of(found, "base_rate", "2013-07").value == 0


def test_a_version_that_is_gone_is_told_of(measured: tuple[Measurement, ...]) -> None:
    one = one_of(measured, "rows", "2013-07", version="v1", arm="champion")
    assert one.note == "version v1 is no longer in the registry"


def test_nothing_at_all() -> None:
    with open_counts(count(random_rows(10))) as con:
        assert measure(con, Monitor("another"), {}) == ()


def test_a_row_on_one_day_and_training_of_one_day() -> None:
    rows = pd.concat([random_rows(1, days=1), random_rows(5, days=1, origin="training", arm=None)])
    found = measured_of(rows)
    assert one_of(found, "rows", "2013-07").value == 1


def test_measuring_twice_gives_the_same(measured: tuple[Measurement, ...]) -> None:
    assert measured_of(all_rows()) == measured


@pytest.mark.parametrize("period", ["day", "week", "month", "quarter"])
def test_periods_are_those_of_duckdb(period: str) -> None:
    days = [date.fromordinal(date(2012, 12, 20).toordinal() + step) for step in range(0, 500, 3)]
    for day in days:
        begin, finish = duckdb.execute(
            f"select date_trunc('{period}', ?::date)::date, "
            f"(date_trunc('{period}', ?::date) + interval 1 {period})::date",
            [day, day],
        ).fetchall()[0]
        assert begin_of(day, period) == begin  # type: ignore[arg-type]
        assert finish_of(begin, period) == finish  # type: ignore[arg-type]


def test_names_of_periods() -> None:
    names = [name_of(date(2013, 9, 30), period) for period in ("day", "week", "month", "quarter")]
    assert names == ["2013-09-30", "2013-W40", "2013-09", "2013-Q3"]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return find_project(write_project(tmp_path, {"_quarto.yml": "project: {type: website}\n"}))


def test_what_is_written_is_read_and_not_written_again(
    measured: tuple[Measurement, ...], project: Project
) -> None:
    assert read_measured(project, MODEL) == ()
    assert write_measured(project, MODEL, measured)
    before = measured_file(project, MODEL).stat().st_mtime_ns
    assert not write_measured(project, MODEL, reversed(measured))
    assert measured_file(project, MODEL).stat().st_mtime_ns == before
    assert set(read_measured(project, MODEL)) == set(measured)
    assert write_measured(project, MODEL, measured[1:])
    assert [path.name for path in measured_file(project, MODEL).parent.iterdir()] == [
        "measured.parquet"
    ]


def test_a_damaged_file_is_an_error_and_is_written_anew(project: Project) -> None:
    path = measured_file(project, MODEL)
    path.parent.mkdir(parents=True)
    path.write_text("torn")
    with pytest.raises(ProjectError, match=r"measured\.parquet cannot be read"):
        read_measured(project, MODEL)
    assert write_measured(project, MODEL, ())
    assert read_measured(project, MODEL) == ()


def test_counts_on_disk_are_measured(measured: tuple[Measurement, ...], project: Project) -> None:
    write_counts(project.root, count(all_rows()))
    assert measure_model(project, {}, MONITOR) == measured
    assert measure_model(project, {}, Monitor("another")) == ()


def test_counts_that_are_damaged_are_an_error(project: Project) -> None:
    write_counts(project.root, count(random_rows(10)))
    (monitoring_folder(project, MODEL) / "cells/torn.parquet").write_text("torn")
    with pytest.raises(ProjectError, match="what was counted of late-flights cannot be read"):
        measure_model(project, {}, MONITOR)


def test_the_ledger_puts_estimates_beside_what_came_true(
    measured: tuple[Measurement, ...],
) -> None:
    true = one_of(measured, "brier", "2013-08")
    estimate = replace(true, metric="estimated_brier", low=0.0, high=0.001)
    never = replace(estimate, metric="estimated_recall")
    first, second = ledger([true, estimate, never])

    assert (first.came_true, first.inside) == (true, False)
    assert first.covered == pytest.approx(0.8, abs=0.03)
    assert (second.came_true, second.inside) == (None, None)


def test_every_value_lies_in_its_interval(measured: tuple[Measurement, ...]) -> None:
    told = [one for one in measured if one.low is not None]
    assert {one.metric for one in told} >= {
        *("auc", "average_precision", "brier", "log_loss", "accuracy", "recall", "precision"),
        *("base_rate", "observed_expected", "calibration_slope", "calibration_intercept"),
        *("calibration_observed", "estimated_auc", "estimated_brier", "estimated_recall"),
        "ab_difference",
    }
    for one in told:
        assert one.value is not None
        assert one.high is not None
        assert (one.low or 0) - 1e-9 <= one.value <= one.high + 1e-9, one


def test_the_ledger_of_a_calibrated_model_mostly_holds() -> None:
    found = measured_of(pd.concat([training_rows(), random_rows(9000, seed=5, days=92)]))
    entries = [one for one in ledger(found) if one.estimate.version]
    assert len(entries) >= 3 * 7
    assert np.mean([bool(one.inside) for one in entries]) >= 0.75
    assert all(one.estimate.reference is not None for one in entries)
