"""Inline expressions: finding them, evaluating them in the page's kernel, and their results.

All expressions of a piece of Markdown are evaluated in one hidden code cell before it. The cell
uses IPython's own ``user_expressions``, as Quarto does: no names are left behind, and execution
counts do not change. It shows one output of the type ``MIME``: a mapping from the position of
each expression to its result.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.documents.cells import Block, Markdown
from analysis.errors import CellError, Location

MIME = "application/vnd.analysis.inline+json"

# It may go on in the next line, but not in the next paragraph.
_EXPRESSION = re.compile(r"(?<!`)`\{python\}[ \t]((?:[^`\n]|\n(?!\s*\n))+)`")
_SPECIAL = re.compile(r"([\\`*_{}\[\]()>#+,\-.!])")


@dataclass(frozen=True)
class Expression:
    """An inline expression and the line on which it stands."""

    code: str
    where: Location


def expressions(block: Block) -> tuple[Expression, ...]:
    """Find the inline expressions of a block, in order."""
    if not isinstance(block, Markdown):
        return ()
    text = block.text
    return tuple(
        Expression(
            " ".join(match[1].split("\n")).strip(),
            block.lines[text.count("\n", 0, match.start())].where,
        )
        for match in _EXPRESSION.finditer(text)
    )


def code(found: Sequence[Expression]) -> str:
    """Write the hidden cell that evaluates the expressions in order."""
    named = json.dumps({str(index): item.code for index, item in enumerate(found)})
    return (
        '__import__("IPython.display").display.display('
        f'{{"{MIME}": __import__("IPython").get_ipython().user_expressions({named})}}, raw=True)'
    )


def results(outputs: Sequence[Mapping[str, Any]], found: Sequence[Expression]) -> tuple[str, ...]:
    """Read the results of a hidden cell as Markdown, one for each expression.

    Raises
    ------
    CellError
        An expression raised; with its own line.
    """
    bundle: Mapping[str, Any] = {}
    for output in outputs:
        bundle = output.get("data", {}).get(MIME, bundle)
    return tuple(_result(bundle.get(str(i), {}), item) for i, item in enumerate(found))


def substitute(text: str, values: Sequence[str]) -> str:
    """Put the results in the places of the expressions."""
    remaining = iter(values)
    return _EXPRESSION.sub(lambda _: next(remaining), text)


def _result(result: Mapping[str, Any], expression: Expression) -> str:
    if result.get("status") != "ok":
        what = f"{result.get('ename', 'Error')}: {result.get('evalue', 'no result')}"
        raise CellError(
            f"the inline expression `{expression.code}` raised {what}",
            expression.where,
            "an expression can use what the cells above it define",
            "\n".join(result.get("traceback", ())),
        )
    return _markdown(result.get("data", {}))


def _markdown(data: Mapping[str, Any]) -> str:
    if "text/html" in data:
        text = str(data["text/html"])
        ticks = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
        return f"{ticks}{text}{ticks}{{=html}}"
    if "text/markdown" in data:
        return str(data["text/markdown"])
    return _plain(str(data.get("text/plain", "")))


def _plain(text: str) -> str:
    """Write a string without its quotes and with Markdown's characters escaped."""
    if len(text) < 2 or text[0] not in "'\"" or text[-1] != text[0]:
        return text
    try:
        value = ast.literal_eval(text)
    except (SyntaxError, ValueError):
        value = text[1:-1]
    return _SPECIAL.sub(r"\\\1", str(value))
