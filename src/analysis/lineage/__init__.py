"""Inputs, their fingerprints, and the reasons why something is stale."""

from analysis.lineage.inputs import Input, Reason, reasons

__all__ = ["Input", "Reason", "reasons"]
