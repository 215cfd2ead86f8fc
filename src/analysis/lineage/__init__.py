"""Inputs, the reasons why something is stale, and the recorder of what a page reads."""

from analysis.lineage.inputs import Inputs, Reason, Value, difference
from analysis.lineage.notes import note
from analysis.lineage.relations import Relation, expand, read_relations

__all__ = [
    "Inputs",
    "Reason",
    "Relation",
    "Value",
    "difference",
    "expand",
    "note",
    "read_relations",
]
