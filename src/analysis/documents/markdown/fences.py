"""Blocks of code and raw text with as many backticks as their content needs."""

from __future__ import annotations

import re

_TICKS = re.compile(r"^\s*(`+)", re.MULTILINE)


def ticks(text: str, least: int = 3) -> str:
    """Give a fence longer than each run of backticks that begins a line of ``text``."""
    longest = max((len(match[1]) for match in _TICKS.finditer(text)), default=0)
    return "`" * max(least, longest + 1)


def enclosed(text: str, kind: str = "") -> str:
    """Put ``text`` into a fence; ``kind`` is what stands behind its opening."""
    fence = ticks(text)
    end = "" if text.endswith("\n") else "\n"
    return f"{fence}{kind}\n{text}{end}{fence}\n"


def raw_html(text: str) -> str:
    """Put HTML into a raw block."""
    return enclosed(text, "{=html}")
