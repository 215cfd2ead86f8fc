"""Who is to be forgotten: rows by values of the key, as SQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.errors import ProjectError
from analysis.models.bundle.record import Bundle, KeyField
from analysis.monitoring.labels.typed import extracted, typed
from analysis.project import Project
from analysis.project.secret import hashed, project_secret
from analysis.warehouse.sql import literal


@dataclass(frozen=True)
class Wanted:
    """A value of a column: as a text, with the hashes that stand for it where it is personal."""

    field: KeyField
    text: str
    hashes: tuple[str, ...]
    in_key: bool
    in_inputs: bool

    def matches(self, json: str) -> str:
        """Write whether an object of JSON has the value, or a hash of it."""
        found = extracted(json, self.field.name)
        plain = f"{typed(found, self.field.type)} = {typed(literal(self.text), self.field.type)}"
        hashes = ", ".join(map(literal, self.hashes))
        return f"({found} = {literal(self.text)} or {plain} or {found} in ({hashes}))"


@dataclass(frozen=True)
class Subject:
    """Who is to be forgotten; all values have to be there in a row."""

    wanted: tuple[Wanted, ...]

    @property
    def in_log(self) -> str:
        """Write whether a row of the log is of the subject; never null."""
        return _all(
            " or ".join(
                one.matches(json)
                for json, there in (("key", one.in_key), ("inputs", one.in_inputs))
                if there
            )
            for one in self.wanted
        )

    @property
    def in_labels(self) -> str:
        """Write whether the key of a label is of the subject; never null."""
        if not all(one.in_key for one in self.wanted):
            return "false"
        return _all(one.matches("key") for one in self.wanted)


def subject_of(project: Project, bundle: Bundle, text: str) -> Subject:
    """Read ``column=value,column=value`` of columns of the key, or of personal fields.

    Raises
    ------
    ProjectError
        A column is not known, or has no value, or is named twice.
    """
    keys = {field.name: field for field in bundle.key}
    personal = {
        field.name: KeyField(field.name, "VARCHAR") for field in bundle.fields if field.personal
    }
    fields = {**personal, **keys}
    told = [*_told(text, fields)]
    secret = project_secret(project)
    names = [name for name, _ in told]
    if len({*names}) < len(names):
        raise ProjectError("a column is named twice", hint="name each column once: `--key id=17`")
    return Subject(
        tuple(
            Wanted(
                fields[name], value, _hashes(secret, value),
                in_key=name in keys, in_inputs=name in personal,
            )
            for name, value in told
        )
    )  # fmt: skip


def _told(text: str, fields: dict[str, KeyField]) -> Iterator[tuple[str, str]]:
    names = "|".join(re.escape(name) for name in sorted(fields, key=len, reverse=True))
    for part in re.split(rf",(?=\s*(?:{names})\s*=)", text) if names else [text]:
        name, separator, value = part.partition("=")
        name, value = name.strip(), value.strip()
        if name not in fields or not separator or not value:
            known = ", ".join(f"`{one}`" for one in fields) or "none"
            raise ProjectError(
                f"`{part}` names nobody", hint=f"write `--key column=value`; columns are {known}"
            )
        yield name, value


def _hashes(secret: bytes, value: str) -> tuple[str, ...]:
    """Give the hashes of a value, which a server may have had as a truth value or a number."""
    texts = {value, value.capitalize()} if value.lower() in ("true", "false") else {value}
    return tuple(sorted(filter(None, (hashed(secret, text) for text in texts))))


def _all(conditions: Iterator[str]) -> str:
    return " and ".join(f"coalesce({condition}, false)" for condition in conditions)
