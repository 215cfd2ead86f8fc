"""Which arm answers each row of a request."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import accumulate

from analysis.service.logged import Columns
from analysis.service.serving import Serving


def chosen(serving: Serving, keys: Columns, rows: int, request: str) -> Sequence[int] | None:
    """Give the place of the arm that answers each row; ``None`` if the first answers all.

    ``keys`` are the columns of the key, which may be empty: then ``request`` decides, for all rows.
    The same key has the same arm, as long as shares are the same: in every process, and whichever
    versions the arms are.
    """
    shares = [0.0 if arm.shadow else arm.share for arm in serving.arms[1:]]
    if not any(shares):
        return None
    borders = list(accumulate(shares))
    if not keys:
        return [_arm(borders, unit(serving.model, (request,)))] * rows
    return [_arm(borders, unit(serving.model, key)) for key in _keys(keys)]


def unit(model: str, key: Sequence[object]) -> float:
    """Give the place of a key between 0 and 1, of which 1 is none.

    It is of SHA-256, so that places of any keys are spread evenly; those of one model say nothing
    of those of another.
    """
    # A length stands before each part, so that no two keys are the same text.
    texts = [str(part) for part in (model, *key)]
    text = "".join(f"{len(part)}:{part}" for part in texts)
    found = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    # The quotient of 53 bits is exact: no key is rounded up to 1.
    return (int.from_bytes(found[:8], "big") >> 11) / 2**53


def _arm(borders: Sequence[float], place: float) -> int:
    """Give the arm in whose part of the line from 0 a place lies; beyond them all is the first's.

    So a larger share takes keys from the first arm alone, where there are two.
    """
    return next((arm for arm, border in enumerate(borders, 1) if place < border), 0)


def _keys(keys: Columns) -> Iterator[tuple[object, ...]]:
    """Give the key of each row; the order of its columns says nothing."""
    return zip(*(keys[name] for name in sorted(keys)), strict=True)
