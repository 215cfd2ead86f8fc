"""Parameters whose values are estimators in turn, and parameters as plain values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

# Parameters of scikit-learn that hold one estimator, and those that hold several with names.
SINGLE = frozenset(
    {
        "base_estimator",
        "classifier",
        "estimator",
        "final_estimator",
        "outlier_detector",
        "regressor",
        "transformer",
    }
)
NAMED = frozenset({"estimators", "steps", "transformer_list"})


def is_estimator(name: str, value: Any) -> bool:
    """Say whether the value of the parameter ``name`` stands for an estimator."""
    if isinstance(value, Mapping):
        return "estimator" in value and name not in NAMED
    return isinstance(value, str) and (
        value.startswith("sklearn.") or (name.rpartition("__")[2] in SINGLE and "." in value)
    )


def is_named(name: str, value: Any) -> bool:
    """Say whether the value is several estimators, each with a name."""
    return name.rpartition("__")[2] in NAMED and isinstance(value, Mapping | list | tuple)


def named(value: Any) -> list[tuple[str, Any, tuple[str | int, ...]]]:
    """Give name, estimator and place of each of several, as a mapping or a list declares them.

    In a list, each is named by its class; what comes again gets a number.
    """
    if isinstance(value, Mapping):
        return [(str(name), step, (name,)) for name, step in value.items()]
    found: list[tuple[str, Any, tuple[str | int, ...]]] = []
    for index, step in enumerate(value):
        path = step.get("estimator", "") if isinstance(step, Mapping) else step
        name = str(path).rpartition(".")[2].lower()
        taken = sum(known.partition("-")[0] == name for known, _, _ in found)
        found.append((f"{name}-{taken + 1}" if taken else name, step, (index,)))
    return found


def split_step(value: Any) -> tuple[Any, Mapping[str, Any]]:
    """Give the path and the parameters of an estimator, which may be just the path.

    What is none gives a path that is none, which is told when it is made.
    """
    if not isinstance(value, Mapping):
        return value, {}
    parameters = value.get("parameters")
    return value.get("estimator"), parameters if isinstance(parameters, Mapping) else {}


def flat(parameters: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Give parameters under flat names: ``estimator__C``."""
    found: dict[str, Any] = {}
    for name, value in parameters.items():
        full = f"{prefix}{name}"
        if is_estimator(name, value):
            path, inner = split_step(value)
            found |= {full: path, **flat(inner, f"{full}__")}
        elif is_named(name, value):
            for inner_name, step, _ in named(value):
                path, inner = split_step(step)
                found |= {f"{full}__{inner_name}": path}
                found |= flat(inner, f"{full}__{inner_name}__")
        else:
            found[full] = plain(value)
    return found


def plain(value: Any) -> Any:
    """Give a value as JSON can hold it; numbers that it cannot hold become their YAML texts."""
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    return value if value is None or isinstance(value, str | bool | int | float) else str(value)
