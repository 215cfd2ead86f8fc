"""What may be installed beside the package, and is used where it is there."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from importlib.util import find_spec


@dataclass(frozen=True)
class Extra:
    """An optional part: what it is for, and the modules or the program that are missing."""

    name: str
    purpose: str
    missing: tuple[str, ...]

    @property
    def installed(self) -> bool:
        """Say whether all of it is there."""
        return not self.missing


_EXTRAS = (
    ("alerts", "alerts by e-mail, webhook, Slack and others", ("apprise",)),
    ("arrow", "Arrow tables from datasets", ("pyarrow",)),
    ("mlflow", "runs of experiments written for MLflow", ("mlflow",)),
    ("postgres", "sources in PostgreSQL and other databases", ("psycopg", "sqlalchemy")),
    ("url", "sources and backups in object stores", ("aiohttp", "s3fs", "gcsfs", "adlfs")),
)


def extras() -> tuple[Extra, ...]:
    """Look for each extra, without importing it."""
    modules = (
        Extra(name, purpose, tuple(module for module in wanted if not find_spec(module)))
        for name, purpose, wanted in _EXTRAS
    )
    quarto = () if shutil.which("quarto") else ("quarto",)
    return (Extra("quarto", "rendering with Quarto itself", quarto), *modules)
