"""The project: its root, its ``_quarto.yml``, its places and its documents."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from analysis.errors import Location, ProjectError
from analysis.project.globs import matches
from analysis.project.yamlfile import Yaml, parse_yaml

CONFIG = "_quarto.yml"
SOURCES = "data/sources.yml"
EXPERIMENTS = "data/experiments"
WAREHOUSE = "data/warehouse.duckdb"
SNAPSHOTS = "data/snapshots"
# The environment variable that names a snapshot to code which asks for the warehouse.
SNAPSHOT = "ANALYSIS_SNAPSHOT"
DOCUMENT_SUFFIXES = (".qmd", ".ipynb", ".md")
# Quarto renders no README, and no notes to coding assistants.
NOT_DOCUMENTS = re.compile(r"(?i)^(readme|claude|agents|license|changelog)\b.*\.(qmd|md|ipynb)$")
NOT_FOLDERS = frozenset({"node_modules", "venv", "env", "__pycache__", "renv"})


@dataclass(frozen=True)
class Project:
    """A Quarto website project. All paths of documents are POSIX and relative to ``root``.

    ``snapshot`` is the id of the snapshot that is seen in the place of the warehouse.
    """

    root: Path
    config: Yaml
    snapshot: str | None = None

    @property
    def metadata(self) -> Mapping[str, Any]:
        """Give the whole of ``_quarto.yml`` as plain values."""
        value = self.config.value
        return value if isinstance(value, dict) else {}

    @cached_property
    def output_dir(self) -> Path:
        """Give the folder into which Quarto itself renders."""
        section = self.metadata.get("project") or {}
        path = self.inside(str(section.get("output-dir") or "_site"), "project", "output-dir")
        if path == self.root:
            raise ProjectError(
                "the output folder is the project itself",
                self.config.where("project", "output-dir"),
                "choose a folder that holds nothing else, such as `_site`",
            )
        return path

    @property
    def freeze_dir(self) -> Path:
        """Give the folder of executed results."""
        return self.root / "_freeze"

    @property
    def work_dir(self) -> Path:
        """Give the folder for locks, logs and staging; it may be deleted at any time."""
        return self.root / ".analysis"

    @property
    def published_dir(self) -> Path:
        """Give the folder of releases."""
        return self.root / "published"

    @property
    def warehouse(self) -> Path:
        """Give the DuckDB file that is built from ``data/``, or the snapshot's.

        Its name is the same in both: it is the name of the database, which a query may use.
        """
        if self.snapshot is None:
            return self.root / WAREHOUSE
        return self.snapshots_dir / self.snapshot / Path(WAREHOUSE).name

    @property
    def snapshots_dir(self) -> Path:
        """Give the folder of snapshots of the warehouse."""
        return self.root / SNAPSHOTS

    @property
    def has_sources(self) -> bool:
        """Say whether the project declares raw data."""
        return (self.root / SOURCES).exists()

    def inside(self, name: str, *keys: str | int, source: Yaml | None = None) -> Path:
        """Resolve ``name`` below the root; ``keys`` say where it was declared.

        Raises
        ------
        ProjectError
            The path leads out of the project.
        """
        path = Path(os.path.normpath(self.root / name))
        if path != self.root and self.root not in path.parents:
            raise ProjectError(
                f"`{name}` lies outside the project",
                (source or self.config).where(*keys),
                "use a path below the folder of _quarto.yml, without `..`",
            )
        return path

    @cached_property
    def documents(self) -> tuple[str, ...]:
        """List the documents to publish, as ``project: render`` and Quarto's rules say."""
        return tuple(path for path in self._files if path.rpartition("/")[2][0] != "_")

    @cached_property
    def hidden_documents(self) -> tuple[str, ...]:
        """List the documents in the same places whose names begin with ``_``: parts, templates."""
        return tuple(path for path in self._files if path.rpartition("/")[2][0] == "_")

    def renders(self, path: str) -> bool:
        """Say whether ``project: render`` chooses a document at ``path``."""
        return matches(path, self._patterns)

    @cached_property
    def _files(self) -> tuple[str, ...]:
        found = _candidates(self.root, self.output_dir)
        return tuple(sorted(path for path in found if self.renders(path)))

    @cached_property
    def _patterns(self) -> tuple[str, ...]:
        section = self.metadata.get("project") or {}
        patterns = section.get("render") or []
        patterns = [patterns] if isinstance(patterns, str) else [str(item) for item in patterns]
        for index, pattern in enumerate(patterns):
            self.inside(pattern.lstrip("!") or ".", "project", "render", index)
        return tuple(patterns)


def _candidates(root: Path, output_dir: Path) -> Iterator[str]:
    for folder, names, files in os.walk(root):
        here = Path(folder)
        names[:] = sorted(n for n in names if _is_open(here / n, output_dir))
        for name in files:
            if (
                name.endswith(DOCUMENT_SUFFIXES)
                and name[0] != "."
                and not NOT_DOCUMENTS.match(name)
            ):
                yield (here / name).relative_to(root).as_posix()


def _is_open(folder: Path, output_dir: Path) -> bool:
    name = folder.name
    is_other_project = (folder / CONFIG).exists()
    return (
        name[0] not in "._"
        and name not in NOT_FOLDERS
        and folder != output_dir
        and not name.endswith("_files")
        and not is_other_project
    )


def find_project(start: Path) -> Project:
    """Open the project around ``start``: the nearest folder upward with a ``_quarto.yml``.

    Raises
    ------
    ProjectError
        There is none.
    """
    here = start.resolve()
    for folder in (here, *here.parents):
        if (folder / CONFIG).is_file():
            return open_project(folder)
    raise ProjectError(
        f"no {CONFIG} in {start} or in any folder above it",
        hint="go to the project's folder, or name it",
    )


def open_project(folder: Path) -> Project:
    """Read the project whose ``_quarto.yml`` lies in ``folder``.

    Raises
    ------
    ProjectError
        The folder has no ``_quarto.yml``, or it cannot be read.
    """
    path = folder / CONFIG
    if not path.is_file():
        raise ProjectError(f"there is no {CONFIG} in {folder}", hint="name a Quarto project folder")
    config = parse_yaml(read_text(path, CONFIG), CONFIG)
    if config.value is not None and not isinstance(config.value, dict):
        raise ProjectError(f"{CONFIG} is not a mapping", Location(CONFIG, 1))
    return Project(folder.resolve(), config)


def mark_of_yaml(project: Project, name: str) -> str | None:
    """Fingerprint what a YAML file of the project says; ``None`` if it cannot be read as one."""
    try:
        return parse_yaml(read_text(project.root / name, name), name).mark
    except ProjectError:
        return None


def read_text(path: Path, name: str) -> str:
    """Read a UTF-8 project file called ``name`` in messages; line ends become LF.

    Raises
    ------
    ProjectError
        It cannot be read or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ProjectError(
            "this file is not UTF-8", Location(name, line), "save it as UTF-8"
        ) from None
    except OSError as error:
        raise ProjectError(f"{error.strerror}", Location(name)) from None
