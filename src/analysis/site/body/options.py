"""The options of a page that change its content, read once from its metadata."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from analysis.errors import DocumentError, Location
from analysis.site.body.language import words

_CREATIVE_COMMONS = re.compile(r"^(CC0|CC BY(?:-NC)?(?:-SA|-ND)?)(?: (\d\.\d))?$")
_PLACES = ("top", "bottom", "margin")


@dataclass(frozen=True)
class CustomFloat:
    """A kind of float that ``crossref: custom:`` declares."""

    key: str
    title: str
    prefix: str
    location: str


@dataclass(frozen=True)
class Crossref:
    """How things are numbered and referred to."""

    titles: Mapping[str, str]
    prefixes: Mapping[str, str]
    labels: Mapping[str, str]
    custom: tuple[CustomFloat, ...]
    title_delim: str
    ref_hyperlink: bool
    chapters: bool


@dataclass(frozen=True)
class License:
    """Under which the page may be used again; the address may be empty."""

    text: str
    address: str


@dataclass(frozen=True)
class BodyOptions:
    """The parsed options; names are those of Quarto with underscores."""

    lang: str
    toc: bool
    toc_depth: int
    number_sections: bool
    number_depth: int
    number_offset: tuple[int, ...]
    shift_heading_level_by: int
    reference_location: str
    citation_location: str
    code_fold: str
    code_summary: str
    code_line_numbers: bool
    code_copy: bool
    code_overflow: str
    code_annotations: str
    anchor_sections: bool
    html_table_processing: bool
    cap_location: Mapping[str, str]
    fig_align: str
    fig_responsive: bool
    callout_appearance: str
    callout_icon: bool
    appendix_style: str
    license: tuple[License, ...]
    copyright: str
    reader: str
    bibliography: tuple[Path, ...]
    csl: Path | None
    crossref: Crossref

    def for_filters(self, profiles: tuple[str, ...]) -> str:
        """Write the options as JSON for the Lua filters, which use the same names."""
        more = {"words": words(self.lang), "profiles": profiles}
        return json.dumps(dataclasses.asdict(self) | more, default=str, sort_keys=True)


def parse_options(metadata: Mapping[str, Any], source: str, root: Path) -> BodyOptions:
    """Read the options of the document ``source``; ``format: html:`` goes before the top level.

    Raises
    ------
    DocumentError
        A bibliography or citation style is missing or lies outside the project.
    """
    found = html_options(metadata)
    named = words(str(found.get("lang") or "en"))
    crossref = _crossref(found.get("crossref"), named, source)
    folded = found.get("code-fold", False)
    return BodyOptions(
        lang=str(found.get("lang") or "en"),
        toc=bool(found.get("toc", False)),
        toc_depth=_number(found.get("toc-depth"), 3),
        number_sections=bool(found.get("number-sections", False)),
        number_depth=_number(found.get("number-depth"), 6),
        number_offset=_numbers(found.get("number-offset")),
        shift_heading_level_by=_number(found.get("shift-heading-level-by"), 0),
        reference_location=str(found.get("reference-location") or "document"),
        citation_location=str(found.get("citation-location") or "document"),
        code_fold=str(folded).lower(),
        code_summary=str(found.get("code-summary") or named["code"]),
        code_line_numbers=bool(found.get("code-line-numbers", False)),
        code_copy=found.get("code-copy", True) is not False,
        code_overflow=str(found.get("code-overflow") or "scroll"),
        code_annotations=str(found.get("code-annotations", "below")).lower(),
        anchor_sections=found.get("anchor-sections", True) is not False,
        html_table_processing=str(found.get("html-table-processing", "")) not in ("none", "False"),
        cap_location=_cap_locations(found, crossref.custom),
        fig_align=str(found.get("fig-align") or "center"),
        fig_responsive=found.get("fig-responsive", True) is not False,
        callout_appearance=str(found.get("callout-appearance") or "default"),
        callout_icon=found.get("callout-icon", True) is not False,
        appendix_style=_appendix_style(found.get("appendix-style")),
        license=tuple(_license(item) for item in _list(found.get("license")) if item),
        copyright=_copyright(found.get("copyright")),
        reader=str(found.get("from") or "markdown"),
        bibliography=tuple(_file(name, source, root) for name in _texts(found.get("bibliography"))),
        csl=_file(str(found["csl"]), source, root) if found.get("csl") else None,
        crossref=crossref,
    )


def html_options(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Put what stands under ``format: html:`` over what stands at the top level."""
    formats = metadata.get("format")
    html = formats.get("html") if isinstance(formats, Mapping) else None
    return {**metadata, **(html if isinstance(html, Mapping) else {})}


def _crossref(given: Any, named: Mapping[str, str], source: str) -> Crossref:
    asked = given if isinstance(given, Mapping) else {}
    custom = tuple(_custom_float(item, source) for item in asked.get("custom") or [])
    titles = dict(named) | {kind.key: kind.title for kind in custom}
    prefixes = {kind.key: kind.prefix for kind in custom}
    labels = {"all": str(asked["labels"])} if "labels" in asked else {}
    for name, value in asked.items():
        kind, _, what = str(name).rpartition("-")
        target = {"title": titles, "prefix": prefixes, "labels": labels}.get(what)
        if target is not None and kind:
            target[kind] = str(value)
    return Crossref(
        titles=titles,
        prefixes=prefixes,
        labels=labels,
        custom=custom,
        title_delim=str(asked.get("title-delim", ":")),
        ref_hyperlink=asked.get("ref-hyperlink", True) is not False,
        chapters=bool(asked.get("chapters", False)),
    )


def _custom_float(item: Any, source: str) -> CustomFloat:
    if not isinstance(item, Mapping) or not item.get("key"):
        raise DocumentError(
            "an entry of `crossref: custom` has no `key`",
            Location(source),
            "give it the prefix of its labels, such as `key: vid`",
        )
    prefix = str(item.get("reference-prefix") or item["key"])
    title = str(item.get("caption-prefix") or prefix)
    return CustomFloat(
        str(item["key"]), title, prefix, str(item.get("caption-location") or "bottom")
    )


def _cap_locations(found: Mapping[str, Any], custom: tuple[CustomFloat, ...]) -> dict[str, str]:
    defaults = {"fig": "bottom", "tbl": "top", "lst": "top"}
    defaults |= {kind.key: kind.location for kind in custom}
    places = {}
    for kind, default in defaults.items():
        place = str(found.get(f"{kind}-cap-location") or found.get("cap-location") or default)
        places[kind] = place if place in _PLACES else default
    return places


def _appendix_style(value: Any) -> str:
    if value is False or value == "none":
        return "none"
    return "plain" if value == "plain" else "default"


def _license(item: Any) -> License:
    if isinstance(item, Mapping):
        text = str(item.get("text") or item.get("type") or "")
        return License(text, str(item.get("url") or ""))
    match = _CREATIVE_COMMONS.match(str(item).strip())
    if match is None:
        return License(str(item), "")
    version = match[2] or ("1.0" if match[1] == "CC0" else "4.0")
    folder = "publicdomain/zero" if match[1] == "CC0" else f"licenses/{match[1][3:].lower()}"
    address = f"https://creativecommons.org/{folder}/{version}/"
    return License(f"{match[1]} {version}", address)


def _copyright(value: Any) -> str:
    if not isinstance(value, Mapping):
        return str(value or "")
    if value.get("statement"):
        return str(value["statement"])
    return " ".join(str(part) for part in ("©", value.get("year"), value.get("holder")) if part)


def _number(value: Any, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def _numbers(value: Any) -> tuple[int, ...]:
    return tuple(item for item in _list(value) if isinstance(item, int))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _texts(value: Any) -> list[str]:
    return [str(item) for item in _list(value) if item]


def _file(name: str, source: str, root: Path) -> Path:
    """Find a file beside the document, else below the root: metadata may come from either."""
    if name.startswith("/"):
        candidates = [root / name.lstrip("/")]
    else:
        candidates = [root / PurePosixPath(source).parent / name, root / name]
    for path in candidates:
        if path.is_file():
            if not path.resolve().is_relative_to(root.resolve()):
                raise DocumentError(
                    f"`{name}` lies outside the project",
                    Location(source),
                    "copy it into the project",
                )
            return path.resolve()
    raise DocumentError(
        f"there is no file `{name}`", Location(source), "check `bibliography` and `csl`"
    )
