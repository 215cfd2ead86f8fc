"""Code fences that Quarto reads and pandoc does not: ``{mermaid}``, ``{{python}}``."""

from __future__ import annotations

import re

from analysis.errors import Location
from analysis.site.body.model import BodyContext
from analysis.site.body.source import blocks, locate

_OPENING = re.compile(r"\A([ \t>]*)(`{3,}|~{3,})[ \t]*\{(\{?)([\w+#-]+)\}?\}[ \t]*$", re.MULTILINE)


def normalise(
    text: str, source: str, context: BodyContext
) -> tuple[str, list[tuple[Location, str]]]:
    """Rewrite the opening lines of fences with pandoc's attributes; tell what is not drawn."""
    warnings = []

    def rewrite(match: re.Match[str]) -> str:
        indent, fence, is_escaped, language = match.groups()
        if is_escaped:
            return f'{indent}{fence} {{escaped-cell="{language}"}}'
        if language == "mermaid":
            return f"{indent}{fence} {{.diagram-mermaid}}"
        if language == "dot":
            where = locate(context, source, r"\{dot\}")
            warnings.append((where, "Graphviz diagrams are shown as text"))
        return f"{indent}{fence} {{.{language} .cell-code}}"

    pieces = [_OPENING.sub(rewrite, p, count=1) if code else p for p, code in blocks(text)]
    return "".join(pieces), warnings
