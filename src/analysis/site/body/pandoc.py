"""One pandoc process a page: Markdown and options in, HTML and messages out."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from analysis.errors import Location, RenderError
from analysis.site.body.options import BodyOptions

_HERE = Path(__file__).parent
_PARTS = re.compile(r"\n?<!--analysis:\w+-->\n?")
_MESSAGE = "ANALYSIS "
_TIMEOUT = 120
# Metadata that is the site's business, or that would change how pandoc reads or writes.
_NOT_FOR_PANDOC = (
    "project website format execute listing analysis jupyter bibliography csl css filters "
    "include-in-header include-before-body include-after-body header-includes template params "
    "crossref"
)


@dataclass(frozen=True)
class Messages:
    """What pandoc and the filters told: by kind the subjects, and pandoc's own warnings."""

    told: Mapping[str, tuple[str, ...]]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Converted:
    """HTML of the page's parts."""

    title: str
    subtitle: str
    description: str
    abstract: str
    body: str
    messages: Messages


def convert(
    markdown: str,
    metadata: Mapping[str, Any],
    options: BodyOptions,
    source: str,
    profiles: tuple[str, ...],
) -> Converted:
    """Convert a page's Markdown, its front matter already taken off.

    Raises
    ------
    RenderError
        Pandoc failed; the message is pandoc's.
    """
    cites = bool(options.bibliography or metadata.get("references"))
    try:
        done = subprocess.run(
            _command(options, cites),
            input=f"{_metadata_block(metadata, options)}\n{markdown}".encode(),
            capture_output=True,
            env=os.environ | {"ANALYSIS_BODY_OPTIONS": options.for_filters(profiles)},
            check=False,
            timeout=_TIMEOUT,
        )
    except subprocess.TimeoutExpired:
        raise _failure(f"it took longer than {_TIMEOUT} seconds", source) from None
    errors = done.stderr.decode(errors="replace")
    if done.returncode != 0:
        raise _failure(errors, source)
    title, subtitle, description, abstract, body = _PARTS.split(done.stdout.decode())
    return Converted(title, subtitle, description, abstract, body, _read_messages(errors))


@cache
def _pandoc() -> str:
    import pypandoc

    return str(pypandoc.get_pandoc_path())


def _command(options: BodyOptions, cites: bool) -> list[str]:
    command = [
        _pandoc(),
        f"--from={options.reader}",
        "--to=html5",
        f"--template={_HERE / 'template.html'}",
        "--section-divs",
        "--mathml",
        "--wrap=none",
        "--eol=lf",
        "--email-obfuscation=none",
        f"--shift-heading-level-by={options.shift_heading_level_by}",
        f"--reference-location={_place(options.reference_location)}",
        f"--lua-filter={_HERE / 'filters' / 'main.lua'}",
    ]
    # References must be resolved first: what is left then is a citation.
    return [*command, "--citeproc"] if cites else command


def _place(location: str) -> str:
    return location if location in ("block", "section") else "document"


def _metadata_block(metadata: Mapping[str, Any], options: BodyOptions) -> str:
    """Write the metadata for pandoc: JSON is YAML."""
    kept = {str(k): v for k, v in metadata.items() if k not in _NOT_FOR_PANDOC.split()}
    kept |= {"pagetitle": "page", "lang": options.lang}
    kept.setdefault("link-citations", True)
    if isinstance(kept.get("abstract"), str):
        # The line end at the end makes pandoc read blocks and not one line.
        kept["abstract"] = kept["abstract"].strip() + "\n"
    if options.bibliography:
        kept["bibliography"] = [str(path) for path in options.bibliography]
    if options.csl:
        kept["csl"] = str(options.csl)
    return f"---\n{json.dumps(kept, default=str, ensure_ascii=False)}\n---\n"


def _failure(errors: str, source: str) -> RenderError:
    text = "\n".join(line for line in errors.splitlines() if not line.startswith(_MESSAGE)).strip()
    return RenderError(f"pandoc could not convert this page: {text}", Location(source))


def _read_messages(errors: str) -> Messages:
    told: dict[str, list[str]] = {}
    warnings: list[str] = []
    for line in errors.splitlines():
        if line.startswith(_MESSAGE):
            message = json.loads(line.removeprefix(_MESSAGE))
            told.setdefault(message["kind"], []).append(message["subject"])
        elif line.startswith("[WARNING]"):
            warnings.append(line.removeprefix("[WARNING]").strip())
        elif warnings and line.startswith(" "):
            warnings[-1] += " " + line.strip()
    return Messages({kind: tuple(subjects) for kind, subjects in told.items()}, tuple(warnings))
