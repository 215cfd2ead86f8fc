"""The SQL of a sample of rows: decided by the key and a seed, and by nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.warehouse.datasets.composition import Composition
from analysis.warehouse.sql import identifier

# Names that no column of a view has.
_ORDER, _GROUP, _QUOTA, _PLACE = (
    f'" {name} of a stratum "' for name in ("order", "group", "quota", "place")
)


def sampled(composition: Composition, n: int, strata: Sequence[str], seed: int) -> str:
    """Write a query of ``n`` rows, from each stratum its share; ``strata`` are columns.

    Whose share has the largest remainder gets one more, until there are ``n``.
    """
    sample = composition.sample.view
    in_sample = all(name in sample.columns for name in strata)
    # Rows that are left out are not joined, where the sample itself knows the strata.
    source = sample.quoted if in_sample else f"(\n{composition.sql()}\n)"
    rows = _chosen(source, sample.key, n, strata, seed)
    if in_sample:
        return composition.sql(rows, ordered=True)
    return f"from {rows} order by {', '.join(identifier(name) for name in sample.key)}"


def _chosen(source: str, key: Sequence[str], n: int, strata: Sequence[str], seed: int) -> str:
    keys = ", ".join(identifier(name) for name in key)
    by_chance = f"hash({keys}, {seed}), {keys}"
    if not strata:
        return f"(from {source} order by {by_chance} limit {n})"
    columns = ", ".join(identifier(name) for name in strata)
    return f"""(
  with numbered as (
    select *,
      row_number() over (partition by {columns} order by {by_chance}) as {_ORDER},
      dense_rank() over (order by {columns}) as {_GROUP}
    from {source}
  ),
  sizes as (select {_GROUP}, count(*) as size from numbered group by {_GROUP}),
  shares as (
    select *, {n}::hugeint * size as share, (sum(size) over ())::hugeint as total from sizes
  ),
  places as (
    select *,
      row_number() over (order by share % total desc, {_GROUP}) as {_PLACE},
      {n} - sum(share // total) over () as remaining
    from shares
  ),
  quotas as (
    select {_GROUP}, share // total + ({_PLACE} <= remaining)::int as {_QUOTA} from places
  )
  select numbered.* exclude ({_ORDER}, {_GROUP})
  from numbered join quotas using ({_GROUP})
  where {_ORDER} <= {_QUOTA}
)"""
