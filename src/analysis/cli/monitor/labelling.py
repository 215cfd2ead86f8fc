"""Labels of rows that were replayed, handed in as a user hands in those of a file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

from analysis.files import fresh_folder
from analysis.models.bundle.record import Bundle
from analysis.monitoring.labels.columns import KNOWN, LABEL
from analysis.monitoring.labels.joined import Joining
from analysis.monitoring.labels.keeping import keep
from analysis.monitoring.labels.outcome import outcome
from analysis.monitoring.replaying.row import PastRow
from analysis.monitoring.replaying.span import Span
from analysis.project import Project


def hand_in(
    project: Project, bundle: Bundle, how: Joining, rows: Sequence[PastRow], span: Span,
    delay: timedelta,
) -> None:  # fmt: skip
    """Hand in the labels of rows; what is not known of one is not handed in.

    Raises
    ------
    ProjectError
        A label is none of the model's classes.
    """
    known = [row for row in rows if row.label is not None and None not in row.key.values()]
    if not known:
        print("labels     none that were not handed in before")
        return
    with fresh_folder(project.work_dir, "replay-") as folder:
        path = folder / f"replay of {span}.ndjson"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(_line(row, delay) for row in known)
        kept = keep(project, bundle, str(path))
    found = outcome(project, bundle.model, how, kept)
    days = delay / timedelta(days=1)
    print(f"labels     {found.labels:,} handed in, known {days:g} days after their time")


def _line(row: PastRow, delay: timedelta) -> str:
    known = (row.time + delay).isoformat()
    return json.dumps({**row.key, LABEL: row.label, KNOWN: known}) + "\n"
