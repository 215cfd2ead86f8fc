"""Altair charts: a picture, its specification, and a float that the renderer understands."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from lxml import html

from analysis.documents.freeze import Frozen
from analysis.documents.kernels import KernelServer
from analysis.documents.markdown.charts import chart
from analysis.errors import CellError, Location
from tests.documents.conftest import MakeProject
from tests.documents.running import execute

PAGE = """\
---
title: Charts
---

```{python}
import altair as alt
import pandas as pd
df = pd.DataFrame({"a": [1, 2], "b": [3, 4], "c": ["</script>", "ä"]})
line = alt.Chart(df).mark_line(clip=True).encode(x="a:Q", y="b:Q", color="a:Q")
```

```{python}
#| label: fig-line
#| fig-cap: "A *rising* line"
#| fig-alt: 'It "rises" & rises'
line
```

```{python}
#| label: fig-pair
#| fig-cap: "Both"
#| fig-subcap: ["First", "Second"]
#| layout-ncol: 2
line.display()
line.mark_point().properties(width="container").display()
```

```{python}
alt.Chart(df).mark_text().encode(text="c")
```
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, kernels: KernelServer) -> Frozen:
    """Execute the page in a folder below the root."""
    from analysis.project import open_project
    from tests.helpers.projects import write_project

    files = {"chapters/charts.qmd": PAGE}
    project = open_project(write_project(tmp_path_factory.mktemp("charts"), files))
    return execute(project, "chapters/charts.qmd", kernels)


def raw_blocks(page: Frozen) -> list[html.HtmlElement]:
    """Parse the page's blocks of raw HTML."""
    found = re.findall(r"^(`{3,})\{=html\}\n(.*?)\n\1$", page.markdown, re.MULTILINE | re.DOTALL)
    return [html.fromstring(f"<section>{text}</section>") for _, text in found]


def test_each_chart_is_a_picture_and_a_specification(page: Frozen) -> None:
    blocks = raw_blocks(page)
    assert len(blocks) == 4
    for block in blocks:
        (chart,) = block.find_class("analysis-chart")
        (picture,) = chart.iter("svg")
        assert chart.get("role") == "img"
        assert picture.get("viewbox")
        assert "width" not in picture.attrib
        (spec,) = block.find_class("analysis-chart-spec")
        assert json.loads(spec.text)["encoding"]
        assert not [element for element in block.iter() if element.get("src")]
    assert json.loads(blocks[3].find_class("analysis-chart-spec")[0].text)["datasets"]


def test_alternative_text(page: Frozen) -> None:
    labels = [block.find_class("analysis-chart")[0].get("aria-label") for block in raw_blocks(page)]
    assert labels == ['It "rises" & rises', "First", "Second", None]


def test_ids_in_pictures_are_unique_and_point_to_each_other(page: Frozen) -> None:
    ids = re.findall(r' id="([^"]+)"', page.markdown)
    assert len(ids) == len(set(ids)) > 0
    assert set(re.findall(r"url\(#([^)]+)\)", page.markdown)) <= set(ids)


def test_label_and_caption_are_where_quarto_expects_them(page: Frozen) -> None:
    lines = page.markdown.splitlines()
    divs = [line for line in lines if line.startswith("::: {")]
    assert divs[1:6] == [
        "::: {#cell-fig-line .cell execution_count=2}",
        "::: {#fig-line .cell-output .cell-output-display execution_count=2}",
        "::: {#fig-pair .cell layout-ncol='2' execution_count=3}",
        "::: {#fig-pair-1 .cell-output .cell-output-display}",
        "::: {#fig-pair-2 .cell-output .cell-output-display}",
    ]
    text = page.markdown
    assert "```\n\nA *rising* line\n:::\n" in text
    assert "```\n\nFirst\n:::\n" in text
    assert "```\n\nSecond\n:::\n\nBoth\n:::\n" in text


def test_script_is_loaded_once_from_the_site(page: Frozen) -> None:
    assert page.head == ('<script src="../site_libs/analysis/charts.js" defer></script>',)
    assert not page.figures


def test_same_bytes_from_a_second_run(
    page: Frozen, make_project: MakeProject, kernels: KernelServer
) -> None:
    project = make_project({"chapters/charts.qmd": PAGE})
    assert execute(project, "chapters/charts.qmd", kernels) == page


def spec(**more: Any) -> dict[str, Any]:
    """Give a chart of two points, whose data look like markup and like a selection."""
    values = [{"a": "<!--<script>", "name": "x", "select": "interval"}, {"a": "</script>"}]
    encoding = {"x": {"field": "a", "type": "nominal"}}
    return {"data": {"values": values}, "mark": "point", "encoding": encoding, **more}


def test_data_of_a_chart_cannot_end_its_script() -> None:
    written = chart(spec(), "1", None, Location("a.qmd", 1))
    _, _, data = written.partition('class="analysis-chart-spec">')
    assert data.count("<") == 1
    assert json.loads(data.removesuffix("</script>")) == spec()


@pytest.mark.parametrize(
    ("select", "style"),
    [
        (None, "width:100%;max-width:"),
        ("point", "width:100%;max-width:"),
        ("interval", "max-width:none"),
        ({"type": "interval", "encodings": ["x"]}, "max-width:none"),
    ],
)
def test_chart_over_which_one_drags_keeps_its_size(select: Any, style: str) -> None:
    params = [{"name": "pick", "select": select}] if select else []
    written = chart({"vconcat": [spec(params=params)]}, "1", None, Location("a.qmd", 1))
    found = re.search(r'<svg[^>]* style="([^"]*)"', written)
    assert found
    assert style in found[1]


def test_chart_never_loads_data_from_elsewhere(
    make_project: MakeProject, kernels: KernelServer
) -> None:
    text = """\
Text.

```{python}
#| echo: false
import altair as alt
alt.Chart("https://example.invalid/x.csv").mark_line().encode(x="a:Q")
```
"""
    with pytest.raises(CellError, match="cannot be drawn") as caught:
        execute(make_project({"a.qmd": text}), "a.qmd", kernels)
    assert str(caught.value.where) == "a.qmd:5"
