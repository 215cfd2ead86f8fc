"""Sums over many trees, put in layers one upon the other.

They are added in the order in which scikit-learn adds them, so that each digit is the same: a
label may hang on it. Each layer adds some trees, as databases limit how much an expression holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlglot import exp

from analysis.models.sql.links import names_of
from analysis.models.sql.term import Layers, Place, Term, Terms
from analysis.models.sql.trees import Tree

# Leaves in an expression, and trees in it, as each addition is nested in the next one.
LEAVES, TREES = 800, 50
# Leaves in a whole query: a text of about 15 MB.
MOST = 200_000

# For each sum what a round adds to it: a tree and its values by node.
Round = Sequence[tuple[Tree, Sequence[float]]]


def added_up(
    starts: Sequence[exp.Expr],
    rounds: Sequence[Round],
    terms: Terms,
    layers: Layers,
    at: Place,
) -> Terms:
    """Add trees to ``starts``, one to each in every round; give the sums as columns."""
    leaves = sum(tree.leaves for each in rounds for tree, _ in each)
    if leaves > MOST:
        raise at.refuse(f"its trees have {leaves:,} leaves, and at most {MOST:,} are written")
    sums = tuple(Term("sum", start) for start in starts)
    parts = list(_parts(rounds))
    for place, part in enumerate(parts, 1):
        for each in part:
            sums = tuple(
                Term("sum", exp.Add(this=before.expression, expression=tree.written(values)))
                for before, (tree, values) in zip(sums, each, strict=True)
            )
        keep = names_of(terms) if place < len(parts) else ()
        sums = layers.add(at.named(f"trees_{place}"), sums, keep=keep)
    return sums or layers.add(at.named("trees"), sums)


def _parts(rounds: Iterable[Round]) -> Iterator[list[Round]]:
    part: list[Round] = []
    leaves = 0
    for each in rounds:
        size = max((tree.leaves for tree, _ in each), default=0)
        if part and (leaves + size > LEAVES or len(part) == TREES):
            yield part
            part, leaves = [], 0
        part.append(each)
        leaves += size
    yield part
