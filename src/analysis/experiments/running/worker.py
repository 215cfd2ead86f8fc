"""What a worker does: one task in a process of its own, whose results are files."""

from __future__ import annotations

import errno
import json
import resource
import sys
import time
import traceback
import warnings
from typing import Any

import numpy as np

from analysis.errors import AnalysisError
from analysis.experiments.candidates.owncode import own_code
from analysis.experiments.running.diagnosing import by_iteration, importance, score
from analysis.experiments.running.judging import judge
from analysis.experiments.running.model import save_model
from analysis.experiments.running.outcome import write_outcome
from analysis.experiments.running.predicting import Fitted, fit, test_rows, train_rows
from analysis.experiments.running.tasks import NO_ROOM, Task, Told
from analysis.files import write_text
from analysis.project import open_project

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)


def work(task: Task) -> None:
    """Do a task. Its file comes last; where it failed, another says why.

    One thread, whatever the machine has: so the results are the same on each, and as many
    processes as cores keep it busy.
    """
    try:
        _work(task)
    except OSError as error:
        if error.errno in _FULL:
            sys.exit(NO_ROOM)
        raise


def _work(task: Task) -> None:
    start = time.perf_counter()
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            # Estimators of the project may import other modules of it when they are fitted.
            with own_code(open_project(task.setting.root)):
                told = _DO[task.kind](task)
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _FULL:
            raise
        write_text(task.failure, json.dumps(_failure(error)) + "\n")
        sys.exit(1)
    told |= {"seconds": time.perf_counter() - start, "memory_mb": _memory()}
    write_text(task.result, json.dumps(told) + "\n")


def _fold(task: Task) -> Told:
    train, test = train_rows(task), test_rows(task)
    fitted = fit(task, train)
    start = time.perf_counter()
    found = fitted.predict(test)
    told: Told = {
        "fit_seconds": fitted.seconds,
        "score_seconds": time.perf_counter() - start,
        "train_rows": len(train),
        "test_rows": len(test),
    }
    write_outcome(task, found)
    return told | _diagnosed(task, fitted)


def _diagnosed(task: Task, fitted: Fitted) -> Told:
    wanted = task.setting.diagnosis
    told: Told = {}
    if task.fold <= wanted.folds and wanted.sizes:
        told["train_score"] = score(task.setting, fitted, train_rows(task))
        told["iterations"] = by_iteration(task.setting, fitted, test_rows(task))
    if wanted.repeats and task.fold == 1:
        told["importance"] = importance(task.setting, fitted, test_rows(task))
    return told


def _size(task: Task) -> Told:
    train = train_rows(task)
    fitted = fit(task, train)
    return {
        "fit_seconds": fitted.seconds,
        "train_rows": len(train),
        "train_score": score(task.setting, fitted, train),
        "test_score": score(task.setting, fitted, test_rows(task)),
    }


def _model(task: Task) -> Told:
    fitted = fit(task, None)
    return {"fit_seconds": fitted.seconds} | save_model(task.setting, fitted)


def _judge(task: Task) -> Told:
    return judge(task.setting)


_DO: dict[str, Any] = {"fold": _fold, "size": _size, "model": _model, "judge": _judge}


def _failure(error: Exception) -> Told:
    """Tell what an estimator raised, in one line, and at length for who asks for it."""
    if isinstance(error, AnalysisError):
        return {"what": str(error), "traceback": ""}
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    what = f"{type(error).__name__}: {' '.join(lines)[:500]}" if lines else type(error).__name__
    return {"what": what, "traceback": traceback.format_exc()}


def _memory() -> float:
    """Give the peak memory of this process in megabytes; macOS counts bytes, Linux kilobytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (2**20 if sys.platform == "darwin" else 2**10), 1)
