"""What ``data/sources.yml`` declares: each source, where it lies, and its columns."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from analysis.errors import Location, ProjectError
from analysis.files import digest
from analysis.project import Project, Yaml, parse_yaml, strict
from analysis.project.project import read_text
from analysis.warehouse.declared.types import TIMES, check_type

SOURCES = "data/sources.yml"
# What a relation or a schema may be called, so that no SQL needs quotes around it.
NAME = re.compile(r"[a-z][a-z0-9_]*")


def _type(name: str) -> str:
    try:
        return check_type(name)
    except ValueError as error:
        raise PydanticCustomError("column_type", "{problem}", {"problem": str(error)}) from None


def _long_form(value: Any) -> Any:
    return {"type": value} if isinstance(value, str) else value


def _delimiter(value: str) -> str:
    if len(value) != 1 or value in '"\n\r':
        raise PydanticCustomError("delimiter", "a delimiter is one character, such as ; or |")
    return value


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Strict):
    """One column: its DuckDB type, its meaning, its unit, and whether it may be missing."""

    type: Annotated[str, AfterValidator(_type)]
    description: str = ""
    unit: str | None = None
    nullable: bool = True


class Source(_Strict):
    """One declared source.

    ``path`` is relative to the project, or to where the ``distribution`` is installed. ``missing``
    lists the texts that mean a missing value. ``time`` names the source's own clock.
    """

    description: str
    owner: str | None = None
    licence: str | None = None
    update: str | None = None
    kind: Literal["package", "csv", "tsv"]
    distribution: str | None = None
    path: str
    delimiter: Annotated[str, AfterValidator(_delimiter)] | None = None
    missing: tuple[str, ...] = Field(default=("",), min_length=1)
    time: str | None = None
    columns: Mapping[str, Annotated[Column, BeforeValidator(_long_form)]] = Field(min_length=1)

    @property
    def separator(self) -> str:
        """Give the character between two values."""
        is_tsv = self.kind == "tsv" or re.search(r"\.tsv(\.|$)", self.path)
        return self.delimiter or ("\t" if is_tsv else ",")

    def reading(self) -> str:
        """Write down all that decides which rows are read: not what describes them."""
        described = {"description", "owner", "licence", "update", "time"}
        parts = self.model_dump(mode="json", exclude=described)
        for column in parts["columns"].values():
            del column["description"], column["unit"]
        return json.dumps(parts, sort_keys=True)


class _File(_Strict):
    sources: Mapping[str, Source] = Field(default_factory=dict)


@dataclass(frozen=True)
class Sources:
    """The declared sources by name, and the lines where they are declared."""

    by_name: Mapping[str, Source]
    yaml: Yaml

    def where(self, name: str, *keys: str) -> Location:
        """Locate the declaration of the source ``name``, or of a key in it."""
        return self.yaml.where("sources", name, *keys)

    def digest(self) -> str:
        """Fingerprint what is declared; comments, blanks and the order of keys do not count."""
        content = {name: source.model_dump(mode="json") for name, source in self.by_name.items()}
        return digest(json.dumps(content, sort_keys=True).encode())


def read_sources(project: Project) -> Sources:
    """Read the project's ``data/sources.yml``.

    Raises
    ------
    ProjectError
        It is missing, or something in it is wrong; with file and line.
    """
    path = project.root / SOURCES
    if not path.is_file():
        raise ProjectError(
            f"there is no {SOURCES}, so there is nothing to ingest",
            hint=f"declare the project's raw data in {SOURCES}",
        )
    yaml = parse_yaml(read_text(path, SOURCES), SOURCES)
    sources = Sources(strict(yaml, _File).sources, yaml)
    for name, source in sources.by_name.items():
        _check_name(name, sources)
        _check_place(name, source, sources)
        _check_columns(name, source, sources)
    return sources


def _check_name(name: str, sources: Sources) -> None:
    if not NAME.fullmatch(name):
        raise ProjectError(
            f"`{name}` cannot be the name of a table",
            sources.where(name),
            "use small letters, digits and _, a letter first",
        )


def _check_place(name: str, source: Source, sources: Sources) -> None:
    if source.kind == "package" and source.distribution is None:
        raise ProjectError(
            f"the source `{name}` of kind package names no distribution",
            sources.where(name),
            "add `distribution:`, the name under which pip installs the package",
        )
    if source.kind != "package" and source.distribution is not None:
        raise ProjectError(
            f"the source `{name}` of kind {source.kind} cannot have a distribution",
            sources.where(name, "distribution"),
            "leave it out, or use `kind: package`",
        )


def _check_columns(name: str, source: Source, sources: Sources) -> None:
    seen: dict[str, str] = {}
    for column in source.columns:
        if (other := seen.setdefault(column.lower(), column)) != column:
            raise ProjectError(
                f"the columns `{other}` and `{column}` differ only in capital letters",
                sources.where(name, "columns", column),
                "DuckDB holds them for one; give one of them another name in the file",
            )
    if source.time is None:
        return
    clock = source.columns.get(source.time)
    if clock is None or clock.type not in TIMES:
        raise ProjectError(
            f"the time column `{source.time}` of `{name}` is "
            + ("not declared" if clock is None else f"of type {clock.type}"),
            sources.where(name, "time"),
            "name a declared column of type DATE, TIMESTAMP or TIMESTAMPTZ",
        )
