"""Live relations of the schema ``meta``: they tell what the programs write, as it is now.

They are views on files, so that a page which reads them sees the runs before its own. Their
fingerprints are those of these files' content, and not of anything in the warehouse.
"""

from __future__ import annotations

from collections.abc import Mapping

# The kind of input that they are.
KIND = "system"
DOCUMENTS = "meta.documents"
INPUTS = "meta.inputs"
RELEASES = "meta.releases"
EXPERIMENTS = "meta.experiments"
RUNS = "meta.runs"
USES = "meta.uses"

# The file of which the first two are views, relative to the project's root.
GRAPH = ".analysis/graph.json"
# Variables of a connection: the root, with what a pattern would take for itself escaped, and the
# release that is served.
ROOT_VARIABLE = "analysis_root"
RELEASE_VARIABLE = "analysis_release"

# Where runs of experiments lie, and what tells of them: a file for each experiment, two a run.
RUNS_FOLDER = "data/runs"
SUMMARIES = "*/experiment.json"
RECORDS = "*/*/run.json"
CURVES = "*/*/curves.json"
# Raised when what they say means something else: then others are no longer read. The views hold
# it, so the format of the warehouse (``building/record.py``) is raised, too.
RUNS_FORMAT = 1
# The files of which each live relation on runs is a view.
ON_RUNS: Mapping[str, tuple[str, ...]] = {
    EXPERIMENTS: (SUMMARIES, RECORDS),
    RUNS: (SUMMARIES, RECORDS),
    "meta.metrics": (RECORDS,),
    "meta.folds": (RECORDS,),
    "meta.curves": (CURVES,),
    "meta.comparisons": (SUMMARIES,),
    USES: (SUMMARIES, RECORDS),
}
# Where versions of models lie: a folder each, and beside them one for each event.
MODELS_FOLDER = "data/models"
BUNDLES = "*/*/bundle.json"
EVENTS = "*.events/*/event.json"
MODELS_FORMAT = 1
# The files of which each live relation on models is a view.
ON_MODELS: Mapping[str, tuple[str, ...]] = {
    "meta.models": (BUNDLES, EVENTS),
    "meta.model_fields": (BUNDLES,),
    "meta.model_metrics": (BUNDLES,),
    "meta.model_events": (EVENTS,),
    "meta.model_checks": (EVENTS,),
}
# Where predictions that were answered are logged: a folder a model, with files that only grow.
PREDICTIONS = "meta.predictions"
PREDICTIONS_FOLDER = "data/predictions"
SEGMENTS = ("*/*.jsonl", "*/*.parquet")
# What came true of them: a folder a model, with files that are never changed.
LABELS_FOLDER = "data/labels"
LABEL_FILES = "*/*.parquet"
# What monitoring keeps of both: a folder a model, with counts by day and what follows from them.
MONITORING_FOLDER = "data/monitoring"
MONITOR, BINS, CELLS = "*/monitor.json", "*/bins/*.parquet", "*/cells/*.parquet"
MEASURED, ALERTS = "*/measured.parquet", "*/alerts.json"
# The files of which each live relation on what models do in production is a view.
ON_MONITORING: Mapping[str, tuple[str, ...]] = {
    "meta.monitors": (MONITOR,),
    "meta.bins": (BINS,),
    "meta.cells": (CELLS,),
    "meta.measured": (MEASURED,),
    "meta.alerts": (ALERTS,),
}
LABELS = "meta.labels"
# Live relations whose parts are models.
BY_MODEL = (*ON_MODELS, PREDICTIONS, LABELS, *ON_MONITORING)
SYSTEM = (DOCUMENTS, INPUTS, RELEASES, *ON_RUNS, *BY_MODEL)
