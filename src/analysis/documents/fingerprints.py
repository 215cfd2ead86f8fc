"""Fingerprints of what pages depend on, as it is now: of content, by kind and id."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from analysis.documents.distributions import Distributions
from analysis.documents.graph import Graph
from analysis.documents.history import History, read_history
from analysis.documents.metadata import flattened
from analysis.documents.modelfiles import ModelFiles
from analysis.documents.monitoringfiles import MonitoringFiles
from analysis.documents.options import EXECUTE_KEYS
from analysis.documents.patterns import files_matching, names_matching
from analysis.documents.predictionfiles import PredictionFiles
from analysis.documents.runfiles import RunFiles
from analysis.errors import AnalysisError
from analysis.files import digest
from analysis.lineage import Inputs, Relation, Value, read_relations, views_of_dataset
from analysis.lineage.filedigests import FileDigests
from analysis.lineage.system import KIND, LABELS, ON_MODELS, ON_MONITORING, ON_RUNS, PREDICTIONS
from analysis.project import Project, parse_yaml
from analysis.project.project import CONFIG, WAREHOUSE, mark_of_yaml

_METADATA_NAMES = ("_metadata.yml", "_metadata.yaml")


class Fingerprints:
    """What a project holds at one moment; everything is looked at once at most.

    Parameters
    ----------
    project
        Where ids that are paths start.
    parameters
        What pages are run with.
    graph
        What pages see in the live relations of the schema ``meta``.
    """

    def __init__(
        self,
        project: Project,
        parameters: Mapping[str, Any] | None = None,
        graph: Graph | None = None,
    ) -> None:
        self.project = project
        self.graph = graph or Graph(project)
        self.parameters = parameters or {}
        self.time = time.time()
        self.distributions = Distributions(project.work_dir / "distributions.json")
        self.files = FileDigests(project.root, project.work_dir / "digests.json")
        self.runs = RunFiles(project, self.files)
        self.models = ModelFiles(project, self.files)
        self.predictions = PredictionFiles(project)
        self.monitoring = MonitoringFiles(project, self.files)
        self._known: dict[tuple[str, str], Value] = {}
        self._found: dict[tuple[str, str], str | None] = {}
        self._folders: dict[str, Inputs] = {}
        self._kinds: Mapping[str, Callable[[str], Value]] = {
            "config": lambda _: self._config,
            "dataset": self._dataset,
            "experiment": lambda name: self.runs.experiment(name),
            "include": self.files.of_text,
            "input": self._contents,
            "kernel": lambda _: f"python {sys.version_info.major}.{sys.version_info.minor}",
            "listing": self._listing,
            "max-age": lambda age: age,
            "metadata": self._metadata,
            "model": lambda name: self.models.model(name),
            "module": self.files.of_text,
            "package": self.distributions.version,
            "parameters": lambda _: _digest(self.parameters) if self.parameters else None,
            "relation": self._relation,
            "run": lambda name: self.runs.run(name),
            KIND: self._system,
            "text": self.files.of_text,
            "warehouse": lambda _: self._warehouse,
            "yaml": lambda name: mark_of_yaml(self.project, name),
        }

    def again(self, graph: Graph | None = None) -> Fingerprints:
        """Look anew at files, which may have changed; what is slow to find out is shared.

        Without another ``graph``, it is the one that there was: pages read it as it was written.
        So are runs of experiments, and models: one that came while a page ran, it need not have
        seen.
        """
        other = Fingerprints(self.project, self.parameters, graph or self.graph)
        other.distributions, other.files = self.distributions, self.files
        other.runs = RunFiles(self.project, self.files) if graph else self.runs
        other.models = ModelFiles(self.project, self.files) if graph else self.models
        other.predictions = PredictionFiles(self.project) if graph else self.predictions
        other.monitoring = MonitoringFiles(self.project, self.files) if graph else self.monitoring
        other.__dict__["relations"] = self.relations
        return other

    def of(self, kind: str, name: str, source: str) -> Value:
        """Fingerprint one input of the page of ``source``; ``None`` if it is not there."""
        if kind == "import":
            return self.place_of(name, source.rpartition("/")[0])
        key = (kind, name)
        if key not in self._known:
            self._known[key] = self._kinds.get(kind, self.files.of_file)(name)
        return self._known[key]

    def around(self, source: str) -> Inputs:
        """Give what counts for a document by where it lies, whether it names it or not."""
        folder = source.rpartition("/")[0]
        if folder not in self._folders:
            files = [name for name in _metadata_files(folder) if self.of("metadata", name, source)]
            around: dict[str, dict[str, Value]] = {
                "config": {CONFIG: self._config},
                "metadata": {name: self.of("metadata", name, source) for name in files},
            }
            if self.parameters:
                around["parameters"] = {"parameters": _digest(self.parameters)}
            self._folders[folder] = around
        return self._folders[folder]

    @cached_property
    def relations(self) -> Mapping[str, Relation]:
        """Give the relations of the warehouse, as they were built."""
        return read_relations(self.project)

    @cached_property
    def history(self) -> History:
        """Give the last runs of all pages."""
        return read_history(self.project)

    def place_of(self, module: str, folder: str) -> str | None:
        """Find the project's file that ``import module`` runs for a document in ``folder``."""
        for place in (folder, *self._import_path):
            key = (place, module)
            if key not in self._found:
                self._found[key] = self._in_place(place, module)
            if self._found[key]:
                return self._found[key]
        return None

    @cached_property
    def _import_path(self) -> tuple[str, ...]:
        """List the folders of the project in which every kernel looks, relative to the root."""
        root = str(self.project.root)
        places = [os.path.realpath(entry) for entry in sys.path if entry]
        inside = [p[len(root) + 1 :] for p in places if p.startswith(root + os.sep)]
        found = ["src", *inside, *([""] if root in places else [])]
        return tuple(p for p in dict.fromkeys(found) if "site-packages" not in p)

    def _in_place(self, place: str, module: str) -> str | None:
        name = f"{place}/{module.replace('.', '/')}".lstrip("/")
        for file in (f"{name}/__init__.py", f"{name}.py"):
            if os.path.isfile(f"{self.project.root}/{file}"):  # noqa: PTH113
                return file
        return None

    def _metadata(self, name: str) -> str | None:
        if (found := self.files.of_text(name)) is None:
            return None
        try:
            text = (self.project.root / name).read_text("utf-8-sig")
            return _digest(parse_yaml(text, name).value)  # the order of keys says nothing
        except (AnalysisError, ValueError, OSError):
            return found

    def _contents(self, pattern: str) -> str | None:
        names = files_matching(self.project.root, pattern)
        return _digest([[name, self.of("file", name, "")] for name in names]) if names else None

    def _listing(self, pattern: str) -> str | None:
        written = {WAREHOUSE, WAREHOUSE.replace(".duckdb", ".json")}
        names = set(names_matching(self.project.root, pattern)) - written
        return _digest(sorted(names)) if names else None

    @cached_property
    def _config(self) -> str:
        metadata = flattened(self.project.metadata)
        counts = EXECUTE_KEYS | {"execute", "jupyter", "analysis"}
        return _digest({key: value for key, value in metadata.items() if key in counts})

    def _relation(self, name: str) -> Value:
        relation = self.relations.get(name)
        if relation is None:
            return None
        columns = dict(sorted(relation.columns.items()))
        return {"fingerprint": relation.fingerprint, "columns": columns}

    def _dataset(self, name: str) -> str:
        """Fingerprint what the headers of its views say; their rows are inputs of their own."""
        found = [self.relations.get(view) for view in views_of_dataset(name)]
        return _digest([relation and relation.role for relation in found])

    def _system(self, name: str) -> Value:
        if name in ON_MODELS:
            return self.models.relation(name)
        if name in (PREDICTIONS, LABELS):
            return self.predictions.relation(name)
        if name in ON_MONITORING:
            return self.monitoring.relation(name)
        return self.runs.relation(name) if name in ON_RUNS else self.graph.fingerprint(name)

    @cached_property
    def _warehouse(self) -> str | None:
        rows = sorted((r.name, r.fingerprint) for r in self.relations.values())
        return _digest(rows) if rows else None


def _metadata_files(folder: str) -> list[str]:
    """Name the files that count in ``folder``, from the root down."""
    folders = (
        [str(p) for p in reversed(PurePosixPath(folder).parents)] + [folder] if folder else [""]
    )
    return [str(PurePosixPath(f, name)) for f in folders for name in _METADATA_NAMES]


def _digest(value: Any) -> str:
    return digest(json.dumps(value, sort_keys=True, default=str, ensure_ascii=False).encode())
