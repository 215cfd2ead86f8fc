"""Draws of blocks with replacement."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analysis.experiments.metrics.predictions import Codes

# How many draws are looked at together, and how many weights they may have.
_TOGETHER = 50
_WEIGHTS = 4_000_000
# Of fewer blocks there are less than forty different draws, and no 2.5th percentile.
FEWEST = 5


def draw(blocks: int, draws: int, seed: int) -> Iterator[Codes]:
    """Give how often each block was drawn, as (draws, blocks), a few draws at a time.

    As many blocks are drawn as there are. The same numbers always give the same draws, so that
    runs with the same blocks are drawn together and their replicates can be compared in pairs.
    """
    generator = np.random.default_rng([seed, blocks])
    together = max(1, min(_TOGETHER, _WEIGHTS // max(blocks, 1)))
    for begin in range(0, draws, together):
        count = min(together, draws - begin)
        yield np.stack([_once(generator, blocks) for _ in range(count)])


def _once(generator: np.random.Generator, blocks: int) -> Codes:
    return np.bincount(generator.integers(0, blocks, blocks), minlength=blocks)
