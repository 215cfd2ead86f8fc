"""Reading ``data/experiments/<name>.yml``."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from analysis.errors import ExperimentError, Location
from analysis.experiments.declared.checking import check, check_name
from analysis.experiments.declared.experiment import Experiment
from analysis.project import Project, parse_yaml, strict
from analysis.project.project import EXPERIMENTS, read_text
from analysis.project.yamlfile import Yaml

FOLDER = EXPERIMENTS


@dataclass(frozen=True)
class Declared:
    """An experiment by its name, as its file says, with the lines of that file."""

    name: str
    experiment: Experiment
    yaml: Yaml


def experiment_names(project: Project) -> tuple[str, ...]:
    """Name the experiments that are declared, sorted.

    A file that ends in ``.yaml`` is among them, so that none is passed over: reading it tells.
    """
    folder = project.root / FOLDER
    found = {path.stem for ending in ("yml", "yaml") for path in folder.glob(f"*.{ending}")}
    return tuple(sorted(found))


def read_experiment(project: Project, name: str) -> Declared:
    """Read ``data/experiments/<name>.yml``.

    Raises
    ------
    ExperimentError
        There is no such file.
    ProjectError
        Something in its text is wrong; with file and line.
    """
    path = f"{FOLDER}/{name}.yml"
    known = experiment_names(project)
    check_name(name, Location(path) if name in known else None)
    if name not in known or not (project.root / path).is_file():
        raise _missing(project, name)
    yaml = parse_yaml(read_text(project.root / path, path), path)
    experiment = strict(yaml, Experiment)
    check(experiment, yaml)
    return Declared(name, experiment, yaml)


def _missing(project: Project, name: str) -> ExperimentError:
    folder = project.root / FOLDER
    for other in (f"{name}.yaml", f"{name}.YML", f"{name}.json"):
        if (folder / other).is_file():
            return ExperimentError(
                f"there is no experiment `{name}`",
                Location(f"{FOLDER}/{other}"),
                f"call this file {name}.yml",
            )
    known = experiment_names(project)
    close = difflib.get_close_matches(name, known, n=1)
    plain = name.removesuffix(".yml").removesuffix(".yaml")
    if plain in known:
        close = [plain]
    return ExperimentError(
        f"there is no experiment `{name}`",
        hint=f"did you mean `{close[0]}`?" if close else f"write it down in {FOLDER}/{name}.yml",
    )
