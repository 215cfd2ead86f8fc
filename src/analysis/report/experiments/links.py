"""Where the pages of experiments, runs and views lie, seen from the page that runs."""

from __future__ import annotations

from analysis.report.data.links import generated_address
from analysis.report.html import Html, code, link


def experiment_link(experiment: str, content: object | None = None) -> Html:
    """Link to the page of an experiment."""
    return link(generated_address(f"experiment.{experiment}"), content or experiment)


def run_link(experiment: str, run: str, content: object | None = None) -> Html:
    """Link to the page of a run."""
    return link(run_address(experiment, run), content or code(run, whole=True))


def run_address(experiment: str, run: str) -> str | None:
    """Give the address of the page of a run, if it has one."""
    return generated_address(f"run.{experiment}.{run}")


def view_link(name: str) -> Html:
    """Link to the page of a view, in or beside the folder of the page that runs."""
    return link(generated_address(name), code(name))
