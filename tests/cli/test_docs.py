"""The documentation names every command and option that there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest
import typer

from analysis.cli.app import app
from analysis.documents.declared import KEYS
from analysis.experiments.declared import experiment as declared
from analysis.project.model import Strict
from analysis.project.settings import Settings
from analysis.warehouse.declared.sources import Column, Source
from analysis.warehouse.views.cases import Case
from analysis.warehouse.views.header import ViewColumn, ViewHeader
from tests.helpers.projects import analysis

ROOT = Path(__file__).parents[2]
COMMANDS = (
    *("ingest", "test", "run", "status", "impact", "publish", "doctor", "backup", "restore"),
    *("snapshot create", "snapshot list", "snapshot restore", "snapshot prune"),
    *("experiment run", "experiment list", "experiment show", "experiment compare"),
    *("experiment diff", "experiment rerun", "experiment prune", "experiment export"),
    *("model list", "model show", "model card", "model diff", "model stage", "model retire"),
    *("model sql", "model validate", "model promote", "model predict"),
    *("serve model", "serve compact", "serve key add", "serve key list", "serve key remove"),
    *("monitor labels", "monitor update", "monitor check", "monitor alerts"),
    *("monitor acknowledge", "monitor forget", "monitor replay", "monitor sql"),
    *("hook pre-render", "hook post-render"),
)


def documented() -> str:
    """Read the page of commands."""
    return (ROOT / "docs" / "commands.md").read_text()


def options_of(name: str) -> list[str]:
    """List the long options of a command."""
    command = typer.main.get_command(app)
    for part in name.split():
        command = command.commands[part]  # type: ignore[attr-defined]
    return [o for p in command.params for o in p.opts if o.startswith("--") and o != "--help"]


def _below(command: Any, *path: str) -> Iterator[str]:
    """Name the commands of a group, and those of the groups in it."""
    for name, one in command.commands.items():
        if hasattr(one, "commands"):
            yield from _below(one, *path, name)
        else:
            yield " ".join([*path, name])


def test_all_commands_are_known_here() -> None:
    """The list above is the list of the program."""
    assert set(_below(typer.main.get_command(app))) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_command_is_documented(name: str) -> None:
    """Each command and each of its options stands in docs/commands.md."""
    text = documented()
    assert f"analysis {name}" in text
    assert [option for option in options_of(name) if option not in text] == []


def test_every_key_of_a_project_file_is_documented() -> None:
    """Sources, columns, settings, and what stands below `analysis:` in front matter."""
    text = (ROOT / "docs" / "configuration.md").read_text()
    keys = {*Source.model_fields, *Column.model_fields, *(f"analysis: {key}" for key in KEYS)}
    keys |= {field.name for field in fields(Settings)}
    assert [key for key in sorted(keys) if f"`{key}`" not in text] == []


def test_every_key_of_views_and_their_tests_is_documented() -> None:
    """Headers, their columns, and cases."""
    text = (ROOT / "docs" / "views.md").read_text()
    keys = {*ViewHeader.model_fields, *(field.name for field in fields(Case))}
    assert [key for key in sorted(keys - {"view", "places"}) if f"`{key}`" not in text] == []
    assert f"{{{', '.join(ViewColumn.model_fields)}}}" in text


def test_every_key_of_an_experiment_is_documented() -> None:
    """Those of the experiment itself and of all its parts."""
    text = (ROOT / "docs" / "experiments.md").read_text()
    models = [
        found
        for found in vars(declared).values()
        if isinstance(found, type) and issubclass(found, Strict) and found is not Strict
    ]
    assert len(models) >= 10
    keys = {key for model in models for key in model.model_fields}
    assert [key for key in sorted(keys) if f"`{key}`" not in text] == []
    kinds = (*get_args(declared.ColumnKind), *get_args(declared.Unit), "from", "to", "log", "whole")
    assert [kind for kind in kinds if f"`{kind}`" not in text] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_an_example(name: str, tmp_path: Path) -> None:
    """`--help` shows how the command is called."""
    outcome = analysis(tmp_path, *name.split(), "--help")
    assert outcome.code == 0
    assert "Example:" in outcome.out
