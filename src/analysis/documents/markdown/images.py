"""Images: written as files beside the page, and linked with their label, size and caption."""

from __future__ import annotations

import base64
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

EXTENSIONS = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpeg"}
# What would end the address of a link too early.
_SPECIAL = re.compile(r"[\s%()<>\[\]\\\"]")
# In the order in which Quarto writes them.
_ATTRIBUTES = ("fig-align", "fig-env", "fig-alt", "fig-pos", "fig-scap")


@dataclass(frozen=True)
class Image:
    """An image of an output: file name relative to the page's folder, content, size in pixels."""

    name: str
    content: bytes
    width: Any = None
    height: Any = None


def image(data: str, mime: str, metadata: Mapping[str, Any], stem: str, dpi: int | None) -> Image:
    """Read an image of an output.

    ``stem`` is its file without extension; ``dpi`` is set where figures have doubled resolution.
    """
    text = data.strip()
    if mime == "image/svg+xml" and "<svg" in text:
        content = text.encode()
    else:
        content = base64.b64decode(text.replace("\n", ""))
    width = metadata.get("out-width") or metadata.get("width")
    height = metadata.get("out-height") or metadata.get("height")
    if mime == "image/png" and dpi and (size := _size_at(content, 2 * dpi)):
        width, height = ((side + 1) // 2 for side in size)
    return Image(f"{stem}.{EXTENSIONS[mime]}", content, width, height)


def address(name: str) -> str:
    """Write a file's name so that it can stand in a link."""
    return _SPECIAL.sub(lambda match: quote(match[0], safe=""), name)


def link(picture: Image, label: str | None, caption: str, options: Mapping[str, Any]) -> str:
    """Write the Markdown that shows an image."""
    parts = [f"#{label}"] if label else []
    parts += [f"{key}={value}" for key, value in _sizes(picture) if value]
    parts += [f"{key}='{_quoted(options[key])}'" for key in _ATTRIBUTES if options.get(key)]
    text = f"![{caption}]({address(picture.name)})" + (f"{{{' '.join(parts)}}}" if parts else "")
    target = options.get("fig-link")
    return (f"[{text}]({target})" if target else text) + "\n"


def _sizes(picture: Image) -> tuple[tuple[str, Any], ...]:
    return ("width", picture.width), ("height", picture.height)


def _quoted(value: Any) -> str:
    return str(value).replace("'", "\\'")


def _size_at(content: bytes, dpi: int) -> tuple[int, int] | None:
    """Give a PNG's size in its own pixels if it has the resolution ``dpi``."""
    place = content.find(b"pHYs", 0, 4096)
    if content[:4] != b"\x89PNG" or place < 0:
        return None
    across, down, unit = struct.unpack(">IIB", content[place + 4 : place + 13])
    if unit != 1 or {round(across * 0.0254), round(down * 0.0254)} != {dpi}:
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height
