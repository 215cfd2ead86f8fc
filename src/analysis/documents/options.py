"""Options of cells and of execution: their names, defaults and reading into frozen values."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Options that shape a cell and are not passed on as attributes of its div.
INTERNAL = _names(
    """eval echo warning error output include label classes panel column fig-cap fig-subcap fig-scap
    fig-cap-location tbl-cap-location cap-location fig-column tbl-column fig-link fig-align fig-alt
    fig-env fig-pos lst-label lst-cap out-width out-height md-indent code-fold code-line-numbers
    code-summary code-overflow html-table-processing"""
)
# What remains in a cell's `#|` lines; every other option becomes metadata of the cell.
IN_SOURCE = INTERNAL | _names(
    "layout-align layout-valign layout-ncol layout-nrow layout tbl-cap tbl-colwidths"
)
# Cell metadata that Jupyter and its relatives write for themselves.
NOTEBOOK_METADATA = _names(
    """collapsed autoscroll deletable format name id colab colab_type outputid lines_to_next_cell
    language"""
)
# Known to Quarto besides these: general ones, those of dashboards, and those of the knitr engine.
KNOWN = IN_SOURCE | _names(
    """tags id export renderings output-location tbl-subcap title padding expandable width height
    context content color filename code-annotations cache cache-path cache-vars cache-globals
    cache-lazy cache-rebuild cache-comments dependson autodep tidy tidy-opts collapse prompt
    highlight class-source attr-source message results comment class-output attr-output
    class-warning attr-warning class-message attr-message class-error attr-error fig-width
    fig-height fig-format fig-dpi fig-asp fig-keep fig-show out-extra external sanitize interval
    aniopts animation-hook child file code purl slideshow raw_mimetype user_expressions lightbox
    cap-align"""
)
EXECUTE_KEYS = _names(
    """fig-width fig-height fig-format fig-dpi fig-asp mermaid-format df-print error eval engine
    cache freeze echo output warning include keep-md keep-ipynb enabled ipynb daemon
    daemon-restart debug ipynb-filter ipynb-filters ipynb-shell-interactivity plotly-connected
    timeout"""
)


@dataclass(frozen=True)
class ExecuteOptions:
    """How a document is executed, and what of its cells is shown.

    ``timeout`` is in seconds, for each cell; figure sizes are in inches.
    """

    enabled: bool = True
    timeout: float | None = None
    eval: bool = True
    echo: bool | str = True
    output: bool | str = True
    warning: bool = True
    error: bool = False
    include: bool = True
    fig_width: float = 7
    fig_height: float = 5
    fig_format: str = "retina"
    fig_dpi: int = 96
    interactivity: str | None = None


# Tags of Jupyter Book that stand for options.
_TAGS: Mapping[str, tuple[str, bool]] = {
    "hide-cell": ("include", False),
    "remove-cell": ("include", False),
    "hide-code": ("echo", False),
    "show-code": ("echo", True),
    "hide-output": ("output", False),
    "show-output": ("output", True),
    "hide-warnings": ("warning", False),
    "show-warnings": ("warning", True),
}


def tag_options(tags: Any) -> dict[str, bool]:
    """Give the options that a cell's tags stand for."""
    return dict(_TAGS[tag] for tag in tags or () if tag in _TAGS)


_NUMBERS = ("timeout", "fig-width", "fig-height", "fig-dpi")
_FIGURE_FORMATS = ("retina", "png", "jpeg", "svg")


def execute_options(metadata: Mapping[str, Any], *, enabled: bool) -> ExecuteOptions:
    """Read the options that count for a document from its merged metadata.

    ``enabled`` is what counts when the metadata does not say. Quarto takes these keys from
    ``execute:`` and from the top level alike.

    Raises
    ------
    ValueError
        With the name of the key whose value does not fit, and what would.
    """
    section = metadata.get("execute")
    values = {key: metadata[key] for key in EXECUTE_KEYS & metadata.keys()}
    if isinstance(section, bool):
        values["enabled"] = section
    elif isinstance(section, Mapping):
        values |= section
    fields: dict[str, Any] = {"enabled": enabled}
    for key, value in values.items():
        name = {"ipynb-shell-interactivity": "interactivity"}.get(key, key.replace("-", "_"))
        if value is not None and name in ExecuteOptions.__dataclass_fields__:
            _check(key, value)
            fields[name] = value
    return ExecuteOptions(**fields)


def _check(key: str, value: Any) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if key in _NUMBERS and not (is_number and value > 0):
        raise ValueError(key, "a positive number")
    if key == "fig-format" and value not in _FIGURE_FORMATS:
        raise ValueError(key, f"one of {', '.join(_FIGURE_FORMATS)}")


def suggestion(name: str, known: Iterable[str]) -> str:
    """Say what an unknown name may have been meant to be, as the end of a message."""
    close = difflib.get_close_matches(name, sorted(known), n=1)
    return f", did you mean `{close[0]}`?" if close else ""
