"""A tiny project for the registry."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.projects import write_project


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give the root of a project without models."""
    return write_project(tmp_path / "project", {})
