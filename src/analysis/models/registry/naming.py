"""Names of models, and of their versions: ``late-flights``, ``late-flights@2``, ``…@champion``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis.errors import ModelError

# Safe in paths, addresses and pins; lower case, since some disks take `A` and `a` for the same.
MODEL_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
LONGEST = 80
# How pins calls a version: when it was made, in UTC, and the first digits of its hash.
VERSION_ID = re.compile(r"(\d{8}T\d{6}Z)-[0-9a-f]{5}")
TIME = "%Y%m%dT%H%M%SZ"
_EVENTS = ".events"


@dataclass(frozen=True)
class Named:
    """What a user means: a model, and a number, a stage or the first digits of an id of it."""

    model: str
    version: str | None


def is_model_name(name: str) -> bool:
    """Say whether a model may be called so."""
    return bool(MODEL_NAME.fullmatch(name)) and len(name) <= LONGEST


def check_model_name(name: str) -> None:
    """See that a model may be called so.

    Raises
    ------
    ModelError
        It may not.
    """
    if not is_model_name(name):
        raise ModelError(
            f"`{name}` cannot be the name of a model",
            hint=f"use at most {LONGEST} small letters, digits, - and _, a letter or digit first",
        )


def events_pin(model: str) -> str:
    """Name the pin of a model's events; no model can be called so."""
    return f"{model}{_EVENTS}"


def model_of(pin: str) -> str | None:
    """Name the model of which a pin holds versions or events; ``None`` if it is none of ours."""
    model = pin.removesuffix(_EVENTS)
    return model if is_model_name(model) else None


def parsed(text: str) -> Named:
    """Take apart what a user wrote.

    Raises
    ------
    ModelError
        It is no name of a model, or nothing stands after the ``@``.
    """
    model, at, version = text.partition("@")
    check_model_name(model)
    if at and not version:
        raise ModelError(
            f"nothing stands after the @ of `{text}`",
            hint=f"write a number or a stage, such as `{model}@2` or `{model}@champion`",
        )
    return Named(model, version or None)
