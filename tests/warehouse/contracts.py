"""The example whose contract the tests here change."""

from __future__ import annotations

from tests.warehouse.conftest import Folder

SHOPS = """
sources:
  shops:
    description: Shops
    kind: csv
    path: data/raw/shops.csv
    columns: {code: VARCHAR, size: INTEGER}
  visits:
    description: Visits to shops
    kind: csv
    path: data/raw/visits.csv
    time: day
    on_violation: POLICY
    contract: {CONTRACT}
    columns:
      day: DATE
      shop: {type: VARCHAR SHOP}
      customers: {type: INTEGER CUSTOMERS}
      share: {type: DOUBLE SHARE}
"""
HEAD = "day,shop,customers,share\n"
GOOD = HEAD + "2026-01-01,north,3,0.5\n2026-01-02,south,4,0.25\n2026-01-03,south,,\n"


def declare(folder: Folder, rows: str = GOOD, policy: str = "fail", **parts: str) -> None:
    """Write two sources; ``parts`` fill the places in capital letters, ``contract`` among them."""
    text = SHOPS.replace("POLICY", policy).replace("CONTRACT", parts.pop("contract", ""))
    for name in ("shop", "customers", "share"):
        more = parts.pop(name, "")
        text = text.replace(f" {name.upper()}", f", {more}" if more else "")
    assert not parts
    folder.write("data/sources.yml", text)
    folder.write("data/raw/shops.csv", "code,size\nnorth,1\nsouth,2\n")
    folder.write("data/raw/visits.csv", rows)
