"""What would run again if something changed, and where a column goes: the lineage, forwards."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from analysis.documents.fingerprints import Fingerprints
from analysis.documents.generated.existing import generated_pages
from analysis.documents.impactmodels import through_models
from analysis.documents.impactruns import Experiments, Trained
from analysis.documents.inputsfile import read_inputs
from analysis.documents.patterns import files_matching, names_matching
from analysis.lineage import Inputs, expand
from analysis.lineage.columns import Views, downstream, read_views, split_column
from analysis.lineage.notes import model_of
from analysis.lineage.runs import read_experiments
from analysis.lineage.system import MODELS_FOLDER, SYSTEM
from analysis.project import Project

# Kinds whose ids are no paths of files.
_NAMES = frozenset(
    {"dataset", "package", "relation", "kernel", "max-age", "parameters", "import", "model"}
)


@dataclass(frozen=True)
class Impact:
    """A page that would run, and the inputs through which the change reaches it."""

    page: str
    through: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ColumnImpact:
    """The columns of views that come from a column, and who reads a relation with one.

    Experiments are those that were trained on one of the columns.
    """

    columns: tuple[str, ...]
    pages: tuple[Impact, ...]
    experiments: tuple[Trained, ...]


@dataclass(frozen=True)
class Lineage:
    """What each page depended on when it last ran, what relations read, and whence columns come.

    ``templates`` tells from which document each generated page was made.
    """

    now: Fingerprints
    pages: Mapping[str, Inputs]
    views: Views
    templates: Mapping[str, str]
    experiments: Experiments

    def impact(self, wanted: str) -> tuple[Impact, ...]:
        """List the pages that depend on ``wanted``: a relation, a file, a module, a package.

        Of an experiment or a file of its runs, they are those that read it; a model may have the
        same name.
        """
        named = self.experiments.named(wanted)
        readers = self.experiments.readers(*named) if named else ()

        def reached(page: str) -> Iterable[tuple[str, str]]:
            if named is None:
                return self._through(page, self.pages[page], wanted)
            return [("experiment", named[0])] if page in readers else []

        found = (
            Impact(page, tuple(sorted({*reached(page), *through_models(inputs, wanted)})))
            for page, inputs in sorted(self.pages.items())
        )
        return tuple(impact for impact in found if impact.through)

    def impact_of_column(self, column: str) -> ColumnImpact:
        """Follow ``column``, as ``find_column`` gives it, through views to pages."""
        columns = downstream(self.views, column)
        holding = {split_column(name)[0] for name in (column, *columns)}
        read = (
            (page, sorted(holding & inputs.get("relation", {}).keys()))
            for page, inputs in sorted(self.pages.items())
        )
        pages = tuple(
            Impact(page, tuple(("relation", name) for name in names))
            for page, names in read
            if names
        )
        return ColumnImpact(columns, pages, self.experiments.of_columns({column, *columns}))

    def find_column(self, wanted: str) -> str | None:
        """Give the id of the column that is meant: ``raw.weather.temp``; in any letters."""
        relation, name = split_column(wanted)
        found = self.now.relations.get(relation.lower())
        same = [known for known in found.columns if known.lower() == name.lower()] if found else []
        return f"{relation.lower()}.{same[0]}" if same else None

    def ids(self) -> set[str]:
        """List all that is known by name."""
        relations = self.now.relations.values()
        return self._used() | {f"{r.name}.{column}" for r in relations for column in r.columns}

    def _used(self) -> set[str]:
        used = {name for inputs in self.pages.values() for rows in inputs.values() for name in rows}
        modules = {_module(name) for i in self.pages.values() for name in i.get("module", ())}
        datasets = {_short(name) for i in self.pages.values() for name in i.get("dataset", ())}
        experiments = {one.name for one in self.experiments.tried}
        return used | modules | datasets | experiments | set(self.now.relations)

    def knows(self, wanted: str) -> bool:
        """Say whether there is such a thing, used or not."""
        if wanted.lower() in (*self.now.relations, *SYSTEM):
            return True
        root = self.now.project.root
        if (root / wanted).exists() or (root / MODELS_FOLDER / model_of(wanted)).is_dir():
            return True
        versions = self.now.distributions.version(wanted)
        return versions is not None or _plain(wanted) in {_plain(name) for name in self._used()}

    def _through(self, page: str, inputs: Inputs, wanted: str) -> Iterator[tuple[str, str]]:
        if self.templates.get(page) == wanted:
            yield "text", page
        for kind, rows in inputs.items():
            for name in rows:
                if self._leads_to(kind, name, wanted):
                    yield kind, name

    def _leads_to(self, kind: str, name: str, wanted: str) -> bool:
        relation = wanted.lower()
        match kind:
            case "relation":
                return relation == name or relation in expand(self.now.relations, name)
            case "warehouse":
                return relation in self.now.relations or wanted == name
            case "system":
                return relation == name
            case "dataset":
                return wanted in (name, _short(name))
            case "package":
                return _plain(name) == _plain(wanted)
            case "module":
                return wanted in (name, _module(name))
            case "input":
                return wanted == name or wanted in files_matching(self.now.project.root, name)
            case "listing":
                return wanted == name or wanted in names_matching(self.now.project.root, name)
        return kind not in _NAMES and wanted == name


def read_lineage(project: Project) -> Lineage:
    """Read what every page of the project depended on at its last good run."""
    found = ((source, read_inputs(project, source)) for source in project.documents)
    pages = {source: inputs for source, inputs in found if inputs is not None}
    templates = {page: marker.template for page, marker in generated_pages(project).items()}
    now = Fingerprints(project)
    experiments = Experiments(read_experiments(project), pages, now.relations)
    return Lineage(now, pages, read_views(project), templates, experiments)


def _module(file: str) -> str:
    """Name the module of a file: ``src/tools/speed.py`` is ``tools.speed``."""
    parts = PurePosixPath(file).with_suffix("").parts
    return ".".join(part for part in parts[parts[0] == "src" :] if part != "__init__")


def _short(dataset: str) -> str:
    return dataset.rpartition(": ")[0]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
