"""What reasons say to a person: one line for each kind of cause."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from analysis.lineage.notes import experiment_of
from analysis.lineage.system import BY_MODEL, KIND

Say = Callable[[str, str | None, str | None], str]


def say(kind: str, name: str, then: str | None, now: str | None, parts: Sequence[str]) -> str:
    """Say why: what changed, and from what to what where that means something to people."""
    if kind in _SAY:
        return _SAY[kind](name, then, now)
    if then is None and now is None:
        return kind
    if parts:
        on_models = name in BY_MODEL
        word = "column" if kind != KIND else "model" if on_models else "experiment"
        named = ", ".join(f"`{part}`" for part in parts)
        return f"`{name}` changed: {word}{'' if len(parts) == 1 else 's'} {named}"
    return f"`{name}` {_what(then, now)}"


def _what(then: str | None, now: str | None) -> str:
    if then is None:
        return "is new"
    return "is gone" if now is None else "changed"


def _package(name: str, then: str | None, now: str | None) -> str:
    if then is None or now is None:
        return f"{name} {then or now} {_what(then, now)}"
    return f"{name} {then} → {now}"


def _import(name: str, then: str | None, now: str | None) -> str:
    if now is None:
        return f"`import {name}` finds no `{then}` any more"
    return f"`import {name}` finds `{now}`" + (f" and no more `{then}`" if then else " now")


def _experiment(name: str, then: str | None, now: str | None) -> str:
    changed = "has other runs" if then and now else _what(then, now)
    return f"experiment `{experiment_of(name)[0]}` {changed}"


def _run(name: str, then: str | None, now: str | None) -> str:
    experiment, run = experiment_of(name)
    return f"run `{run}` of experiment `{experiment}` {_what(then, now)}"


def _model(name: str, then: str | None, now: str | None) -> str:
    if then is None or now is None:
        return f"model `{name}` {_what(then, now)}"
    before, after = then.split(" "), now.split(" ")
    if before[0] != after[0]:
        return f"model `{name}` is version {after[0]}, and was version {before[0]}"
    if before[1] != after[1]:
        return f"model `{name}` is {after[1]}, and was {before[1]}"
    return f"something happened to the model `{name}`"


_SAY: Mapping[str, Say] = {
    "text": lambda name, then, now: "text of the page changed",
    "config": lambda name, then, now: f"settings of execution in `{name}` changed",
    "parameters": lambda name, then, now: "parameters changed",
    "dataset": lambda name, then, now: f"the key, time or target of a view changed in `{name}`",
    "experiment": _experiment,
    "model": _model,
    "run": _run,
    "kernel": lambda name, then, now: f"kernel `{name}`: {then} → {now}",
    "package": _package,
    "import": _import,
    "listing": lambda name, then, now: f"list of files `{name}` changed",
    "max-age": lambda name, then, now: f"older than {name}",
}
