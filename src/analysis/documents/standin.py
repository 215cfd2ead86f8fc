"""What readers see of a page that failed: its last good result, or a notice, under a banner."""

from __future__ import annotations

import re
from dataclasses import replace

from analysis.documents.cells import Raw
from analysis.documents.document import Document
from analysis.documents.freeze import Frozen

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)

_OUT_OF_DATE = """
::: {{.callout-warning .analysis-out-of-date}}
## This page is out of date
It could not be brought up to date since {since} (UTC). What follows was computed before.
:::

"""

_MISSING = """
::: {{.callout-warning .analysis-out-of-date}}
## This page could not be computed
There is no result of it yet; the last attempt was on {since} (UTC).
:::
"""


def stand_in(document: Document, good: Frozen | None, since: str) -> Frozen:
    """Put a banner over the last ``good`` result; without one, over nothing.

    ``since`` is the time of the first failure, ISO 8601 in UTC. Why it failed is not for readers.
    """
    shown = since[:16].replace("T", " ")
    if good is None:
        first = document.blocks[0] if document.blocks else None
        front = first.text.rstrip("\n") + "\n" if isinstance(first, Raw) else ""
        return Frozen(front + _MISSING.format(since=shown))
    found = _FRONT_MATTER.match(good.markdown)
    end = found.end() if found else 0
    banner = _OUT_OF_DATE.format(since=shown)
    return replace(good, markdown=good.markdown[:end] + banner + good.markdown[end:])
