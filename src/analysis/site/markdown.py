"""Short Markdown of the configuration, such as a footer, as HTML: one call for all texts."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable

from markupsafe import Markup

from analysis.errors import RenderError

_PLAIN = re.compile(r"[\w\s.,:;!?()/&%+=-]*\Z")
_BREAK = "analysis-next-text"


def render_texts(texts: Iterable[str]) -> dict[str, Markup]:
    """Map each text to HTML without the paragraph around it.

    Raises
    ------
    RenderError
        pandoc could not read a text.
    """
    distinct = list(dict.fromkeys(texts))
    marked = [text for text in distinct if not _PLAIN.match(text)]
    found = {text: Markup.escape(text) for text in distinct}
    if marked:
        found.update(zip(marked, _convert(marked), strict=True))
    return found


def _convert(texts: list[str]) -> list[Markup]:
    import pypandoc

    parting = f"\n\n```{{=html}}\n<!-- {_BREAK} -->\n```\n\n"
    done = subprocess.run(
        [pypandoc.get_pandoc_path(), "--from", "markdown", "--to", "html", "--wrap", "none"],
        input=parting.join(texts).encode(),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise RenderError(
            f"a text of the navigation cannot be read: {done.stderr.decode().strip()}",
            hint="look at the texts of navbar, sidebar and page-footer in _quarto.yml",
        )
    parts = done.stdout.decode().split(f"<!-- {_BREAK} -->")
    return [Markup(_unwrap(part.strip())) for part in parts]


def _unwrap(text: str) -> str:
    is_one = text.startswith("<p>") and text.endswith("</p>") and text.count("<p>") == 1
    return text[3:-4] if is_one else text
