"""Shortcodes: ``{{< name arguments >}}`` is replaced in the text before Markdown is parsed.

They may stand where Markdown has no node for them, such as in the address of a link, so they are
not a step on the tree.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from analysis.errors import Location
from analysis.site.body.model import BodyContext
from analysis.site.body.source import locate, segments

_SHORTCODE = re.compile(r"\{\{\{<(.*?)>\}\}\}|\{\{<\s*(.*?)\s*>\}\}", re.DOTALL)
_IN_CODE = ("meta", "var", "env")
_MISSING = object()

Warnings = list[tuple[Location, str]]


def expand(
    text: str, source: str, metadata: Mapping[str, Any], context: BodyContext
) -> tuple[str, Warnings]:
    """Replace the shortcodes of ``text``; give the text, and what could not be replaced."""
    if "{{<" not in text:
        return text, []
    warnings: Warnings = []

    def replace(match: re.Match[str], is_code: bool) -> str:
        if match[1] is not None:
            return "{{<" + match[1] + ">}}"
        name, arguments, named = _parse(match[2])
        if is_code and name not in _IN_CODE:
            return match[0]
        handler = _HANDLERS.get(name)
        result = handler(arguments, named, metadata, context) if handler else None
        if result is None:
            where = locate(context, source, r"\{\{<\s*" + re.escape(match[2]))
            warnings.append((where, _complaint(name, arguments)))
            result = match[0] if is_code else f"`{match[0]}`"
        return result

    pieces = [
        _SHORTCODE.sub(lambda match, code=is_code: replace(match, code), piece)  # type: ignore[misc]
        for piece, is_code in segments(text)
    ]
    return "".join(pieces), warnings


def _parse(text: str) -> tuple[str, list[str], dict[str, str]]:
    try:
        words = shlex.split(text.replace("\\", "\\\\"))
    except ValueError:
        words = text.split()
    arguments: list[str] = []
    named: dict[str, str] = {}
    for word in words[1:]:
        key, equals, value = word.partition("=")
        if equals and re.fullmatch(r"[\w-]+", key):
            named[key] = value
        else:
            arguments.append(word)
    return (words[0] if words else ""), arguments, named


def _complaint(name: str, arguments: list[str]) -> str:
    if name in _IN_CODE:
        return f"the shortcode `{name}` finds no value for `{' '.join(arguments)}`"
    return f"the shortcode `{name}` is not supported here; it stays in the text"


Handler = Callable[[list[str], dict[str, str], Mapping[str, Any], BodyContext], str | None]


def _meta(
    arguments: list[str], _: dict[str, str], metadata: Mapping[str, Any], context: BodyContext
) -> str | None:
    return _shown(_lookup(metadata, arguments))


def _var(
    arguments: list[str], _: dict[str, str], metadata: Mapping[str, Any], context: BodyContext
) -> str | None:
    return _shown(_lookup(context.variables, arguments))


def _env(
    arguments: list[str], _: dict[str, str], metadata: Mapping[str, Any], context: BodyContext
) -> str | None:
    if not arguments:
        return None
    default = arguments[1] if len(arguments) > 1 else None
    return context.environment.get(arguments[0], default)


def _lookup(values: Any, arguments: list[str]) -> Any:
    if not arguments:
        return _MISSING
    for key in arguments[0].split("."):
        if isinstance(values, Mapping) and key in values:
            values = values[key]
        elif isinstance(values, list) and key.isdigit() and 0 < int(key) <= len(values):
            values = values[int(key) - 1]
        else:
            return _MISSING
    return values


def _shown(value: Any) -> str | None:
    if value is _MISSING or value is None or isinstance(value, Mapping):
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return str(value)


def _pagebreak(*_: Any) -> str:
    return _raw_block('<div style="page-break-after: always;"></div>')


def _kbd(arguments: list[str], named: dict[str, str], *_: Any) -> str | None:
    keys = arguments[0] if arguments else named.get("linux") or named.get("win")
    return f"`<kbd>{escape(keys)}</kbd>`{{=html}}" if keys else None


def _video(arguments: list[str], named: dict[str, str], *_: Any) -> str | None:
    address = arguments[0] if arguments else named.get("src")
    if not address:
        return None
    title = escape(named.get("title") or "Video")
    target = escape(address)
    # No page loads from another host: a film elsewhere is a link.
    if re.match(r"(?:[a-z]+:)?//", address):
        return _raw_block(f'<p class="quarto-video"><a href="{target}">{title}</a></p>')
    sizes = "".join(
        f' {name}="{escape(named[name])}"' for name in ("width", "height") if name in named
    )
    return _raw_block(
        f'<div class="quarto-video"><video src="{target}" title="{title}" controls'
        f"{sizes or ' class=img-fluid'}></video></div>"
    )


def _raw_block(html: str) -> str:
    return f"\n\n```{{=html}}\n{html}\n```\n\n"


_HANDLERS: Mapping[str, Handler] = {
    "meta": _meta,
    "var": _var,
    "env": _env,
    "pagebreak": _pagebreak,
    "kbd": _kbd,
    "video": _video,
}
