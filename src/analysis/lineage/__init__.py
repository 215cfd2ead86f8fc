"""Inputs, the reasons why something is stale, and the recorder of what a page reads."""

from analysis.lineage.inputs import Inputs, Reason, Value, difference
from analysis.lineage.notes import (
    UNOBSERVED,
    note,
    note_dataset,
    note_experiment,
    note_model,
    note_run,
    unobserved,
    views_of_dataset,
)
from analysis.lineage.relations import Relation, expand, read_relations

__all__ = [
    "UNOBSERVED",
    "Inputs",
    "Reason",
    "Relation",
    "Value",
    "difference",
    "expand",
    "note",
    "note_dataset",
    "note_experiment",
    "note_model",
    "note_run",
    "read_relations",
    "unobserved",
    "views_of_dataset",
]
