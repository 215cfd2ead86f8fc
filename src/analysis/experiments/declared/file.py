"""Reading ``data/experiments/<name>.yml``."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from analysis.errors import ExperimentError
from analysis.experiments.declared.experiment import Experiment
from analysis.project import Project, parse_yaml, strict
from analysis.project.project import read_text
from analysis.project.yamlfile import Yaml

FOLDER = "data/experiments"


@dataclass(frozen=True)
class Declared:
    """An experiment by its name, as its file says, with the lines of that file."""

    name: str
    experiment: Experiment
    yaml: Yaml


def experiment_names(project: Project) -> tuple[str, ...]:
    """Name the experiments that are declared, sorted."""
    return tuple(sorted(path.stem for path in (project.root / FOLDER).glob("*.yml")))


def read_experiment(project: Project, name: str) -> Declared:
    """Read ``data/experiments/<name>.yml``.

    Raises
    ------
    ExperimentError
        There is no such file.
    ProjectError
        Something in it is wrong; with file and line.
    """
    path = f"{FOLDER}/{name}.yml"
    if not (project.root / path).is_file():
        close = difflib.get_close_matches(name, experiment_names(project), n=1)
        raise ExperimentError(
            f"there is no experiment `{name}`",
            hint=f"did you mean `{close[0]}`?" if close else f"write it down in {path}",
        )
    yaml = parse_yaml(read_text(project.root / path, path), path)
    return Declared(name, strict(yaml, Experiment), yaml)
