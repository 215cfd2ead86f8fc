"""The renderer that calls Quarto: with a stand-in that behaves as Quarto does at its edges."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.documents.page import Page
from analysis.errors import RenderError
from analysis.project import open_project
from analysis.site.quarto import QuartoRenderer, add_assets, called_by_us, find_quarto
from tests.helpers.projects import write_project


def _program(tmp_path: Path, script: str) -> str:
    path = tmp_path / "quarto"
    path.write_text("#!/bin/sh\n" + script)
    path.chmod(0o755)
    return str(path)


def test_what_quarto_wrote_is_the_site(tmp_path: Path) -> None:
    project = open_project(write_project(tmp_path / "project", {"index.qmd": "Hi\n"}))
    program = _program(
        tmp_path,
        'cd "$2" && mkdir -p _site && echo "$1 $ANALYSIS_RENDERING" > _site/index.html\n'
        'printf "\\033[1m[1/1] index.qmd\\033[22m\\n" >&2\n'
        'echo "(W) WARNING: something odd" >&2\n',
    )
    seen: list[str] = []
    output = tmp_path / "out"
    site = QuartoRenderer(program).render(
        project, [Page("index.qmd", "Hi\n", {})], output, report=seen.append
    )
    assert (output / "index.html").read_text() == "render 1\n", "hooks must know who called"
    assert seen == ["index.qmd"]
    assert site.warnings == ("something odd",)
    assert site.pages == ("index.html",)


def test_what_charts_load_lies_beside_quartos_pages(tmp_path: Path) -> None:
    project = open_project(write_project(tmp_path / "project", {"index.qmd": "Hi\n"}))
    site = tmp_path / "site"
    (site / "sub").mkdir(parents=True)
    (site / "index.html").write_text("<p>No chart</p>")
    add_assets(project, site)
    assert not (site / "site_libs").exists()
    (site / "sub/a.html").write_text('<script class="analysis-chart-spec">{}</script>')
    add_assets(project, site)
    assert (site / "site_libs/analysis/charts.js").is_file()
    assert (site / "site_libs/analysis/vega.js").is_file()


def test_a_failure_of_quarto_is_told_without_its_stack(tmp_path: Path) -> None:
    project = open_project(write_project(tmp_path / "project", {"index.qmd": "Hi\n"}))
    program = _program(
        tmp_path,
        'printf "[1/1] index.qmd\\nERROR: YAML is wrong\\nline 3\\n  at foo.ts:1\\n" >&2; exit 1',
    )
    with pytest.raises(RenderError, match="YAML is wrong\nline 3") as caught:
        QuartoRenderer(program).render(project, [], tmp_path / "out")
    assert "foo.ts" not in str(caught.value)


def test_hooks_outside_of_our_rendering_do_their_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANALYSIS_RENDERING", raising=False)
    assert not called_by_us()
    monkeypatch.setenv("ANALYSIS_RENDERING", "1")
    assert called_by_us()


@pytest.mark.quarto
@pytest.mark.skipif(find_quarto() is None, reason="quarto is not installed")
def test_real_quarto_renders_a_site(tmp_path: Path) -> None:
    project = open_project(write_project(tmp_path / "project", {"index.qmd": "# Home\n\nHi\n"}))
    program = find_quarto()
    assert program is not None
    QuartoRenderer(program).render(
        project, [Page("index.qmd", "# Home\n\nHi\n", {})], tmp_path / "out"
    )
    assert "Hi" in (tmp_path / "out" / "index.html").read_text()
