"""Which arm answers each row of a request."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.service.logged import Columns
from analysis.service.serving import Serving


def chosen(serving: Serving, keys: Columns, rows: int, request: str) -> Sequence[int] | None:
    """Give the place of the arm that answers each row; ``None`` if the first answers all.

    ``keys`` are the columns of the key, which may be empty: then ``request`` decides, for all rows.
    """
    return None  # to be written
