"""All that the routes of one server share."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.service.batching import Batcher
from analysis.service.limits import Limits
from analysis.service.lookup import Lookup
from analysis.service.serving import Held


@dataclass(frozen=True)
class Service:
    """What is served now, and how: ``anywhere`` lets in values that no training row had.

    ``lookup`` finds rows by key. ``keyed`` says whether callers need a key.
    """

    held: Held
    limits: Limits
    batcher: Batcher
    lookup: Lookup
    anywhere: bool
    keyed: bool
