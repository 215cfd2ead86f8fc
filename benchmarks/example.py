"""Write the site of the benchmarks: N pages that each import, query, draw and tabulate."""

from __future__ import annotations

from pathlib import Path

CONFIG = """\
project:
  type: website
website:
  title: "Benchmark"
  sidebar:
    contents:
      - index.qmd
execute:
  freeze: auto
jupyter: python3
format:
  html:
    toc: true
"""

INDEX = """\
---
title: "Pages"
listing:
  contents: pages
  sort: "date desc"
---
"""

PAGE = """\
---
title: "Page {number}"
date: 2026-01-{day:02}
categories: [benchmark]
---

```{{python}}
import altair as alt
import duckdb
import pandas as pd
from great_tables import GT

rows = duckdb.sql(
    "select i % 12 as month, count(*) as n, avg(i * {number}) as mean "
    "from range(200000) t(i) group by 1 order by 1"
).df()
```

There are `{{python}} len(rows)` months. See @fig-mean and @tbl-mean.

```{{python}}
#| label: fig-mean
#| fig-cap: "Mean by month"
alt.Chart(rows).mark_bar().encode(x="month:O", y="mean")
```

```{{python}}
#| label: tbl-mean
#| tbl-cap: "Count and mean by month"
GT(rows, id="months")
```
"""


def write_site(folder: Path, pages: int) -> None:
    """Write a Quarto website of ``pages`` kernel pages and one listing page into ``folder``."""
    (folder / "pages").mkdir(parents=True)
    (folder / "_quarto.yml").write_text(CONFIG)
    (folder / "index.qmd").write_text(INDEX)
    for number in range(1, pages + 1):
        text = PAGE.format(number=number, day=(number - 1) % 28 + 1)
        (folder / "pages" / f"page{number:03}.qmd").write_text(text)


def change_page(folder: Path, number: int = 1) -> None:
    """Change the prose of one page."""
    path = folder / "pages" / f"page{number:03}.qmd"
    path.write_text(path.read_text() + "\nOne more sentence.\n")
