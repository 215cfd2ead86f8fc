"""A project folder, found from ``_quarto.yml`` and read into frozen values."""

from analysis.project.project import Project, find_project, open_project
from analysis.project.yamlfile import Yaml, parse_yaml, strict

__all__ = ["Project", "Yaml", "find_project", "open_project", "parse_yaml", "strict"]
