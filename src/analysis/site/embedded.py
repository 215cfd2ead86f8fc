"""The embedded renderer: page bodies by pandoc in parallel, the site around them by templates."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from markupsafe import Markup

from analysis.documents.page import Page
from analysis.errors import Location, ProjectError
from analysis.files import write_text
from analysis.project import Project
from analysis.site.assemble import Beside, assemble
from analysis.site.assets import asset_texts, has_charts
from analysis.site.bodies import render_bodies
from analysis.site.config import SiteConfig, read_site
from analysis.site.identity import fingerprint_reads, page_keys, site_key
from analysis.site.links import escape_path
from analysis.site.listing.render import RenderedListings, fill_in, render_listings
from analysis.site.markdown import render_texts
from analysis.site.navigation import Navigation, Target
from analysis.site.reads import observed_reads
from analysis.site.renderer import RenderedSite, Report, silent
from analysis.site.resources import copy_files, declared, navigation_items, page_styles
from analysis.site.search import Entry, search_entries, write_search
from analysis.site.sitemap import robots, sitemap
from analysis.site.sitepage import Site, SitePage
from analysis.site.template import environment


class EmbeddedRenderer:
    """Render a Quarto website without Quarto: same files, addresses, anchors and numbers."""

    name = "embedded"

    def identity(self, project: Project, pages: Sequence[Page]) -> str | None:
        """Fingerprint configuration, code, and what each page is made from."""
        return site_key(project, pages, page_keys(project, page_outputs(pages)))

    def render(
        self,
        project: Project,
        pages: Sequence[Page],
        output: Path,
        *,
        jobs: int = 1,
        report: Report = silent,
    ) -> RenderedSite:
        """Write the whole site into the empty folder ``output``; see :class:`Renderer`."""
        started = time.monotonic()
        outputs = page_outputs(pages)
        keys = page_keys(project, outputs)
        with observed_reads(project.root) as names:
            config = read_site(project)
            bodies = render_bodies(project, pages, keys, jobs, report)
            names.update(name for body in bodies for name in body.missing)
            by_source = {
                page.source: SitePage(page, body) for page, body in zip(pages, bodies, strict=True)
            }
            site = Site(project.root, by_source)
            build = _Build(project, config, site, _navigation(project, config, site))
            warnings = (*config.warnings, *build.write(output))
        return RenderedSite(
            output,
            self.name,
            tuple(outputs.values()),
            warnings,
            time.monotonic() - started,
            fingerprint_reads(project, names),
        )


def page_outputs(pages: Iterable[Page]) -> dict[str, str]:
    """Map each document to its page.

    Raises
    ------
    ProjectError
        Two documents make one page.
    """
    sources: dict[str, str] = {}
    for page in pages:
        if (other := sources.setdefault(page.output, page.source)) != page.source:
            raise ProjectError(
                f"`{other}` and `{page.source}` both make the page `{page.output}`",
                Location(page.source),
                "rename one of them, or give it an `output-file` of its own",
            )
    return {source: output for output, source in sources.items()}


def _navigation(project: Project, config: SiteConfig, site: Site) -> Navigation:
    targets = {
        # A document without a page, such as one left out of this run, keeps its address.
        source: Target(
            str(PurePosixPath(source).with_suffix(".html")), Markup.escape(source), source
        )
        for source in project.documents
    }
    for source, page in site.pages.items():
        order = page.page.metadata.get("order")
        title = page.body.plain_title or PurePosixPath(page.output).name
        targets[source] = Target(
            output=page.output,
            title=Markup(page.body.title) or Markup.escape(title),
            plain_title=title,
            order=float(order) if isinstance(order, int | float) else None,
            sidebar=page.page.metadata.get("sidebar"),
        )
    texts = [item.text for item in navigation_items(config) if item.text]
    footer = (config.footer.left, config.footer.center, config.footer.right)
    texts += [part for part in footer if isinstance(part, str)]
    texts += [sidebar.title for sidebar in config.sidebars if sidebar.title]
    return Navigation(config, targets, render_texts(texts))


@dataclass(frozen=True)
class _Build:
    """All that is known once the bodies are there."""

    project: Project
    config: SiteConfig
    site: Site
    navigation: Navigation

    def write(self, output: Path) -> tuple[str, ...]:
        """Write every file of the site; give the warnings."""
        entries: list[Entry] = []
        indexes: list[dict[str, object]] = []
        warnings: list[str] = []
        files = {name: self.project.root / name for name in declared(self.project, self.config)}
        shows_charts = False
        for page in self.site.pages.values():
            listings = render_listings(page, self.site)
            content = listings.content if listings else page.body.content
            entries += self._entries(page, content)
            beside = Beside(
                fill_in(content, self.site),
                listings.margin if listings else "",
            )
            styles = page_styles(page.page, self.config, self.project.root)
            html = assemble(page, beside, self.config, self.navigation, styles)
            write_text(output / page.output, html)
            shows_charts = shows_charts or has_charts(beside.content)
            files.update(self._files(page, styles, listings))
            warnings += [f"{where}: {what}" for where, what in page.body.warnings]
            if listings:
                warnings += listings.warnings
                items = ["/" + path for path in listings.paths if "://" not in path]
                indexes.append({"listing": "/" + page.output, "items": items})
        self._write_indexes(output, entries, indexes)
        self._write_home(output)
        for name, text in asset_texts(self.project, charts=shows_charts).items():
            write_text(output / name, text)
        missing = copy_files(files, output)
        return (*warnings, *(f"there is no file `{name}`, which a page shows" for name in missing))

    def _entries(self, page: SitePage, content: str) -> list[Entry]:
        if not self.config.search or page.page.metadata.get("search") is False:
            return []
        title = page.body.plain_title or self.config.title
        crumbs = self.navigation.search_crumbs(page.source)
        return search_entries(page.output, title, content, crumbs)

    def _files(
        self, page: SitePage, styles: Sequence[str], listings: RenderedListings | None
    ) -> dict[str, Path]:
        names = [*page.body.resources, *styles, *(listings.resources if listings else ())]
        # What execution made lies elsewhere on disk, but has its place beside the page.
        return {**{name: self.project.root / name for name in names}, **page.page.figures}

    def _write_home(self, output: Path) -> None:
        # As in Quarto: a site without a home page leads to its first page.
        first = next((page.output for page in self.site.pages.values()), None)
        if first and not (output / "index.html").exists():
            template = environment().get_template("redirect.html")
            write_text(output / "index.html", template.render(href=escape_path(first)))

    def _write_indexes(
        self, output: Path, entries: list[Entry], indexes: list[dict[str, object]]
    ) -> None:
        if self.config.search:
            write_text(output / "search.json", write_search(entries))
        if indexes:
            write_text(output / "listings.json", json.dumps(indexes, ensure_ascii=False, indent=2))
        if self.config.url:
            outputs = (page.output for page in self.site.pages.values())
            write_text(output / "sitemap.xml", sitemap(self.config.url, outputs))
            if not (self.project.root / "robots.txt").is_file():
                write_text(output / "robots.txt", robots(self.config.url))
