"""The documentation names every command and option that there is."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from analysis.cli.app import app
from analysis.documents.declared import KEYS
from analysis.warehouse.declared.sources import Column, Source
from tests.helpers.projects import analysis

ROOT = Path(__file__).parents[2]
COMMANDS = ("ingest", "run", "status", "impact", "publish", "hook pre-render", "hook post-render")


def documented() -> str:
    """Read the page of commands."""
    return (ROOT / "docs" / "commands.md").read_text()


def options_of(name: str) -> list[str]:
    """List the long options of a command."""
    command = typer.main.get_command(app)
    for part in name.split():
        command = command.commands[part]  # type: ignore[attr-defined]
    return [o for p in command.params for o in p.opts if o.startswith("--") and o != "--help"]


def test_all_commands_are_known_here() -> None:
    """The list above is the list of the program."""
    root = typer.main.get_command(app)
    names = set(root.commands) - {"hook"}  # type: ignore[attr-defined]
    hooks = {f"hook {name}" for name in root.commands["hook"].commands}  # type: ignore[attr-defined]
    assert names | hooks == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_command_is_documented(name: str) -> None:
    """Each command and each of its options stands in docs/commands.md."""
    text = documented()
    assert f"analysis {name}" in text
    assert [option for option in options_of(name) if option not in text] == []


def test_every_key_of_a_project_file_is_documented() -> None:
    """Sources, columns, and what stands below `analysis:` in front matter."""
    text = (ROOT / "docs" / "configuration.md").read_text()
    keys = {*Source.model_fields, *Column.model_fields, *(f"analysis: {key}" for key in KEYS)}
    assert [key for key in sorted(keys) if f"`{key}`" not in text] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_an_example(name: str, tmp_path: Path) -> None:
    """`--help` shows how the command is called."""
    outcome = analysis(tmp_path, *name.split(), "--help")
    assert outcome.code == 0
    assert "Example:" in outcome.out
