"""How code that a page calls tells what it reads, where that cannot be observed."""

from __future__ import annotations

import sys

# The name under which a kernel has loaded the recorder.
RECORDER = "analysis_recorder"


def note(kind: str, name: str) -> None:
    """Record an input of the page that runs; does nothing elsewhere.

    ``name`` is its id; of a kind that the check of freshness does not know, it is a file's path,
    relative to the project's root.
    """
    if recorder := sys.modules.get(RECORDER):
        recorder.note(kind, name)
