"""What does not fit the rows that the warehouse has is told with its line."""

from __future__ import annotations

import pytest

from tests.experiments.conftest import changed, error_of
from tests.experiments.test_mistakes import LOGISTIC, SPLIT
from tests.experiments.test_resolving import REGRESSION, SIZES
from tests.warehouse.conftest import Folder

ERRORS: list[tuple[tuple[tuple[str, str], ...], int, str, str | None]] = [
    (
        (("sample: parcels", "sample: parcel"),),
        3,
        "there is no view `samples.parcel`",
        "samples.parcels",
    ),
    (
        (("[parcel, load]", "[parcel, laod]"),),
        4,
        "there is no view `features.laod`",
        "features.load",
    ),
    (
        (("[parcel, load]", "\n    - parcel\n    - lod"),),
        6,
        "there is no view `features.lod`",
        None,
    ),
    (
        (("  leave_out", "  target: lat\n  leave_out"),),
        5,
        "has no column `lat`",
        "did you mean `late`?",
    ),
    (
        (("sample: parcels", "sample: aimless"),),
        2,
        "samples.aimless names a target",
        "add `target:`",
    ),
    (
        (("  leave_out", "  target: gaps\n  leave_out"),),
        5,
        "`gaps` has no value in 4 of 240 rows",
        "leave",
    ),
    (
        (("  leave_out", "  target: list\n  leave_out"),),
        5,
        "type BOOLEAN[], which has no classes",
        "cast",
    ),
    (
        (("  leave_out", "  target: hours\n  leave_out"),),
        5,
        "type DOUBLE, which has no classes",
        "regressors",
    ),
    (
        (("  leave_out", "  target: sent\n  leave_out"),),
        5,
        "type TIMESTAMP, which has no classes",
        None,
    ),
    (
        (("  leave_out", "  target: always\n  leave_out"),),
        5,
        "`always` is `true` in all rows",
        "other rows",
    ),
    (
        (("  leave_out", "  target: id\n  leave_out"),),
        5,
        "more than 100 different values",
        "fewer classes",
    ),
    ((("sample: parcels", "sample: nobody"),), 3, "samples.nobody has no rows", None),
    (
        (("  leave_out", "  target: town\n  positive: Rom\n  leave_out"),),
        6,
        "of 3 classes none is the positive one",
        "leave `positive` out",
    ),
    (
        (("  leave_out", "  positive: 'yes'\n  leave_out"),),
        5,
        "has no class `yes`, but `false`, `true`",
        None,
    ),
    (
        (("  leave_out", "  target: shop2\n  leave_out"),),
        2,
        "The target has `n`, `other`",
        "add `positive:`",
    ),
    ((*REGRESSION, ("  leave_out", "  positive: 1\n  leave_out")), 6, "no positive class", "leave"),
    (
        (*REGRESSION, ("target: hours", "target: late")),
        4,
        "type BOOLEAN, and no number",
        "classifiers",
    ),
    (
        (*REGRESSION, ("target: hours", "target: odd")),
        4,
        "not a finite number in 1 of 240 rows",
        "leave these",
    ),
    (
        (*SIZES, ("log_loss", "[log_loss, calibration_slope]")),
        8,
        "`calibration_slope` is no metric of a multiclass task",
        None,
    ),
    ((("leave_out: first_day", "leave_out: first"),), 5, "no features `first`", None),
    (
        (("leave_out: first_day", "leave_out: lod.first_day"),),
        5,
        "no features `lod.first_day`",
        "parcel.first",
    ),
    (
        (("  leave_out: first_day\n", ""),),
        4,
        "`parcel.first_day` is of type DATE",
        "leave_out: parcel.fir",
    ),
    ((("[parcel, load]", "load"), ("first_day", "load")), 5, "has no features `load`", None),
    (
        (("[parcel, load]", "load"), ("first_day", "load.parcels")),
        5,
        "no column is left",
        "other feature",
    ),
    (
        ((LOGISTIC, "    features: [parcel, shop]\n"),),
        15,
        "has no features `shop`",
        "name one of its",
    ),
    (
        ((LOGISTIC, "    features:\n      - parcel.wieght\n"),),
        16,
        "`parcel.wieght`",
        "`parcel.weight`?",
    ),
    (((LOGISTIC, "    features: wieght\n"),), 15, "has no features `wieght`", None),
    (((LOGISTIC, "    features: shop\n"),), 15, "has no features `shop`", None),
    ((("leave_out:", "columns: [late]\n  leave_out:"),), 5, "`late` is the target", "leave it out"),
    ((("leave_out:", "columns: [shp]\n  leave_out:"),), 5, "no features `shp`", "`shop`?"),
    ((("leave_out:", "columns: [weight]\n  leave_out:"),), 5, "no features `weight`", None),
    (((LOGISTIC, "    features: parcel.first_day\n"),), 15, "`parcel.first_day`", None),
    (((SPLIT, "split: {group: shp}"),), 6, "has no column `shp`", "did you mean `shop`?"),
    (((SPLIT, "split: {group: list}"),), 6, "`list` is of type BOOLEAN[], rows cannot be", "text"),
    (
        ((SPLIT, "split: {by: day, of: shop}"),),
        6,
        "`shop` is of type VARCHAR, which has no days",
        "time",
    ),
    (
        ((SPLIT, "split: {by: hour, of: day}"),),
        6,
        "`day` is of type DATE, which has no hours",
        "by: day",
    ),
    (
        ((SPLIT, "split:\n  forward: shop"),),
        6,
        "`shop` is of type VARCHAR, which is no order",
        "number",
    ),
    (
        (("sample: parcels", "sample: timeless"),),
        6,
        "the rows of samples.timeless have no time, of which to take the day",
        "`available_at:`",
    ),
    (((SPLIT, f"{SPLIT}\nblocks: shp"),), 7, "has no column `shp`", "`shop`?"),
    (((SPLIT, f"{SPLIT}\nblocks: list"),), 7, "`list` is of type BOOLEAN[]", None),
    (((SPLIT, f"{SPLIT}\nblocks: sent"),), 7, "nearly each time would be a block", "`blocks: day`"),
    (
        (("sample: parcels", "sample: timeless"), (SPLIT, "split: random\nblocks: week")),
        7,
        "have no time, of which to take the week",
        None,
    ),
    (
        ((SPLIT, f"{SPLIT}\nhonesty:\n  splits:\n    - group: shp"),),
        9,
        "no column `shp`",
        "`shop`?",
    ),
    (
        (("steps: sklearn.preprocessing.StandardScaler", "preprocessing: {category: []}"),),
        12,
        "`logistic` takes numbers only, but `town` is a category",
        "sklearn.preprocessing.OneHotEncoder",
    ),
]


@pytest.mark.parametrize(("changes", "line", "what", "hint"), ERRORS)
def test_what_does_not_fit_the_data(
    parcels: Folder, changes: tuple[tuple[str, str], ...], line: int, what: str, hint: str | None
) -> None:
    error = error_of(changed(parcels, *changes))
    assert what in error.what
    assert str(error.where) == f"data/experiments/late.yml:{line}"
    assert hint is None or hint in (error.hint or "")
