"""Fixtures: projects with a model, and servers of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.bundles import add_bundle, stage
from tests.helpers.projects import write_project
from tests.helpers.serving import Server, serving


def project_of(root: Path, **told: object) -> Path:
    """Write a project with the champion ``late-flights``."""
    write_project(root, {})
    stage(root, add_bundle(root, **told), "champion")  # type: ignore[arg-type]
    return root


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a project with a champion, which no test changes."""
    return project_of(tmp_path_factory.mktemp("served") / "project")


@pytest.fixture(scope="session")
def server(root: Path) -> Iterator[Server]:
    """Give a server with the limits that it has by itself."""
    with serving(root) as running:
        yield running


@pytest.fixture(scope="session")
def small(root: Path) -> Iterator[Server]:
    """Give a server with small limits."""
    limits = ("--max-body", "0.1", "--max-rows", "50", "--timeout", "2")
    with serving(root, *limits) as running:
        yield running
