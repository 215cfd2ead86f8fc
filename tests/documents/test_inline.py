"""Inline expressions: evaluated in the page's kernel, in order, without a trace."""

from __future__ import annotations

import pytest

from analysis.documents.freeze import Frozen
from analysis.documents.inline import MIME, Expression, results, substitute
from analysis.documents.kernels import KernelServer
from analysis.errors import CellError, Location
from analysis.project import open_project
from tests.documents.conftest import MakeProject
from tests.documents.running import execute
from tests.helpers.projects import write_project

PAGE = """\
---
title: "Not here: `{python} x`"
---

```{python}
from IPython.display import HTML, Markdown
x = 1
names = ["count"]
```

## Heading with `{python} x` and `{python} f"{1.5:.2f}"`

| a                 | b                        |
|-------------------|--------------------------|
| `{python} x + 1`  | `{python} "a|b_c*"[2:]`  |

{{< include _part.md >}}

`{python} Markdown("**bold**")`, `{python} HTML("<b>" + 2 * chr(96))`, `{python} None`,
[`{python} ""`].

- item `{python} names.append("seen") or len(names)`

```{python}
x = 2
x
```

Now `{python} x`, `{python} x +
1`, ``{python} y``, `{{python}} z` and `{python}x`.

```{python}
In[3], "names" in globals(), [n for n in dir() if "xpress" in n]
```
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, kernels: KernelServer) -> Frozen:
    """Execute the page."""
    files = {"a.qmd": PAGE, "_part.md": "Included: `{python} x`."}
    project = open_project(write_project(tmp_path_factory.mktemp("inline"), files))
    return execute(project, "a.qmd", kernels)


@pytest.mark.parametrize(
    "expected",
    [
        'title: "Not here: `{python} x`"',
        "## Heading with 1 and 1\\.50",
        "| 2  | b\\_c\\*  |",
        "Included: 1.",
        "**bold**, ```<b>`````{=html}, None,\n[].",
        "- item 2",
        "Now 2, 3, ``{python} y``, `{{python}} z` and `{python}x`.",
    ],
)
def test_results_stand_in_the_text(page: Frozen, expected: str) -> None:
    assert expected in page.markdown


def test_expressions_leave_no_trace(page: Frozen) -> None:
    assert '(\'In[3], "names"' in page.markdown  # the third cell of the page is In[3]
    assert ", True, [])" in page.markdown
    assert "execution_count=3" in page.markdown
    assert "execution_count=4" not in page.markdown
    assert MIME not in page.markdown


@pytest.mark.parametrize("expression", ["1 / 0", "unknown", "1 +"])
def test_error_names_the_expression_and_its_line(
    make_project: MakeProject, kernels: KernelServer, expression: str
) -> None:
    part = f"x\n\nbad `{{python}} {expression}`\n"
    project = make_project({"a.qmd": "`{python} 1`\n\n{{< include b.md >}}\n", "b.md": part})
    with pytest.raises(CellError) as caught:
        execute(project, "a.qmd", kernels)
    assert str(caught.value.where) == "b.md:3"
    assert f"`{expression}` raised" in caught.value.what
    assert "Error" in caught.value.traceback


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        ("'it costs 5.00 *'", "it costs 5\\.00 \\*"),
        ('"it\'s"', "it's"),
        ("'a\\\\b'", "a\\\\b"),
        ("1.5", "1.5"),
        ("[1, 2]", "[1, 2]"),
        ("'a' 'b", "'a' 'b"),
        ("'", "'"),
    ],
)
def test_strings_lose_their_quotes_and_are_escaped(plain: str, expected: str) -> None:
    outputs = [{"data": {MIME: {"0": {"status": "ok", "data": {"text/plain": plain}}}}}]
    found = (Expression("x", Location("a.qmd", 1)),)
    assert results(outputs, found) == (expected,)


def test_results_are_not_expanded_again() -> None:
    assert (
        substitute("`{python} a` `{python} b`", ["`{python} b` \\1", "2"]) == "`{python} b` \\1 2"
    )
