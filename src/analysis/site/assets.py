"""Styles and scripts that each page loads, all from the site itself."""

from __future__ import annotations

from importlib.metadata import version
from importlib.resources import files

from analysis.files import write_text
from analysis.project import Project

FOLDER = "site_libs/analysis"
_ALWAYS = (
    "analysis.css",
    "content.css",
    "print.css",
    "analysis.js",
    "search.js",
    "listings.js",
)
_CHARTS = "charts.js"
_BUNDLE = "vega.js"
_CHART_MARK = 'class="analysis-chart-spec"'


def has_charts(content: str) -> bool:
    """Say whether a page shows charts that become interactive."""
    return _CHART_MARK in content


def asset_texts(project: Project, *, charts: bool) -> dict[str, str]:
    """Give each file by its path in the site; those for charts only where there are any."""
    folder = files("analysis.site") / "assets"
    names = (*_ALWAYS, _CHARTS) if charts else _ALWAYS
    texts = {f"{FOLDER}/{name}": (folder / name).read_text(encoding="utf-8") for name in names}
    if charts:
        texts[f"{FOLDER}/{_BUNDLE}"] = _bundle(project)
    return texts


def _bundle(project: Project) -> str:
    """Bundle Vega for the browser; kept beside the project, as this takes a second."""
    path = project.work_dir / f"vega-{version('vl-convert-python')}.js"
    if not path.is_file():
        import vl_convert

        write_text(path, vl_convert.javascript_bundle("globalThis.analysisVegaEmbed = vegaEmbed;"))
    return path.read_text(encoding="utf-8")
