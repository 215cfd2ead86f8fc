"""The program that lies in every bundle, so that others can see whether a server is right."""

from __future__ import annotations

from pathlib import Path

# It is a module of ours too, so that a certificate is made by the same code.
_SHIPPED = Path(__file__).with_name("shipped.py")


def standalone_source() -> str:
    """Give the text of ``validate.py``: Python 3.9, the standard library alone."""
    return _SHIPPED.read_text(encoding="utf-8")
