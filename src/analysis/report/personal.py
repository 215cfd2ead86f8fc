"""Keeping columns that tell of people out of what is published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.errors import ProjectError

if TYPE_CHECKING:
    import pandas as pd

# Where a result of a query remembers which of its columns tell of people.
PERSONAL: Final = "personal"


def personal_in(frame: pd.DataFrame) -> tuple[str, ...]:
    """List the columns of ``frame`` that tell of people.

    By their origin, where the frame is the result of `analysis.query`; and by their name, where a
    column of this name is declared to do so anywhere in the project.
    """
    traced = {str(name) for name in frame.attrs.get(PERSONAL, ())}
    declared = _declared()
    names = [str(name) for name in frame.columns]
    return tuple(name for name in names if name in traced or name.casefold() in declared)


def _declared() -> set[str]:
    from analysis.warehouse.connection import db
    from analysis.warehouse.personal import personal_columns

    try:
        with db() as connection:
            return {name.casefold() for _, name in personal_columns(connection)}
    except ProjectError:  # without a warehouse nothing is declared
        return set()
