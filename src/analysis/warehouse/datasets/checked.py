"""A dataset over a connection that is open: composed, and checked as `analysis.dataset` does."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from analysis.project import Project
from analysis.warehouse.datasets.checks import checks_of
from analysis.warehouse.datasets.composition import Composition, compose
from analysis.warehouse.datasets.dataset import VERDICTS
from analysis.warehouse.datasets.dictionary import read_dictionary
from analysis.warehouse.datasets.verdicts import make_checks


def checked(
    con: duckdb.DuckDBPyConnection,
    project: Project,
    name: str,
    sample: str,
    features: Sequence[str],
) -> Composition:
    """Join a sample view with feature views, of which there may be none.

    Raises
    ------
    DatasetError
        The views do not fit together, or a check fails; with an example.
    """
    composed = compose(name, sample.lower(), features, read_dictionary(con))
    make_checks(checks_of(composed), con, project.work_dir / VERDICTS)
    return composed
