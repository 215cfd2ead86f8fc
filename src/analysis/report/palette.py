"""The colours of charts and tables. The categories stay apart for colour-blind readers."""

from typing import Final

ACCENT: Final = "#2f5d8a"
WARM: Final = "#c2553a"
INK: Final = "#1d242c"
MUTED: Final = "#5b6572"
GRID: Final = "#e6e9ed"
CATEGORIES: Final = (
    "#2f5d8a",
    "#d9822b",
    "#4a9079",
    "#b3446c",
    "#8a7a3d",
    "#7a6fae",
    "#6b7280",
)
SEQUENCE: Final = ("#e8eef4", "#1d3f60")
DIVERGING: Final = ("#2f5d8a", "#f2f2f0", "#c2553a")
