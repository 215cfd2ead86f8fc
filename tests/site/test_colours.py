"""The style sheet's colours: text is readable in light and in dark (WCAG 2, level AA)."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

ASSETS = files("analysis.site") / "assets"
STYLE = "".join(
    (ASSETS / f"{name}.css").read_text(encoding="utf-8") for name in ("analysis", "content")
)
PAIR = re.compile(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
COLOURS = {name: (light, dark) for name, light, dark in PAIR.findall(STYLE)}
CODE = re.findall(r"code span:is\([^)]*\) \{ color: light-dark\((#\w{6}), (#\w{6})\)", STYLE)
TEXT = ("ink", "muted", "accent", "warm", "note", "tip", "warning", "caution", "important")


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "surface", "code", "accent-soft"])
def test_text_stands_out(ground: str, theme: int) -> None:
    names = TEXT if ground in ("paper", "surface") else ("ink", "muted", "accent")
    for name in names:
        contrast = _contrast(COLOURS[name][theme], COLOURS[ground][theme])
        assert contrast >= 4.5, f"{name} on {ground}: {contrast:.2f}"


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_code_stands_out(theme: int) -> None:
    assert len(CODE) >= 4
    for colours in CODE:
        assert _contrast(colours[theme], COLOURS["code"][theme]) >= 4.5


def test_the_measure_knows_black_and_white() -> None:
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)
