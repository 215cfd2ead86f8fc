"""Which modules to import before kernels are forked."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.documents.imports import OURS, Imports


def modules_to_preload(pages: Iterable[Imports]) -> list[tuple[str, list[str]]]:
    """Name the installed modules that the pages lead to, in the order in which to import them.

    Modules of the project, and this package, are never among them: kernels import those
    themselves, so that each sees them as they are now.
    """
    found = {i for page in pages for i in page.others if i.top != OURS}
    return [(item.module, list(item.names)) for item in sorted(found)]
