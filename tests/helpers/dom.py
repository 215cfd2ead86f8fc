"""Compare two pieces of HTML as trees: tags, ids, classes, attributes and text.

Pretty-printing is not a difference: white space around text is taken off; runs of it count as
one blank. MathML counts as the TeX that its annotation keeps, so that it
can be compared with the TeX that Quarto writes. What else shall not count is named by the caller,
each time with a reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from lxml import etree, html


@dataclass(frozen=True)
class Exclusion:
    """Something that is not compared, and why.

    Parameters
    ----------
    where
        Elements: ``tag``, ``#id``, ``.class``, or these joined, such as ``div.cell``; ``*`` is all.
    what
        ``element`` (left out, with all inside), ``empty`` (left out where nothing is inside),
        ``unwrap`` (its children count, it does not), ``words`` (only its words count),
        ``text``, ``attribute NAME``, or ``class NAME``.
    reason
        One sentence.
    """

    where: str
    what: str
    reason: str


@dataclass(frozen=True)
class Difference:
    """One place where the two trees differ; ``path`` leads there from the selected element."""

    path: str
    ours: str
    theirs: str

    def __str__(self) -> str:
        """Write the difference on one line."""
        return f"{self.path}: ours {self.ours or 'nothing'}, theirs {self.theirs or 'nothing'}"


@dataclass(frozen=True)
class Node:
    """A normalised element."""

    tag: str
    identifier: str
    classes: frozenset[str]
    attributes: tuple[tuple[str, str], ...]
    children: tuple[Node | str, ...]

    @property
    def name(self) -> str:
        """Name the element as in a selector, without its classes."""
        return self.tag + (f"#{self.identifier}" if self.identifier else "")

    def __str__(self) -> str:
        """Show the start of the element."""
        classes = "".join(f".{name}" for name in sorted(self.classes))
        return f"<{self.name}{classes}>"


def compare(
    ours: str, theirs: str, *, selector: str, ignore: Iterable[Exclusion] = ()
) -> list[Difference]:
    """List where the first element that ``selector`` finds differs between two documents."""
    exclusions = tuple(ignore)
    left, right = (select(text, selector, exclusions) for text in (ours, theirs))
    if left is None or right is None:
        return [] if left is right else [Difference(selector, str(left or ""), str(right or ""))]
    return list(_differences(left, right, left.name))


def select(text: str, selector: str, ignore: tuple[Exclusion, ...] = ()) -> Node | None:
    """Give the first element in ``text`` that ``selector`` finds, normalised."""
    tree = html.document_fromstring(f"<div>{text}</div>")
    left_out = {
        inner
        for element in tree.iter(etree.Element)
        if any(rule.what == "element" and _matches(element, rule.where) for rule in ignore)
        for inner in element.iter()
    }
    for element in tree.iter(etree.Element):
        if element not in left_out and _matches(element, selector):
            return _node(element, ignore)
    return None


def _matches(element: html.HtmlElement, selector: str) -> bool:
    tag, *parts = re.split(r"(?=[.#])", selector)
    classes = (element.get("class") or "").split()
    return tag in ("", "*", element.tag) and all(
        (part[1:] in classes) if part[0] == "." else (element.get("id") == part[1:])
        for part in parts
    )


def _node(element: html.HtmlElement, ignore: tuple[Exclusion, ...]) -> Node:
    here = [rule for rule in ignore if _matches(element, rule.where)]
    dropped = {rule.what.split()[1] for rule in here if rule.what.startswith("attribute ")}
    no_class = {rule.what.split()[1] for rule in here if rule.what.startswith("class ")}
    attributes = {
        # `checked` may be written with or without a value.
        name: "" if value == name else " ".join(value.split())
        for name, value in element.attrib.items()
        if name not in ("class", "id") and name not in dropped
    }
    return Node(
        tag=element.tag,
        identifier="" if "id" in dropped else element.get("id") or "",
        classes=frozenset((element.get("class") or "").split()) - no_class,
        attributes=tuple(sorted(attributes.items())),
        children=tuple(_merge(_children(element, ignore))),
    )


def _children(element: html.HtmlElement, ignore: tuple[Exclusion, ...]) -> Iterator[Node | str]:
    skip_text = any(rule.what == "text" and _matches(element, rule.where) for rule in ignore)
    if not skip_text:
        yield element.text or ""
    for child in element:
        if child.tag == "math":
            yield _tex(child)
        elif isinstance(child.tag, str):
            whats = {rule.what for rule in ignore if _matches(child, rule.where)}
            if "unwrap" in whats:
                yield from _children(child, ignore)
            elif "words" in whats:
                yield child.text_content()
            elif "element" not in whats and not ("empty" in whats and _is_empty(child)):
                yield _node(child, ignore)
        if not skip_text:
            yield child.tail or ""


def _is_empty(element: html.HtmlElement) -> bool:
    return len(element) == 0 and not (element.text or "").strip()


def _tex(element: html.HtmlElement) -> str:
    annotation = "".join(element.xpath(".//*[local-name()='annotation']//text()"))
    opening, closing = (r"\[", r"\]") if element.get("display") == "block" else (r"\(", r"\)")
    return f"{opening}{annotation}{closing}"


def _merge(children: Iterator[Node | str]) -> Iterator[Node | str]:
    text = ""
    for child in children:
        if isinstance(child, str):
            text += child
        else:
            if words := _plain(text):
                yield words
            yield child
            text = ""
    if words := _plain(text):
        yield words


def _plain(text: str) -> str:
    # A blank before or after an element is often the pretty-printer's.
    return " ".join(text.replace("\xa0", " ").split())


def _differences(ours: Node, theirs: Node, path: str) -> Iterator[Difference]:
    if ours.name != theirs.name:
        yield Difference(path, str(ours), str(theirs))
        return
    if ours.classes != theirs.classes:
        extra = " ".join(sorted(ours.classes - theirs.classes))
        missing = " ".join(sorted(theirs.classes - ours.classes))
        yield Difference(path, f"class +[{extra}]", f"class +[{missing}]")
    if ours.attributes != theirs.attributes:
        left, right = dict(ours.attributes), dict(theirs.attributes)
        for name in sorted({*left, *right}):
            if left.get(name) != right.get(name):
                yield Difference(path, f"{name}={left.get(name)!r}", f"{name}={right.get(name)!r}")
    yield from _child_differences(ours.children, theirs.children, path)


def _child_differences(
    ours: tuple[Node | str, ...], theirs: tuple[Node | str, ...], path: str
) -> Iterator[Difference]:
    def key(child: Node | str) -> str:
        return "text" if isinstance(child, str) else child.name

    matcher = SequenceMatcher(None, [key(c) for c in ours], [key(c) for c in theirs], False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            yield Difference(path, _show(ours[a:b]), _show(theirs[c:d]))
            continue
        for left, right in zip(ours[a:b], theirs[c:d], strict=True):
            if isinstance(left, Node) and isinstance(right, Node):
                yield from _differences(left, right, f"{path} > {left.name}")
            elif left != right:
                yield Difference(path, repr(left), repr(right))


def _show(children: tuple[Node | str, ...]) -> str:
    return " ".join(repr(child) if isinstance(child, str) else str(child) for child in children)
