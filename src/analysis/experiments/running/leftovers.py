"""What tasks have left: of a run that was interrupted, only what is whole is taken."""

from __future__ import annotations

import json
import zipfile

from analysis.experiments.running.outcome import read_outcome
from analysis.experiments.running.predicting import test_rows
from analysis.experiments.running.tasks import Task, Told
from analysis.experiments.runs.store import MODEL
from analysis.files import checksum


def told(task: Task) -> Told:
    """Read what a finished task has told."""
    found: Told = json.loads(task.result.read_bytes())
    return found


def is_whole(task: Task) -> bool:
    """Say whether a task was done and its files are whole; a power cut may have shortened them."""
    if not task.result.exists():
        return False
    try:
        found = told(task)
        whole = found["seconds"] >= 0
        if task.kind == "fold":
            whole = len(read_outcome(task).label) == len(test_rows(task)) == found["test_rows"]
        if task.kind == "model":
            whole = checksum(task.setting.work / MODEL) == found["sha256"]
    except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        return False
    return bool(whole)
