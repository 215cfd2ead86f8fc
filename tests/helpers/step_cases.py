"""Fitted transformers with many options, and rows for them."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from sklearn.compose import ColumnTransformer, make_column_selector, make_column_transformer
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.feature_selection import SelectFromModel, SelectKBest, VarianceThreshold
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import (
    Binarizer,
    FunctionTransformer,
    KBinsDiscretizer,
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    PowerTransformer,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
    TargetEncoder,
)

from analysis.models.predicting.predictor import frame_of
from tests.helpers.prediction_sql import plain_field

NAN = float("nan")
CATEGORIES = (
    "",
    "AA",
    "it's",
    'say "hi"',
    "ö/日本",
    "line\nbreak",
    "back\\slash",
    "rare",
    "select",
)
NUMBERS = (plain_field("a number"), plain_field('Quoted"'), plain_field("select"))
TEXTS = (plain_field("Carrier", "category", CATEGORIES), plain_field("to", "category", CATEGORIES))
BOTH = (*NUMBERS, *TEXTS)
ROWS = 200


def draw_numbers(seed: int, *, whole: bool = False) -> dict[str, list[Any]]:
    """Draw columns of numbers, as they come or without missing values."""
    draw = np.random.default_rng(seed)
    columns = [
        np.round(draw.normal(2, 3, ROWS), 2),
        draw.exponential(10, ROWS),
        draw.integers(-3, 4, ROWS).astype(float),
    ]
    if not whole:
        columns = [np.where(draw.random(ROWS) < 0.15, np.nan, values) for values in columns]
    return {
        field.name: [None if np.isnan(v) else float(v) for v in values]
        for field, values in zip(NUMBERS, columns, strict=True)
    }


def draw_texts(seed: int, *, whole: bool = False) -> dict[str, list[Any]]:
    """Draw columns of categories."""
    draw = np.random.default_rng(seed)
    shares = np.array([10, 40, 10, 10, 10, 5, 5, 2, 8]) / 100
    columns = {field.name: draw.choice(CATEGORIES, ROWS, p=shares).tolist() for field in TEXTS}
    if not whole:
        for values in columns.values():
            for place in np.flatnonzero(draw.random(ROWS) < 0.1):
                values[place] = None
    return columns


TARGET = np.random.default_rng(9).integers(0, 3, ROWS)


def with_edges(step: Any, columns: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Add values that are new or missing, or lie on and next to what the step has learnt."""
    extra: list[float] = [0.0, -1.0, 1.0, 1e6, -1e6, 1e-9]
    for part in (step, *(one for _, one in getattr(step, "steps", ()))):
        for learnt in ("bin_edges_", "quantiles_", "categories_"):
            for values in getattr(part, learnt, ()):
                if np.asarray(values).dtype.kind == "f":
                    known = np.ravel(values)[:20]
                    extra += [*known, *np.nextafter(known, -np.inf), *np.nextafter(known, np.inf)]
    # PostgreSQL takes it for an error where a product is too near to nought.
    normal = (float(v) for v in extra if np.isfinite(v) and not 0 < abs(v) < 1e-300)
    numbers = [None, *normal]
    texts = [None, "unseen", "aa", "AA ", "NULL", *CATEGORIES]
    size = max(len(numbers), len(texts))
    more: dict[str, list[Any]] = {}
    for shift, (name, values) in enumerate(columns.items()):
        kind = next(field.type for field in BOTH if field.name == name)
        given = numbers if kind == "number" else texts
        filled = [given[(place + 5 * shift) % len(given)] for place in range(size)]
        more[name] = [*values, *filled]
    return more


def fit_step(step: Any, fields: Any, columns: dict[str, list[Any]]) -> Any:
    """Fit a transformer on columns."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return step.fit(frame_of(fields, columns), TARGET)


# Those that are on rows without missing values are refused in training otherwise.
OF_NUMBERS: dict[str, tuple[Any, bool]] = {
    "mean": (SimpleImputer(), False),
    "median": (SimpleImputer(strategy="median", add_indicator=True), False),
    "most frequent": (SimpleImputer(strategy="most_frequent"), False),
    "constant": (SimpleImputer(strategy="constant", fill_value=-7.5), False),
    "no nought": (SimpleImputer(missing_values=0.0, add_indicator=True), True),
    "indicator": (MissingIndicator(), False),
    "indicator of all": (MissingIndicator(features="all"), True),
    "standard": (StandardScaler(), False),
    "standard, mean": (StandardScaler(with_std=False), False),
    "standard, deviation": (StandardScaler(with_mean=False), False),
    "standard, nothing": (StandardScaler(with_mean=False, with_std=False), False),
    "min max": (MinMaxScaler((-2, 3)), False),
    "min max clipped": (MinMaxScaler(clip=True), False),
    "max abs": (MaxAbsScaler(), False),
    "max abs clipped": (MaxAbsScaler(clip=True), False),
    "robust": (RobustScaler(), False),
    "robust, unit": (RobustScaler(unit_variance=True, with_centering=False), False),
    "robust, centre": (RobustScaler(with_scaling=False), False),
    "l1": (Normalizer("l1"), True),
    "l2": (Normalizer("l2"), True),
    "max": (Normalizer("max"), True),
    "bins": (KBinsDiscretizer(5, encode="ordinal", quantile_method="averaged_inverted_cdf"), True),
    "uniform bins": (KBinsDiscretizer(4, encode="onehot-dense", strategy="uniform"), True),
    "bins by k-means": (KBinsDiscretizer(4, encode="onehot", strategy="kmeans"), True),
    "binary": (Binarizer(threshold=1.5), True),
    "polynomial": (PolynomialFeatures(3), True),
    "interactions": (PolynomialFeatures(2, interaction_only=True, include_bias=False), True),
    "as it is": (FunctionTransformer(), False),
    "log1p": (FunctionTransformer(np.log1p), False),
    "log": (FunctionTransformer(np.log), False),
    "log10": (FunctionTransformer(np.log10), False),
    "expm1": (FunctionTransformer(np.expm1), False),
    "sqrt": (FunctionTransformer(np.sqrt), False),
    "square": (FunctionTransformer(np.square), False),
    "reciprocal": (FunctionTransformer(np.reciprocal, validate=True), True),
    "yeo-johnson": (PowerTransformer(), False),
    "yeo-johnson, as it is": (PowerTransformer(standardize=False), False),
    "quantiles": (QuantileTransformer(n_quantiles=20), False),
    "more quantiles": (QuantileTransformer(n_quantiles=200), False),
    "pca": (PCA(2), True),
    "whitened": (PCA(whiten=True), True),
    "svd": (TruncatedSVD(2, random_state=1), True),
    "variance": (VarianceThreshold(10.0), False),
    "best": (SelectKBest(k=2), True),
    "from model": (SelectFromModel(LogisticRegression(max_iter=1000)), True),
    "one-hot of numbers": (
        make_pipeline(
            ColumnTransformer([("x", OneHotEncoder(handle_unknown="ignore"), ["select"])])
        ),
        False,
    ),
    "union": (
        FeatureUnion(
            [("one", StandardScaler()), ("two", SimpleImputer()), ("no", "drop")],
            transformer_weights={"one": 2.5},
        ),
        False,
    ),
    "several": (
        make_pipeline(SimpleImputer(), PolynomialFeatures(2), StandardScaler(), PCA(3)),
        False,
    ),
    "imputed and binned": (
        make_pipeline(
            SimpleImputer(), KBinsDiscretizer(3, quantile_method="averaged_inverted_cdf")
        ),
        False,
    ),
}
OF_TEXTS: dict[str, tuple[Any, bool]] = {
    "most frequent": (SimpleImputer(strategy="most_frequent"), False),
    "constant": (SimpleImputer(strategy="constant"), False),
    "one-hot": (OneHotEncoder(), True),
    "one-hot, missing known": (OneHotEncoder(), False),
    "ignore": (OneHotEncoder(handle_unknown="ignore", sparse_output=False), True),
    "ignore, missing known": (OneHotEncoder(handle_unknown="ignore"), False),
    "infrequent": (OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=15), False),
    "infrequent, ignored": (OneHotEncoder(handle_unknown="ignore", min_frequency=15), False),
    "infrequent, error": (OneHotEncoder(min_frequency=0.06), True),
    "infrequent, none": (
        OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=1),
        True,
    ),
    "warn": (OneHotEncoder(handle_unknown="warn", max_categories=4), False),
    "at most one": (OneHotEncoder(handle_unknown="warn", max_categories=1), False),
    "drop first": (OneHotEncoder(drop="first"), True),
    "drop first, ignore": (OneHotEncoder(drop="first", handle_unknown="ignore"), False),
    "drop binary": (OneHotEncoder(drop="if_binary", handle_unknown="ignore"), False),
    "drop these": (OneHotEncoder(drop=np.array(["AA", "it's"], dtype=object)), True),
    "drop, infrequent": (
        OneHotEncoder(drop="first", handle_unknown="infrequent_if_exist", min_frequency=15),
        False,
    ),
    "given": (
        OneHotEncoder(categories=[["AA", "it's", "never"]] * 2, handle_unknown="ignore"),
        False,
    ),
    "ordinal": (OrdinalEncoder(), True),
    "ordinal, missing known": (OrdinalEncoder(), False),
    "ordinal, unknown": (
        OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1),
        True,
    ),
    "ordinal, both": (
        OrdinalEncoder(
            handle_unknown="use_encoded_value", unknown_value=NAN, encoded_missing_value=-2
        ),
        False,
    ),
    "ordinal, infrequent": (
        OrdinalEncoder(
            handle_unknown="use_encoded_value",
            unknown_value=-1,
            encoded_missing_value=-5,
            min_frequency=15,
        ),
        False,
    ),
    "ordinal, at most": (OrdinalEncoder(max_categories=3), True),
    "target": (TargetEncoder(target_type="continuous"), False),
    "target of classes": (TargetEncoder(target_type="multiclass"), True),
    "imputed": (
        make_pipeline(
            SimpleImputer(strategy="most_frequent"),
            OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=10),
        ),
        False,
    ),
    "as they are": (FunctionTransformer(), False),
}


_IMPUTED = make_pipeline(SimpleImputer(), StandardScaler())
_ENCODED = make_pipeline(
    SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")
)
_FIRST = NUMBERS[0].name
OF_COLUMNS: dict[str, Any] = {
    "by name": make_column_transformer(
        (_ENCODED, ["to", "Carrier"]), (_IMPUTED, ["select", _FIRST]), remainder="drop"
    ),
    "by place": make_column_transformer(
        (_ENCODED, [4, 3]), (_IMPUTED, slice(0, 2)), remainder=StandardScaler()
    ),
    "by mask": make_column_transformer(
        (_IMPUTED, [True, False, True, False, False]), ("drop", [3]), remainder="passthrough"
    ),
    "by type": make_column_transformer(
        (_IMPUTED, make_column_selector(dtype_include="number")),
        (OrdinalEncoder(), make_column_selector(dtype_include="category")),
    ),
    "one column": make_column_transformer(("passthrough", ["select"]), (_ENCODED, ["to"])),
    "weighted": ColumnTransformer(
        [("a", _IMPUTED, [0, 1]), ("b", _ENCODED, [3]), ("none", StandardScaler(), [])],
        transformer_weights={"a": 0.5},
    ),
    "pandas": make_column_transformer(
        (_IMPUTED, [_FIRST]), ("passthrough", ["Carrier", "select"])
    ).set_output(transform="pandas"),
    "twice": make_pipeline(
        make_column_transformer(
            (_IMPUTED, [0]),
            (OrdinalEncoder(encoded_missing_value=-2), [3]),
            remainder="drop",
            sparse_threshold=0,
        ),
        make_column_transformer((StandardScaler(), [1]), remainder="passthrough"),
        PolynomialFeatures(2),
    ),
}
