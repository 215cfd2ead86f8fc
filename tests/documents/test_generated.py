"""Filling a template with rows: whatever a value holds, the page says that and nothing else."""

from __future__ import annotations

import datetime
import decimal
import uuid
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.documents.cells import Code
from analysis.documents.document import Document, read_document
from analysis.documents.generated.marker import read_marker
from analysis.documents.generated.naming import file_name
from analysis.documents.generated.planned import Answer, plan_pages
from analysis.documents.generated.template import Template, read_template
from analysis.errors import DocumentError
from analysis.project import Project
from tests.documents.conftest import MakeProject

TEMPLATE = """\
---
title: 'A {name}, and {{braces}}'
# a comment
about: [x, "{value}", {deep: "«{value}»"}]
block: |
  first {value}
  second
version: 1.10
image: "{{< meta x >}}"
analysis:
  for-each: select 1   # all
  max-age: 1d
  inputs: ["{name}.csv"]
format:
  html:
    toc: yes
---

Text {name} and {{name}}.

   ```{python}
   #| label: defaults
   #| tags: [parameters, extra]
   #| echo: false
   value = 1
   ```

```{python}
name
```
"""


def make(project: Project) -> Template:
    """Read the one template of a project."""
    found = read_template(project, "a/_t.qmd")
    assert found is not None
    return found


@pytest.fixture
def project(make_project: MakeProject) -> Project:
    """Write the template above."""
    return make_project({"a/_t.qmd": TEMPLATE})


def page(project: Project, value: Any, name: str = "page") -> tuple[str, Document]:
    """Fill the template with one row, and read the page that comes of it."""
    answer = Answer(("name", "value"), ((name, value),))
    (text,) = plan_pages(make(project), answer).values()
    (project.root / "a/page.qmd").write_text(text, newline="")
    return text, read_document(project, "a/page.qmd")


def parameters(document: Document) -> dict[str, Any]:
    """Run the cell of values."""
    cells = [block for block in document.blocks if isinstance(block, Code)]
    assert [cell.options.get("tags") for cell in cells] == [
        ["parameters", "extra"],
        ["injected-parameters", "extra"],
        None,
    ]
    space: dict[str, Any] = {}
    exec(cells[1].source, {}, space)
    return space


def test_page_is_the_template_with_its_values(project: Project) -> None:
    """Comments, numbers and words stay as they stand; the query is gone, other keys are not."""
    text, document = page(project, 5)
    assert document.metadata["title"] == "A page, and {braces}"
    assert document.metadata["about"] == ["x", 5, {"deep": "«5»"}]
    assert document.metadata["block"] == "first 5\nsecond\n"
    assert document.metadata["image"] == "{{< meta x >}}"
    assert "version: 1.10\n" in text and "# a comment\n" in text and "toc: yes\n" in text
    assert "Text {name} and {{name}}." in text
    assert "for-each" not in text
    assert document.declared.max_age == "1d" and document.declared.inputs == ("a/page.csv",)
    found = read_marker(text)
    assert found and found.template == "a/_t.qmd"
    assert document.warnings == ()


@pytest.mark.parametrize(
    ("value", "parameter"),
    [
        (None, None),
        (True, True),
        (2**70, 2**70),
        (1.5, 1.5),
        (float("inf"), float("inf")),
        (decimal.Decimal("1.50"), 1.5),
        (decimal.Decimal("2"), 2),
        (datetime.date(2026, 5, 1), "2026-05-01"),
        (datetime.datetime(2026, 5, 1, 12), "2026-05-01 12:00:00"),
        (uuid.UUID(int=1), str(uuid.UUID(int=1))),
        (["a", None, [1]], ["a", None, [1]]),
        ({"a": "'"}, {"a": "'"}),
    ],
)
def test_values_arrive_as_parameters(project: Project, value: Any, parameter: Any) -> None:
    """As papermill would assign them."""
    assert parameters(page(project, value)[1])["value"] == parameter


NASTY = [
    "'",
    '"',
    "'''",
    '"""',
    "\\",
    "\\'",
    "a\nb",
    "```\nimport os\n```",
    "---\nevil: true\n---",
    "{name}",
    "{{name}}",
    "{{< include secret.txt >}}",
    "`{python} 1 + 1`",
    "# not a comment",
    "a: b",
    "- x",
    "\u2028\x85\x0b\x00\x7f",
    "ünïcödé 😀 \u202e",
    "%ls",
    "!ls",
    "x?",
    "<script>alert(1)</script>",
    "*a* _b_ [c](d) $e$ &lt;",
    "\ufeff",
]


@pytest.mark.parametrize("value", NASTY)
def test_no_value_escapes(project: Project, value: str) -> None:
    """Neither from Python nor from YAML, nor from its cell."""
    text, document = page(project, value)
    assert parameters(document) == {"name": "page", "value": value}
    assert document.metadata["about"] == ["x", value, {"deep": f"«{value}»"}]
    assert document.metadata["block"] == f"first {value}\nsecond\n"
    assert "evil" not in document.metadata
    assert not any("{{< include" in line for line in text.split("---\n", 2)[2].splitlines())


@settings(deadline=None, max_examples=150)
@given(value=st.text(st.characters(exclude_categories=["Cs"])))
def test_no_text_escapes(tmp_path_factory: pytest.TempPathFactory, value: str) -> None:
    """The same for texts that nobody thought of."""
    from analysis.documents.generated.values import code

    assert eval(code(value)) == value
    assert "\n" not in code(value) and "{{<" not in code(value)


def test_markdown_of_a_value_is_shown_as_it_is(project: Project) -> None:
    """A title is Markdown; a value in it is not."""
    _, document = page(project, 1, name="a *b* <i> snake_case `c` [d] _e_")
    assert document.metadata["title"].startswith(
        r"A a \*b\* \<i\> snake_case \`c\` \[d\] \_e\_, and"
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("{name}, and", "{nam}, and", 2, "`nam`"),
        ("first {value}\n  second", "first\n  {second}", 7, "`second`"),
        ('"{value}", {', "{value}, {", 4, "quote"),
        ('"{value}"', '"{value"', 4, "other half"),
        ("title: 'A", "title: &a 'A", 2, "anchor"),
        ("tags: [parameters, extra]", "tags: [extra]", 1, "tags: [parameters]"),
        ("max-age: 1d", "max-aeg: 1d", 12, "max-age"),
        ("title:", "title: :", 2, "YAML"),
    ],
)
def test_mistakes_in_templates(
    make_project: MakeProject, old: str, new: str, line: int, said: str
) -> None:
    """Each has its line, and what to do."""
    assert old in TEMPLATE
    project = make_project({"a/_t.qmd": TEMPLATE.replace(old, new)})
    with pytest.raises(DocumentError) as caught:
        page(project, 1)
    assert str(caught.value.where) == f"a/_t.qmd:{line}"
    assert said in f"{caught.value.what} {caught.value.hint}"


def test_query_in_an_ordinary_document(make_project: MakeProject) -> None:
    """A page makes no pages."""
    project = make_project({"page.qmd": TEMPLATE})
    with pytest.raises(DocumentError, match="`_`"):
        read_document(project, "page.qmd")


def test_other_hidden_documents_make_nothing(make_project: MakeProject) -> None:
    """Parts that others include, and one that only speaks of `for-each:`."""
    project = make_project({"_part.qmd": "Text\n", "_b.qmd": "for-each: x\n", "_c.md": ""})
    assert all(read_template(project, name) is None for name in project.hidden_documents)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("weather", "weather.qmd"),
        ("features.weather", "features.weather.qmd"),
        ("Late flights", "Late-flights.qmd"),
        ("Zürich", "Zürich.qmd"),
        ("a:b*c?", "a-b-c.qmd"),
        ("_hidden", "hidden.qmd"),
        ("-x.", "x.qmd"),
    ],
)
def test_file_names(value: str, name: str) -> None:
    """Safe on every disk, and no hidden documents."""
    assert file_name(value) == name


@pytest.mark.parametrize("value", ["", "a/b", "a\\b", "..", "…", "readme", "x" * 101])
def test_refused_file_names(value: str) -> None:
    """What would lead elsewhere, or to no page."""
    with pytest.raises(ValueError, match=r"."):
        file_name(value)


def test_template_survives_yaml(project: Project) -> None:
    """The front matter of a page is the YAML that Quarto reads, too."""
    text, _ = page(project, "x")
    front = text.split("---\n")[1]
    assert yaml.safe_load(front)["analysis"] == {"max-age": "1d", "inputs": ["page.csv"]}
