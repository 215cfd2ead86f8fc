"""Outputs beyond those of the reference, and what must not differ from run to run."""

from __future__ import annotations

import re

import pytest

from analysis.documents.freeze import Frozen
from analysis.documents.kernels import KernelServer
from analysis.documents.markdown.ansi import spans, without_codes
from analysis.documents.markdown.fences import enclosed
from analysis.project import open_project
from tests.documents.conftest import MakeProject
from tests.documents.running import execute
from tests.helpers.projects import write_project

PAGE = """\
---
title: Outputs
jupyter:
  kernelspec:
    name: python3
author: A
---

```{python}
#| eval: false
never()
```

```{python}
#| label: tbl-random
#| tbl-cap: "It's random"
import pandas as pd
from great_tables import GT
df = pd.DataFrame({"a": [1]})
GT(df)
```

```{python}
df.style
```

```{python}
GT(df, id="chosenbyme")
```

```{python}
import warnings
def warn():
    warnings.warn("from a function", stacklevel=1)
```

- In a list:

  ```{python}
  #| output: true
  warn()
  print("```")
  ```

```{python}
print("\\033[31mred\\033[0m plain")
```

```{python}
#| error: true
#| echo: fenced
#| tags: [a, b]
#| custom: {k: "v'"}
1 / 0
```

```{python}
#| fig-cap: ["One", "Two"]
#| fig-alt: ["Alt one", "Alt two"]
#| fig-link: "https://example.invalid"
#| fig-column: margin
import matplotlib.pyplot as plt
plt.plot([1]); plt.show()
plt.plot([2]); plt.title("t")
```

```{python}
from IPython.display import JSON, Latex, display
display(Latex(r"$a^2$"), JSON({"a": 1}))
```

```{python}
#| tags: [hide-code]
print("only output")
```

```{python}
#| lst-label: lst-a
#| lst-cap: >
#|   Say "it"
#| code-overflow: wrap
#| classes: [one, .two]
#| panel: center
#| output: false
pass
```
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, kernels: KernelServer) -> Frozen:
    """Execute the page."""
    root = write_project(tmp_path_factory.mktemp("outputs"), {"ä b's.qmd": PAGE})
    return execute(open_project(root), "ä b's.qmd", kernels)


def test_second_run_gives_the_same_bytes(
    page: Frozen, make_project: MakeProject, kernels: KernelServer
) -> None:
    assert execute(make_project({"ä b's.qmd": PAGE}), "ä b's.qmd", kernels) == page


def test_chosen_ids_stay(page: Frozen) -> None:
    assert '<div id="chosenbyme"' in page.markdown


def test_paths_of_cells_become_their_numbers(page: Frozen) -> None:
    assert "ipykernel" not in page.markdown
    # The cell that is not evaluated has no number in the kernel.
    assert "Cell In[4]:3: UserWarning: from a function" in page.markdown


def test_front_matter_without_what_the_kernel_needed(page: Frozen) -> None:
    assert page.markdown.startswith("---\ntitle: Outputs\nauthor: A\n---\n\n")


def test_cell_in_a_list_is_indented(page: Frozen) -> None:
    assert re.search(r"^  ::: \{#\w{8} \.cell execution_count=6\}$", page.markdown, re.MULTILINE)
    assert "\n  ````\n  ```\n  ````\n" in page.markdown


def test_colours(page: Frozen) -> None:
    assert '<pre><span class="ansi-red-fg">red</span> plain\n</pre>' in page.markdown


def test_shown_error_and_fenced_code(page: Frozen) -> None:
    attributes = (
        r"tags='\[\"a\",\"b\"\]' "
        r"""quarto-private-1='\{"key":"custom","value":\{"k":"v\\'"\}\}' execution_count=8"""
    )
    assert re.search(rf"^::: \{{#\w{{8}} \.cell {attributes}\}}$", page.markdown, re.MULTILINE)
    assert "```{{python}}\n#| error: true\n1 / 0\n```\n" in page.markdown
    assert "ZeroDivisionError" in page.markdown


def test_figures_with_captions_of_their_own(page: Frozen) -> None:
    names = [f"ä b's_files/figure-html/cell-10-output-{number}.png" for number in (1, 2)]
    assert [name for name, _ in page.figures] == names
    assert all(content.startswith(b"\x89PNG") for _, content in page.figures)
    first, second = re.findall(r"^\[!\[(.*)$", page.markdown, re.MULTILINE)
    assert first.startswith("One](ä%20b's_files/figure-html/cell-10-output-1.png){width=")
    assert first.endswith("fig-alt='Alt one'}](https://example.invalid)")
    assert second.startswith("Two](")
    assert "Text(0.5" not in page.markdown
    assert ".cell .fig-column-margin execution_count=9" in page.markdown


def test_formula_is_markdown(page: Frozen) -> None:
    assert "::: {.cell-output .cell-output-display .cell-output-markdown}\n$a^2$\n:::" in (
        page.markdown
    )


def test_listing_and_classes(page: Frozen) -> None:
    assert " .cell .one .two .panel-center execution_count=12}" in page.markdown
    options = r'.python .cell-code .code-overflow-wrap lst-cap="Say \"it\""'
    assert f"``` {{#lst-a {options}}}\npass\n```\n" in page.markdown


def test_tags_stand_for_options(page: Frozen) -> None:
    assert 'print("only output")' not in page.markdown
    assert "only output" in page.markdown


@pytest.mark.parametrize(
    ("codes", "html"),
    [
        ("\x1b[1mb\x1b[0m", '<span class="ansi-bold">b</span>'),
        ("\x1b[1;31mb\x1b[22m c", '<span class="ansi-red-fg ansi-bold">b</span>'
         '<span class="ansi-red-fg"> c</span>'),
        ("\x1b[38;5;28;1mx", '<span style="font-weight:bold;color:rgb(0,135,0)">x</span>'),
        ("\x1b[38;5;9mx", '<span class="ansi-bright-red-fg">x</span>'),
        ("\x1b[38;5;240mx", '<span style="color:rgb(88,88,88)">x</span>'),
        ("\x1b[38;2;1;2;3;44mx", '<span style="color:rgb(1,2,3)" class="ansi-blue-bg">x</span>'),
        ("\x1b[97mx\x1b[39my", '<span class="ansi-bright-white-fg">x</span>y'),
        ("\x1b[3;4;2mx", '<span style="opacity:0.7;font-style:italic;text-decoration:underline">'
         "x</span>"),
        ("<a & b>\x1b[2K", "&lt;a &amp; b&gt;"),
        ("\x1b[m\x1b[38mx", "x"),
        ("\x1b]8;;https://example.invalid\x07link\x1b]8;;\x07", "link"),
    ],
)  # fmt: skip
def test_terminal_codes(codes: str, html: str) -> None:
    assert spans(codes) == html


def test_codes_can_be_left_out() -> None:
    assert without_codes("\x1b[1ma\x1b[0m\x1b[2Kb") == "ab"


@pytest.mark.parametrize(
    ("text", "fence"), [("a", "```"), ("```", "````"), ("  `````\n", "``````")]
)
def test_fences_are_longer_than_what_they_hold(text: str, fence: str) -> None:
    lines = enclosed(text).splitlines()
    assert lines[0] == lines[-1] == fence
