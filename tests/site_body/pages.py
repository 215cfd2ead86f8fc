"""Pages for the tests: small Markdown texts, and those of the reference site."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from analysis.documents.page import Page
from analysis.site.body import Body, BodyContext, render_body

REFERENCE = Path(__file__).parent.parent / "quarto_reference"
SITE = REFERENCE / "site"
INCLUDE = "{{< include _shared.md >}}"


def front_matter(text: str) -> dict[str, Any]:
    """Read the YAML block at the start of a document."""
    if not text.startswith("---\n"):
        return {}
    return yaml.safe_load(text[4 : text.index("\n---", 3)]) or {}


def outputs_of(root: Path) -> dict[str, str]:
    """Map each document below ``root`` to its page."""
    names = [path.relative_to(root) for path in root.rglob("*.qmd")]
    return {name.as_posix(): name.with_suffix(".html").as_posix() for name in names}


def render_file(
    root: Path, name: str, metadata: Mapping[str, Any] | None = None, **context: Any
) -> Body:
    """Render the document ``name`` below ``root``, which has no cells to run."""
    text = (root / name).read_text()
    page = Page(name, text, {**(metadata or {}), **front_matter(text)})
    return render_body(page, BodyContext(root, outputs_of(root), **context))


def render_text(root: Path, text: str, **metadata: Any) -> Body:
    """Write ``text`` as the document ``page.qmd`` below ``root`` and render it."""
    (root / "page.qmd").write_text(text)
    return render_file(root, "page.qmd", metadata)


def reference_body(name: str) -> Body:
    """Render a page of the reference from what Quarto itself froze."""
    source = (SITE / f"{name}.qmd").read_text()
    frozen = REFERENCE / "freeze" / name / "execute-results" / "html.json"
    if frozen.exists():
        markdown = json.loads(frozen.read_text())["result"]["markdown"]
    else:
        markdown = source.replace(INCLUDE, (SITE / "_shared.md").read_text())
    # The pictures themselves are no part of the reference.
    pictures = ("fig-line-output-1", "fig-pair-output-1", "fig-pair-output-2")
    figures = {f"{name}_files/figure-html/{picture}.png": Path() for picture in pictures}
    page = Page(f"{name}.qmd", markdown, {"toc": True, **front_matter(source)}, figures)
    return render_body(page, BodyContext(SITE, outputs_of(SITE)))


def reference_html(name: str) -> str:
    """Give what Quarto wrote for a page."""
    text = (REFERENCE / "main" / f"{name}.html").read_text()
    # Whoever took temporary paths out of the reference left a tag behind. And where MathJax
    # numbers equations by a command in the formula, MathML needs an element of its own.
    return text.replace("<tmp>", "&lt;tmp&gt;").replace("\\tag{1}", "")


def as_main(body: Body) -> str:
    """Put a body into the element that the page template puts it into."""
    classes = " ".join(("content", *body.classes))
    return f'<main class="{classes}" id="quarto-document-content">{body.content}</main>'
