"""Change every kind of input in every way: exactly the pages that depend on it run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.helpers.projects import write_project
from tests.proof.mutation_project import EXECUTED, PACKAGE, PROJECT, USERS
from tests.proof.mutations import HARMLESS, MATTERING, Mutation, Place
from tests.proof.publisher import MADE, Publisher, different, site

PRELOAD = [("duckdb", []), ("pandas", [])]
# The listing, and what is gathered from all pages.
GATHERED = frozenset({"index.html", "search.json", "listings.json", "sitemap.xml"})


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, publisher: Publisher) -> Place:
    """Publish the whole project once; every change is one to the state that the last one left."""
    write_project(publisher.packages, PACKAGE)
    (publisher.packages / "_quarto.yml").unlink()
    root = write_project(tmp_path_factory.mktemp("mutation") / "project", PROJECT)
    first = publisher(root)
    assert first.code == 0, first.text
    assert first.ran == EXECUTED and len(EXECUTED) >= 30
    return Place(root, publisher.packages)


def mistakes(publisher: Publisher, place: Place, mutation: Mutation) -> str:
    """Change and publish; say which pages should or should not have run, or are shown anew."""
    before = site(place.root)
    mutation.change(place)
    published = publisher(place.root)
    changed = set(different(before, site(place.root))) if mutation.shows is not None else set()
    pages = {Path(source).with_suffix(".html").as_posix() for source in mutation.stale}
    gathered = GATHERED if mutation.stale or mutation.shows else frozenset()
    found = {
        "failed": published.failed,
        "did not run": mutation.stale - published.ran,
        "ran": published.ran - mutation.stale,
        "is shown anew": changed - pages - gathered - (mutation.shows or frozenset()),
    }
    said = [f"{what}: {' '.join(sorted(names))}" for what, names in found.items() if names]
    return f"{mutation.name}: {'; '.join(said)}" if said else ""


def test_nothing_that_does_not_matter_makes_a_page_run(publisher: Publisher, place: Place) -> None:
    """The site stays as it is, byte for byte, but for what a change is meant to show."""
    found = [mistakes(publisher, place, mutation) for mutation in HARMLESS]
    assert not any(found), "\n".join(filter(None, found))


def test_exactly_the_pages_that_depend_on_it_run(publisher: Publisher, place: Place) -> None:
    """No other page is shown anew; and the next run has nothing to do."""
    found = [mistakes(publisher, place, mutation) for mutation in MATTERING]
    assert not any(found), "\n".join(filter(None, found))
    assert publisher(place.root).ran == frozenset()


def test_all_that_was_published_equals_a_run_from_nothing(
    publisher: Publisher, place: Place
) -> None:
    """After all changes above, each of which left it to the next what it had published."""
    assert different(site(place.root), publisher.from_nothing(place.root)) == []


def test_a_fresh_clone_elsewhere_runs_only_what_has_an_age(
    publisher: Publisher, place: Place, tmp_path: Path
) -> None:
    """What is committed is enough; but it does not say when a page ran."""
    committed = [name for name in MADE if name != "_freeze"]
    shutil.copytree(place.root, tmp_path / "clone", ignore=shutil.ignore_patterns(*committed))
    published = publisher(tmp_path / "clone")
    assert (published.code, published.ran) == (0, USERS["age"])
    assert different(site(place.root), site(tmp_path / "clone")) == []
