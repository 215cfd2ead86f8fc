"""What ``data/sources.yml`` declares: each source, where it lies, and its columns."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from analysis.errors import Location
from analysis.files import digest
from analysis.project import Yaml
from analysis.project.model import Strict, listed
from analysis.warehouse.declared.column import Column, long_form
from analysis.warehouse.declared.contract import Contract
from analysis.warehouse.declared.kinds import Kind
from analysis.warehouse.declared.model import Policy

# What a relation or a schema may be called, so that no SQL needs quotes around it.
NAME = re.compile(r"[a-z][a-z0-9_]*")
# Keys that say nothing of which rows are read.
_DESCRIBES = frozenset({"description", "owner", "licence", "update", "time"})


def _delimiter(value: str) -> str:
    if len(value) != 1 or value in '"\n\r':
        raise PydanticCustomError("delimiter", "a delimiter is one character, such as ; or |")
    return value


class Every(Strict):
    """A source that is expected to change, and how often."""

    every: Literal["hour", "day", "week", "month", "quarter", "year"]


class Source(Strict):
    """One declared source.

    ``path`` is relative to the project, or to where the ``distribution`` is installed; it may be a
    pattern or a list. ``missing`` lists the texts that mean a missing value. ``time`` names the
    source's own clock. Which other keys a kind takes, ``kinds`` says.
    """

    description: str
    owner: str | None = None
    licence: str | None = None
    update: Literal["fixed"] | Every | None = None
    kind: Kind
    distribution: str | None = None
    path: Annotated[tuple[str, ...], BeforeValidator(listed)] = ()
    delimiter: Annotated[str, AfterValidator(_delimiter)] | None = None
    missing: tuple[str, ...] = Field(default=("",), min_length=1)
    in_place: bool | None = None
    sheet: str | None = None
    table: str | None = None
    query: str | None = None
    function: str | None = None
    url: str | None = None
    changed: str | None = None
    format: Literal["csv", "tsv", "parquet", "json", "jsonl", "excel"] | None = None
    time: str | None = None
    columns: Mapping[str, Annotated[Column, BeforeValidator(long_form)]] = Field(min_length=1)
    contract: Contract = Contract()
    on_violation: Policy = "fail"

    @property
    def separator(self) -> str:
        """Give the character between two values."""
        places = (*self.path, self.url or "")
        is_tsv = self.kind == "tsv" or any(re.search(r"\.tsv([.?]|$)", p) for p in places)
        return self.delimiter or ("\t" if is_tsv or self.format == "tsv" else ",")

    @property
    def place(self) -> str | None:
        """Say where the data come from; an address has its credentials as it was written."""
        return ", ".join(self.path) or self.url or self.function

    @property
    def updated(self) -> str | None:
        """Say how it is updated: ``fixed``, ``every day``."""
        return f"every {self.update.every}" if isinstance(self.update, Every) else self.update

    @property
    def is_fixed(self) -> bool:
        """Say whether the source has promised to stay as it is."""
        return self.update == "fixed"

    @property
    def sets_aside(self) -> bool:
        """Say whether a rule of it sets rows aside, which then have a table of their own."""
        return "quarantine" in (
            self.on_violation,
            *(column.on_violation for column in self.columns.values()),
            *(unique.on_violation for unique in self.contract.unique),
            *(check.on_violation for check in self.contract.checks),
        )

    def reading(self) -> str:
        """Write down all that decides which rows there are: not what describes them."""
        parts = self.model_dump(mode="json", exclude=set(_DESCRIBES))
        for column in parts["columns"].values():
            del column["description"], column["unit"]
        return json.dumps(parts, sort_keys=True)


@dataclass(frozen=True)
class Sources:
    """The declared sources by name, and the lines where they are declared."""

    by_name: Mapping[str, Source]
    yaml: Yaml

    def where(self, name: str, *keys: str | int) -> Location:
        """Locate the declaration of the source ``name``, or of a key in it."""
        return self.yaml.where("sources", name, *keys)

    def digest(self) -> str:
        """Fingerprint what is declared; comments, blanks and the order of keys do not count."""
        content = {name: source.model_dump(mode="json") for name, source in self.by_name.items()}
        return digest(json.dumps(content, sort_keys=True).encode())


def rejected_table(name: str) -> str:
    """Name the table of the rows of the source ``name`` that were set aside."""
    return f"{name}__rejected"
