"""What a page and a site are made from, as fingerprints: the same ones need no new rendering."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from analysis.documents.page import Page
from analysis.files import digest, digest_file
from analysis.project import Project, parse_yaml
from analysis.project.project import read_text
from analysis.site.body.model import BodyContext

_ENVIRONMENT = re.compile(r"\{\{<\s*env\s+[\"']?(\w+)")
_TODAY = re.compile(r"\b(?:today|now|last-modified)\b")
_LIBRARIES = ("babel", "jinja2", "lxml", "pypandoc_binary")
_SUFFIXES = frozenset((".py", ".lua", ".html", ".css", ".js"))
_VARIABLES = "_variables.yml"
ABSENT = ""


@cache
def code_fingerprint() -> str:
    """Fingerprint this package and the libraries that decide what a page looks like."""
    folder = Path(__file__).parent
    sources = sorted(path for path in folder.rglob("*") if path.suffix in _SUFFIXES)
    parts = [f"{path.relative_to(folder)} {digest_file(path)}" for path in sources]
    parts += [f"{name} {version(name)}" for name in _LIBRARIES]
    return digest("\n".join(parts).encode())


@dataclass(frozen=True)
class PageKeys:
    """Fingerprints the pages of one project; what they share is looked at once."""

    context: BodyContext
    shared: str

    def key(self, page: Page) -> str:
        """Fingerprint all that decides the body of ``page``."""
        metadata = json.dumps(page.metadata, default=str)
        names = set(_ENVIRONMENT.findall(page.markdown + metadata))
        environment = {name: self.context.environment.get(name) for name in sorted(names)}
        clock = str(self.context.today) if _TODAY.search(metadata) else ""
        parts = [self.shared, page.source, page.markdown, metadata, clock, json.dumps(environment)]
        parts += [f"{path} {digest_file(path)}" for path in self._bibliography(page)]
        return digest("\0".join(parts).encode())

    def _bibliography(self, page: Page) -> Iterable[Path]:
        """Give the files that pandoc itself reads."""
        if not any(name in str(page.metadata) for name in ("bibliography", "csl")):
            return ()
        from analysis.site.body.options import parse_options

        options = parse_options(page.metadata, page.source, self.context.root)
        return (*options.bibliography, *([options.csl] if options.csl else []))


def page_keys(project: Project, outputs: Mapping[str, str]) -> PageKeys:
    """Gather what the pages share; ``outputs`` maps each document to its path in the site."""
    path = project.root / _VARIABLES
    found = parse_yaml(read_text(path, _VARIABLES), _VARIABLES).value if path.is_file() else None
    context = BodyContext(
        root=project.root,
        outputs=outputs,
        variables=found if isinstance(found, dict) else {},
        profiles=tuple(filter(None, os.environ.get("QUARTO_PROFILE", "").split(","))),
    )
    shared = [dict(context.outputs), dict(context.variables), context.profiles]
    return PageKeys(context, code_fingerprint() + json.dumps(shared, default=str, sort_keys=True))


def site_key(project: Project, pages: Iterable[Page], keys: PageKeys) -> str:
    """Fingerprint all that decides a site, but for the files that its rendering reads."""
    parts = [json.dumps(project.metadata, default=str)]
    for page in pages:
        figures = (f"{name} {digest_file(path)}" for name, path in sorted(page.figures.items()))
        parts += [page.output, keys.key(page), *page.head, *figures]
    return digest("\0".join(parts).encode())


def fingerprint_reads(project: Project, names: Iterable[str]) -> dict[str, str]:
    """Fingerprint project files, and the names in project folders, as they are now.

    What we wrote ourselves and our own code do not count: other fingerprints cover them.
    """
    ours = [Path(__file__).parents[1], project.freeze_dir, project.published_dir]
    skipped = [str(path.relative_to(project.root)) for path in ours if _is_below(path, project)]
    return {
        name: _fingerprint(project.root / name)
        for name in sorted(names)
        if name[0] != "." and not any(name == s or name.startswith(f"{s}/") for s in skipped)
    }


def reads_are_the_same(root: Path, then: Mapping[str, str]) -> bool:
    """Say whether everything that a rendering read still has the same content."""
    return all(_fingerprint(root / name) == content for name, content in then.items())


def _is_below(path: Path, project: Project) -> bool:
    return project.root in path.parents


def _fingerprint(path: Path) -> str:
    if path.is_dir():
        names = (item.name for item in path.iterdir())
        return digest("\n".join(sorted(n for n in names if n[0] not in "._")).encode())
    return digest_file(path) if path.is_file() else ABSENT
