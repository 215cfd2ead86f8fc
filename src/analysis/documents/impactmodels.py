"""Which pages a model reaches: those that use it, and those that read what is told of models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analysis.lineage import Inputs
from analysis.lineage.notes import model_of
from analysis.lineage.system import BY_MODEL, KIND


def through_models(inputs: Inputs, wanted: str) -> Iterator[tuple[str, str]]:
    """Give the inputs of a page through which a model reaches it.

    It may be named as ``late-flights``, as it was asked for, or by the path of a file of it.
    """
    model = model_of(wanted)
    for name in inputs.get("model", {}):
        if model_of(name) == model and ("@" not in wanted or name in (wanted, model)):
            yield "model", name
    for name, value in inputs.get(KIND, {}).items():
        on_models = name in BY_MODEL
        if on_models and isinstance(value, Mapping) and model in value["columns"]:
            yield KIND, name
