"""The header of a view: YAML in the first comment of its SQL file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from analysis.errors import Location, ViewError
from analysis.files import digest
from analysis.project import Yaml, parse_yaml, strict
from analysis.project.model import Strict, listed

_COMMENT = re.compile(r"\s*/\*(.*?)\*/", re.DOTALL)
_REMARK = re.compile(r"\s*((?:--[^\n]*\n)+)")


def _long_form(value: Any) -> Any:
    return {"description": value} if isinstance(value, str) else value


class ViewColumn(Strict):
    """What a column of a view means, and what it is measured in."""

    description: str = ""
    unit: str | None = None


class ViewHeader(Strict):
    """What the header of a view declares.

    ``key`` are the columns that tell its rows apart. ``available_at`` is the column that says when
    a row became known; of a sample, the moment for which something is predicted. ``target`` is the
    column of a sample that is to be predicted. ``materialized`` makes a table of the view.
    """

    description: str = ""
    owner: str | None = None
    key: Annotated[tuple[str, ...], BeforeValidator(listed)] = ()
    available_at: str | None = None
    target: str | None = None
    materialized: bool = False
    columns: Mapping[str, Annotated[ViewColumn, BeforeValidator(_long_form)]] = Field(
        default_factory=dict
    )

    @property
    def role(self) -> str:
        """Fingerprint what decides how the view is used in a dataset; empty if nothing does."""
        declared = (self.key, self.available_at, self.target)
        return digest(repr(declared).encode())[:8] if any(declared) else ""


def read_header(text: str, path: str) -> tuple[ViewHeader, Yaml]:
    """Read the header of the SQL ``text`` of the file at ``path``, and where its keys stand.

    A comment ``/* … */`` in front is YAML. Lines that start with ``--`` are a description.

    Raises
    ------
    ProjectError
        It is not YAML, or a key in it is unknown.
    ViewError
        It is YAML, but not keys with values.
    """
    if comment := _COMMENT.match(text):
        first_line = text[: comment.start(1)].count("\n") + 1
        yaml = parse_yaml(comment[1], path, first_line)
        if not isinstance(yaml.value, dict | None):
            raise ViewError(
                "the first comment of a view is its header, and this one is not keys with values",
                Location(path, first_line),
                "write `description: …` in it, or begin the lines of a remark with `--`",
            )
        return strict(yaml, ViewHeader), yaml
    remark = _REMARK.match(text)
    lines = remark[1].splitlines() if remark else []
    description = " ".join(line.lstrip("-").strip() for line in lines)
    return ViewHeader(description=description), Yaml(path, {}, {(): 1})
