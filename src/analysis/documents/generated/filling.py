"""A template filled with one row: the text of a page that stands on its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from math import inf
from typing import Any

import yaml

from analysis.documents.cells import Code
from analysis.documents.declared import KEY
from analysis.documents.generated.marker import marker
from analysis.documents.generated.template import Template, tags_of
from analysis.documents.generated.values import code, shown
from analysis.errors import DocumentError, Location

# A shortcode stays as it is; then doubled braces, a place to fill, and a brace that is none.
_PLACES = re.compile(r"\{\{<.*?>\}\}|\{\{|\}\}|\{([^{}]*)\}|[{}]", re.DOTALL)
# What is read as Markdown: there a value must mean itself. The underscore only counts at the
# borders of words.
_MARKDOWN = frozenset({"title", "subtitle", "abstract", "description"})
_SPECIAL = re.compile(r"[\\`*\[\]<>$~^@{}&|#]|(?<!\w)_|_(?!\w)")

Row = Mapping[str, Any]
# What is replaced: from and to, as offsets in the text, and by what.
Edit = tuple[int, int, str]


def fill(template: Template, row: Row) -> str:
    """Write the page of ``row``, whose values are plain; the query is taken out.

    Raises
    ------
    DocumentError
        The front matter names a column that the row has not; with file and line.
    """
    start, entry = template.front[0], template.entry
    edits: list[Edit] = [(start, start, marker(template) + "\n")]
    edits += _front(template, row)
    others = _in_line(_filled(entry.others, template, row)) if entry.others else None
    edits.append((entry.start, entry.end, f"{KEY}: {others}\n" if others else ""))
    edits.append((template.cell_end, template.cell_end, _assignments(template.cell, row)))
    text = template.text
    for begin, end, new in sorted(edits, reverse=True):
        text = text[:begin] + new + text[end:]
    return text


def _front(template: Template, row: Row) -> Iterator[Edit]:
    """Fill the texts of the front matter, and leave all else in it as it stands."""
    start, end = template.front
    top: Any = yaml.compose(template.text[start:end], Loader=yaml.SafeLoader)
    seen: set[int] = set()
    for key, value in top.value:
        if key.value != KEY:
            for node in _nodes(value, seen):
                yield from _node(template, node, str(key.value), row)


def _nodes(node: Any, seen: set[int]) -> Iterator[Any]:
    if id(node) in seen:  # an alias: it is filled where its anchor stands
        return
    seen.add(id(node))
    yield node
    if isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from _nodes(value, seen)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _nodes(value, seen)


def _node(template: Template, node: Any, key: str, row: Row) -> Iterator[Edit]:
    begin = template.front[0] + node.start_mark.index
    end = template.front[0] + node.end_mark.index
    where = template.line_of(begin)
    if isinstance(node, yaml.MappingNode) and node.flow_style:
        _check_quotes(node, where, row)
    if not isinstance(node, yaml.ScalarNode) or not _PLACES.search(node.value):
        return
    raw = template.text[begin:end]
    if raw[0] in "&!":
        raise DocumentError(
            "a value with an anchor or a tag takes no row's values", where, "write it out"
        )

    def place(name: str) -> Location:
        return template.line_of(max(begin, template.text.find(name, begin, end)))

    filled = _replaced(node.value, row, place, markdown=key in _MARKDOWN)
    yield begin, end, _in_line(filled) + ("\n" if raw.endswith("\n") else "")


def _check_quotes(node: yaml.MappingNode, where: Location, row: Row) -> None:
    """Tell of ``title: {name}``, which YAML takes for a mapping."""
    names = [key.value for key, value in node.value if value.value == ""]
    if len(node.value) == 1 and names and names[0] in row:
        raise DocumentError(
            f"YAML does not read `{{{names[0]}}}` as text", where, f'quote it: "{{{names[0]}}}"'
        )


def _filled(value: Any, template: Template, row: Row) -> Any:
    if isinstance(value, str):
        return _replaced(value, row, lambda _: template.line_of(template.entry.start))
    if isinstance(value, list):
        return [_filled(item, template, row) for item in value]
    if isinstance(value, Mapping):
        return {key: _filled(item, template, row) for key, item in value.items()}
    return value


def _replaced(
    text: str, row: Row, place: Callable[[str], Location], *, markdown: bool = False
) -> Any:
    """Fill a text. One that is a place and nothing else becomes the value itself: a number."""
    alone = _PLACES.fullmatch(text)
    if alone and alone[1] in row and not markdown:
        return row[alone[1]]

    def one(found: re.Match[str]) -> str:
        whole = found[0]
        if whole.startswith("{{<"):
            return whole
        if whole in ("{{", "}}"):
            return whole[0]
        if found[1] is None or found[1] not in row:
            raise _unknown(found, row, place(whole))
        value = shown(row[found[1]])
        return _as_markdown(value) if markdown else value

    return _PLACES.sub(one, text)


def _unknown(found: re.Match[str], row: Row, where: Location) -> DocumentError:
    if found[1] is None:
        return DocumentError(f"this `{found[0]}` has no other half", where, "double it: `{{`, `}}`")
    return DocumentError(
        f"the query of this document gives no column `{found[1]}`",
        where,
        f"there are {', '.join(f'`{name}`' for name in row)}; write braces themselves as {{{{ }}}}",
    )


def _as_markdown(value: str) -> str:
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", " ".join(value.split()))


def _in_line(value: Any) -> str:
    """Write a value in YAML on one line, a text in double quotes."""
    style: dict[str, Any] = {"default_style": '"'} if isinstance(value, str) else {}
    text: str = yaml.safe_dump(
        [value], default_flow_style=True, allow_unicode=True, sort_keys=False, width=inf, **style
    )
    return text.strip()[1:-1]


def _assignments(cell: Code, row: Row) -> str:
    """Write the cell that assigns the values of a row, shown as the one with the defaults is."""
    tags = ["injected-parameters", *(tag for tag in tags_of(cell) if tag != "parameters")]
    kept = {k: v for k, v in cell.options.items() if k not in ("label", "id", "tags")}
    options = [f"#| {key}: {_in_line(value)}" for key, value in {"tags": tags, **kept}.items()]
    values = [f"{name} = {code(value)}" for name, value in row.items()]
    lines = ["", "```{python}", *options, *values, "```"]
    return "".join(f"{cell.indent}{line}".rstrip() + "\n" for line in lines)
