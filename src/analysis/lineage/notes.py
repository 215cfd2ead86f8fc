"""How code that a page calls tells what it reads, where that cannot be observed."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence

from analysis.lineage.system import MODELS_FOLDER, RUNS_FOLDER

# The name under which a kernel has loaded the recorder.
RECORDER = "analysis_recorder"
# A query that begins so is not observed: whoever makes it notes what of its result counts.
# DuckDB logs queries without comments before them.
UNOBSERVED = "select /* unobserved */"


def note(kind: str, name: str) -> None:
    """Record an input of the page that runs; does nothing elsewhere.

    ``name`` is its id; of a kind that the check of freshness does not know, it is a file's path,
    relative to the project's root.
    """
    if recorder := sys.modules.get(RECORDER):
        recorder.note(kind, name)


@contextlib.contextmanager
def unobserved() -> Iterator[None]:
    """Leave out of the page's inputs the files that are opened meanwhile, and folders listed.

    Whoever does so notes what of them counts.
    """
    recorder = sys.modules.get(RECORDER)
    if recorder is None:
        yield
        return
    recorder.pause(1)
    try:
        yield
    finally:
        recorder.pause(-1)


def note_experiment(experiment: str) -> None:
    """Record that the page that runs reads what is told of an experiment and its runs."""
    note("experiment", experiment)


def note_run(experiment: str, run: str) -> None:
    """Record that the page that runs reads what is told of a run of an experiment."""
    note("run", f"{experiment}/{run}")


def experiment_of(noted: str) -> tuple[str, str]:
    """Give the experiment, and the run, that the id of one of these inputs names.

    The path of its record does as well: ``data/runs/<experiment>/<run>/run.json``.
    """
    parts = noted.removeprefix(f"{RUNS_FOLDER}/").split("/")
    return parts[0], parts[1] if len(parts) > 1 else ""


def note_model(text: str) -> None:
    """Record that the page that runs uses a model, as it was asked for: ``late-flights@champion``.

    It is stale when that is another version, or something happened to it.
    """
    note("model", text)


def model_of(noted: str) -> str:
    """Give the model that the id of such an input names, or the path of a record of it.

    These are ``data/models/<model>/<id>/bundle.json``, and those of ``<model>.events``.
    """
    if noted.startswith(f"{MODELS_FOLDER}/"):
        return noted.split("/")[2].removesuffix(".events")
    return noted.partition("@")[0]


def note_dataset(name: str, views: Sequence[str]) -> None:
    """Record that the page that runs reads a dataset of these views, and so reads them."""
    note("dataset", f"{name}: {' + '.join(views)}")
    for view in views:
        note("relation", view)


def views_of_dataset(noted: str) -> tuple[str, ...]:
    """List the views that the id of a dataset names, its sample first."""
    return tuple(noted.rpartition(": ")[2].split(" + "))
