"""Numbers of runs that are made up: metrics with intervals, folds, curves, replicates."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analysis.experiments.runs.record import (
    Best,
    BlockRecord,
    Curve,
    DataRecord,
    FileRecord,
    FoldRecord,
    MetricValue,
    Origin,
    Seconds,
    Task,
)

if TYPE_CHECKING:
    from tests.helpers.run_families import Setting

DRAWS = 200
ROWS = 9_000
_QUALITY = {"Dummy": 0.0, "Logistic": 0.4, "Ridge": 0.4, "Forest": 0.55, "Boosting": 0.65}


@dataclass(frozen=True)
class Metric:
    """A metric, and what it is for a model between worthless (0) and perfect (1)."""

    name: str
    best: Best
    at: Callable[[float], float]
    spread: float


_METRICS: dict[Task, tuple[Metric, ...]] = {
    "binary": (
        Metric("roc_auc", "high", lambda q: 0.5 + 0.4 * q, 0.02),
        Metric("brier", "low", lambda q: 0.18 - 0.08 * q, 0.006),
        Metric("log_loss", "low", lambda q: 0.54 - 0.2 * q, 0.015),
        Metric("calibration_slope", "one", lambda q: 0.7 + 0.3 * q, 0.06),
        Metric("observed_expected", "one", lambda q: 1.0, 0.08),
    ),
    "multiclass": (
        Metric("accuracy", "high", lambda q: 0.4 + 0.6 * q, 0.02),
        Metric("log_loss", "low", lambda q: 1.1 - q, 0.05),
        Metric("f1_macro", "high", lambda q: 0.2 + 0.75 * q, 0.03),
    ),
    "regression": (
        Metric("rmse", "low", lambda q: 40 - 20 * q, 1.5),
        Metric("r2", "high", lambda q: q, 0.04),
    ),
}
_DATA: dict[Task, tuple[str, str, str | None, tuple[str, ...]]] = {
    "binary": ("samples.trips", "late", "true", ("false", "true")),
    "multiclass": ("samples.birds", "species", None, ("Adelie", "Chinstrap", "Gentoo")),
    "regression": ("samples.trips", "delay", None, ()),
}
_COLUMNS = ("distance", "hour", "carrier", "wind", "seats")


@dataclass(frozen=True)
class Values:
    """All of a run that is measured."""

    data: DataRecord
    blocks: BlockRecord
    metrics: tuple[MetricValue, ...]
    folds: tuple[FoldRecord, ...]
    replicates: NDArray[np.float64]
    curves: tuple[Curve, ...]
    seconds: Seconds
    memory_mb: float
    model: FileRecord
    predictions: FileRecord
    origin: Origin


def generator(name: str) -> np.random.Generator:
    """Give the generator of random numbers that belongs to a name."""
    return np.random.default_rng(zlib.crc32(name.encode()))


def metrics_of(task: Task) -> tuple[Metric, ...]:
    """Give the metrics of a task, the deciding one first."""
    return _METRICS[task]


def values_of(setting: Setting, task: Task, folds: int, seed: str) -> Values:
    """Make up all numbers of a run."""
    draw = generator(seed)
    quality = next((q for word, q in _QUALITY.items() if word in setting.estimator), 0.4)
    quality += 0.1 * float(draw.normal()) if quality else 0.0
    flattery = {"random": 0.15, "forward": -0.1}.get(seed.rpartition(" ")[2], 0.0)
    quality = min(max(quality + (flattery if quality else 0.0), 0.0), 0.95)
    fit = float(np.exp(draw.normal(0.3, 1.0))) if quality else 0.01
    by_fold = [
        [float(m.at(quality) + draw.normal(0, m.spread)) for m in _METRICS[task]]
        for _ in range(folds)
    ]
    means = np.mean(by_fold, axis=0)
    spreads = np.array([m.spread for m in _METRICS[task]])
    replicates = means + draw.normal(0, 1, (DRAWS, len(spreads))) * spreads / 2
    return Values(
        data=_data(task),
        blocks=BlockRecord("day", 180, "b" * 32),
        metrics=tuple(
            _judged(m, np.array(by_fold), i, replicates) for i, m in enumerate(_METRICS[task])
        ),
        folds=tuple(_fold(i, task, row, fit) for i, row in enumerate(by_fold)),
        replicates=replicates,
        curves=_curves(task, quality, setting.estimator, draw),
        seconds=Seconds(fit * folds, 0.05 * folds, fit),
        memory_mb=round(250 + 40 * fit, 1),
        model=FileRecord("model.skops", int(4_000 + 90_000 * fit), "5" * 64),
        predictions=FileRecord("predictions.parquet", 120_000, "6" * 64),
        origin=Origin(
            commit="3" * 40,
            dirty=False,
            code={},
            packages={"numpy": "2.4.6", "scikit-learn": "1.9.1"},
            python="3.11.9",
            platform="Linux x86_64",
        ),
    )


def _data(task: Task) -> DataRecord:
    sample, target, positive, classes = _DATA[task]
    names = ("id", target, *_COLUMNS)
    return DataRecord(
        sample=sample,
        features={"features.plan": _COLUMNS[:3], "features.weather": _COLUMNS[3:]},
        key=("id",),
        target=target,
        positive=positive,
        classes=classes,
        rows=ROWS,
        columns={name: f"{zlib.crc32(name.encode()):08x}" * 4 for name in names},
    )


def _judged(
    metric: Metric, folds: NDArray[np.float64], i: int, replicates: NDArray[np.float64]
) -> MetricValue:
    value = float(folds[:, i].mean())
    half = 2.0 * float(folds[:, i].std(ddof=1)) * (1 / len(folds) + 0.25) ** 0.5
    low, high = np.quantile(replicates[:, i], (0.025, 0.975))
    return MetricValue(
        metric.name, value, float(low), float(high), value - half, value + half, metric.best
    )


def _fold(i: int, task: Task, values: list[float], fit: float) -> FoldRecord:
    names = [metric.name for metric in _METRICS[task]]
    return FoldRecord(
        fold=i + 1,
        train_rows=ROWS * 4 // 5,
        test_rows=ROWS // 5,
        fit_seconds=fit,
        score_seconds=0.05,
        memory_mb=250.0,
        metrics=dict(zip(names, values, strict=True)),
    )


def _curves(
    task: Task, quality: float, estimator: str, draw: np.random.Generator
) -> tuple[Curve, ...]:
    found = [_learning(task, quality, "test"), _learning(task, quality, "train")]
    if "Boosting" in estimator:
        found.append(_iterations(quality))
    found.append(_importance(quality, draw))
    if task != "regression":
        classes = ("true",) if task == "binary" else _DATA[task][3]
        for name in classes:
            found += [_roc(quality, name), _recall(quality, name), _calibration(name, draw)]
    return tuple(found)


def _learning(task: Task, quality: float, series: str) -> Curve:
    shares = np.array([0.1, 0.3, 1.0])
    at = _METRICS[task][0].at
    sign = -0.25 if series == "test" else 0.15
    y = [at(min(1.0, max(0.0, quality * (1 + sign * (1 - s))))) for s in shares]
    x = (0.8 * ROWS * shares).tolist()
    return Curve("learning", series, tuple(x), tuple(y), n=tuple(int(v) for v in x))


def _iterations(quality: float) -> Curve:
    x = np.arange(1, 51)
    y = 0.6 - 0.2 * quality * (1 - np.exp(-x / 12))
    return Curve("iteration", "train", tuple(x.astype(float).tolist()), tuple(y.tolist()))


def _importance(quality: float, draw: np.random.Generator) -> Curve:
    loss = np.sort(draw.exponential(0.03 * quality + 1e-4, len(_COLUMNS)))[::-1]
    names = tuple(str(name) for name in draw.permutation(_COLUMNS))
    return Curve(
        "importance",
        "test",
        tuple(map(float, range(1, len(names) + 1))),
        tuple(loss.tolist()),
        tuple((loss * 0.8).tolist()),
        tuple((loss * 1.2).tolist()),
        names=names,
    )


def _roc(quality: float, series: str) -> Curve:
    x = np.linspace(0, 1, 101)
    y = x ** (1 - 0.8 * quality)
    return Curve("roc", series, tuple(x.tolist()), tuple(y.tolist()))


def _recall(quality: float, series: str) -> Curve:
    x = np.linspace(0, 1, 101)
    y = 0.23 + (0.9 * quality) * (1 - x) ** 1.5
    return Curve("precision_recall", series, tuple(x.tolist()), tuple(y.tolist()))


def _calibration(series: str, draw: np.random.Generator) -> Curve:
    x = np.linspace(0.05, 0.95, 10)
    y = np.clip(x + draw.normal(0, 0.03, 10), 0, 1)
    return Curve(
        "calibration",
        series,
        tuple(x.tolist()),
        tuple(y.tolist()),
        tuple(np.clip(y - 0.05, 0, 1).tolist()),
        tuple(np.clip(y + 0.05, 0, 1).tolist()),
        (ROWS // 10,) * 10,
    )
