"""Terminal colours as HTML spans, with the class names that Quarto's style sheets know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

_COLOURS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
_LEVELS = (0, 95, 135, 175, 215, 255)
_COLOURED = re.compile(r"\x1b\[\d+(?:;\d+)*m")
_SEQUENCE = re.compile(
    r"\x1b\[([\d;]*)m"  # colours and weights
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # titles and links
    r"|\x1b\[[\d;?]*[A-Za-ln-z]"  # movements of the cursor
)
_WEIGHTS = {
    1: "font-weight:bold",
    2: "opacity:0.7",
    3: "font-style:italic",
    4: "text-decoration:underline",
}
_OFF = {22: (1, 2), 23: (3,), 24: (4,)}


@dataclass(frozen=True)
class _Style:
    """Colours as class names or ``rgb(…)``; weights as the numbers that switch them on."""

    front: str = ""
    back: str = ""
    weights: tuple[int, ...] = ()


def has_colours(text: str) -> bool:
    """Say whether the text changes colours or weights."""
    return _COLOURED.search(text) is not None


def without_codes(text: str) -> str:
    """Leave out all control sequences."""
    return _SEQUENCE.sub("", text)


def spans(text: str) -> str:
    """Write the text as HTML."""
    return "".join(_span(part, style) for part, style in _parts(text))


def _parts(text: str) -> Iterator[tuple[str, _Style]]:
    style, position = _Style(), 0
    for match in _SEQUENCE.finditer(text):
        yield text[position : match.start()], style
        position = match.end()
        if match[1] is not None:
            style = _changed(style, [int(code or 0) for code in match[1].split(";")])
    yield text[position:], style


def _changed(style: _Style, codes: list[int]) -> _Style:
    while codes:
        code = codes.pop(0)
        if code == 0:
            style = _Style()
        elif code in _WEIGHTS:
            style = replace(style, weights=tuple(sorted({*style.weights, code})))
        elif code in _OFF:
            kept = tuple(weight for weight in style.weights if weight not in _OFF[code])
            style = replace(style, weights=kept)
        elif code in (39, 38) or 30 <= code <= 37 or 90 <= code <= 97:
            style = replace(style, front=_colour(code, codes))
        elif code in (49, 48) or 40 <= code <= 47 or 100 <= code <= 107:
            style = replace(style, back=_colour(code - 10, codes))
    return style


def _colour(code: int, codes: list[int]) -> str:
    """Name the colour of a foreground code; a palette's index or a colour may follow."""
    if code == 39:
        return ""
    if code == 38:
        return _extended(codes)
    return f"bright-{_COLOURS[code - 90]}" if code >= 90 else _COLOURS[code - 30]


def _extended(codes: list[int]) -> str:
    kind = codes.pop(0) if codes else 0
    if kind == 2 and len(codes) >= 3:
        red, green, blue = codes[:3]
        del codes[:3]
        return f"rgb({red},{green},{blue})"
    if kind != 5 or not codes:
        return ""
    index = codes.pop(0)
    if index < 16:
        return _COLOURS[index] if index < 8 else f"bright-{_COLOURS[index - 8]}"
    if index >= 232:
        grey = 8 + 10 * (index - 232)
        return f"rgb({grey},{grey},{grey})"
    index -= 16
    red, green, blue = _LEVELS[index // 36], _LEVELS[index // 6 % 6], _LEVELS[index % 6]
    return f"rgb({red},{green},{blue})"


def _span(text: str, style: _Style) -> str:
    if not text:
        return ""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    styles = [_WEIGHTS[weight] for weight in style.weights]
    classes = []
    for colour, end, key in ((style.front, "fg", "color"), (style.back, "bg", "background-color")):
        if colour.startswith("rgb"):
            styles.append(f"{key}:{colour}")
        elif colour:
            classes.append(f"ansi-{colour}-{end}")
    if styles == [_WEIGHTS[1]]:
        styles, classes = [], [*classes, "ansi-bold"]
    attributes = f' style="{";".join(styles)}"' if styles else ""
    attributes += f' class="{" ".join(classes)}"' if classes else ""
    return f"<span{attributes}>{text}</span>" if attributes else text
