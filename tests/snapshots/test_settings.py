"""``[tool.analysis]`` in pyproject.toml is read strictly."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import ProjectError
from analysis.project.settings import Settings, read_settings


@pytest.mark.parametrize(
    ("text", "snapshots"),
    [
        ("", True),
        ("[project]\nname = 'x'\n", True),
        ("[tool.analysis]\n", True),
        ("[tool.analysis]\nsnapshots = false\n", False),
        ("[tool.analysis]\r\nsnapshots = true\r\n", True),
        ("tool.analysis.snapshots = false\n", False),
        ("[tool]\nanalysis = {snapshots = false}\n", False),
    ],
)
def test_settings(tmp_path: Path, text: str, snapshots: bool) -> None:
    """In whatever way TOML lets one write it."""
    (tmp_path / "pyproject.toml").write_bytes(text.encode())
    assert read_settings(tmp_path) == Settings(snapshots=snapshots)


def test_no_file(tmp_path: Path) -> None:
    """All is as by default."""
    assert read_settings(tmp_path) == Settings()


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("[tool.analysis]\n\nsnapshos = true\n", ":3", "unknown key `snapshos`"),
        ("[tool.other]\nx = 1\n[tool.analysis]\nx = 1\n", ":4", "unknown key `x`"),
        ("[tool.analysis.pages]\nx = 1\n", ":1", "unknown key `pages`"),
        ("[tool.analysis]\nsnapshots = 'no'\n", ":2", "is not true or false"),
        ("[tool.analysis]\nsnapshots = 1\n", ":2", "is not true or false"),
        ("[tool.analysis]\nsnapshots = no\n", ":2", "not valid TOML"),
        ("[tool.analysis\n", ":1", "not valid TOML"),
        ("tool = 1\n", "", "is not a table"),
        ("[tool]\nanalysis = 1\n", "", "is not a table"),
    ],
)
def test_mistakes(tmp_path: Path, text: str, where: str, what: str) -> None:
    """Each has its file and line."""
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(ProjectError, match=what) as caught:
        read_settings(tmp_path)
    assert str(caught.value.where) == f"pyproject.toml{where}"
