"""The ways in which an input can change; each says which inputs have another content after it.

Long because it is one list.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.proof.mutation_project import EXECUTED, USERS


@dataclass(frozen=True)
class Place:
    """The folders that a mutation may change: the project, and the installed packages."""

    root: Path
    packages: Path

    def write(self, name: str, text: str) -> None:
        """Write a project file."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def append(self, name: str, text: str) -> None:
        """Add to the end of a project file."""
        self.write(name, (self.root / name).read_text() + text)

    def replace(self, name: str, old: str, new: str) -> None:
        """Replace what is in a project file."""
        text = (self.root / name).read_text()
        assert old in text, f"{name} has no {old!r}"
        self.write(name, text.replace(old, new))

    def remove(self, name: str) -> None:
        """Remove a file or a folder."""
        path = self.root / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()


@dataclass(frozen=True)
class Mutation:
    """A change; ``inputs`` are those of ``USERS`` whose content it changes.

    ``shows`` are pages that do not run but are shown anew; ``None``: all of them.
    """

    name: str
    change: Callable[[Place], object]
    inputs: tuple[str, ...] = ()
    shows: frozenset[str] | None = field(default_factory=frozenset)

    @property
    def stale(self) -> frozenset[str]:
        """Give the pages that must run."""
        return frozenset[str]().union(*(USERS[name] for name in self.inputs))


def _reorder(place: Place, name: str) -> None:
    """Write the blocks of a YAML file at its first level in the opposite order."""
    blocks: list[str] = []
    for line in (place.root / name).read_text().splitlines(keepends=True):
        if line[0].isspace():
            blocks[-1] += line
        else:
            blocks.append(line)
    place.write(name, "".join(reversed(blocks)))


def _reorder_rows(place: Place, name: str) -> None:
    head, *rows = (place.root / name).read_text().splitlines(keepends=True)
    place.write(name, head + "".join(reversed(rows)))


def _touch_all(place: Place) -> None:
    for path in place.root.rglob("*"):
        if path.is_file():
            os.utime(path, (1, 1))


def _rewrite_all(place: Place) -> None:
    for path in place.root.rglob("*"):
        if path.is_file() and "published" not in path.parts and ".analysis" not in path.parts:
            content = path.read_bytes()
            path.unlink()
            path.write_bytes(content)


def _new_version(place: Place) -> None:
    old = place.packages / "tinydist-1.0.dist-info"
    metadata = (old / "METADATA").read_text().replace("1.0", "1.1")
    (old / "METADATA").write_text(metadata)
    (old / "RECORD").write_text((old / "RECORD").read_text().replace("1.0", "1.1"))
    old.rename(place.packages / "tinydist-1.1.dist-info")
    (place.packages / "tinydist.py").write_text("VALUE = 'tiny of the next version'\n")


def _rename(place: Place, old: str, new: str) -> None:
    (place.root / old).rename(place.root / new)


def _edited(name: str) -> Callable[[Place], object]:
    return lambda place: place.append(name, "\nOne more sentence.\n")


def _python(name: str) -> Mutation:
    return Mutation(
        f"module {name}", lambda place: place.append(name, "# a comment is text too\n"), (name,)
    )


def _file(name: str) -> Mutation:
    return Mutation(f"file {name}", lambda place: place.append(name, "3\n"), (name,))


def _sentence(name: str) -> Mutation:
    return Mutation(f"included {name}", _edited(name), (name,))


HARMLESS = (
    Mutation("nothing", lambda p: None),
    Mutation("everything is touched", _touch_all),
    Mutation("everything is written again", _rewrite_all),
    Mutation("the warehouse is removed", lambda p: p.remove("data/warehouse.duckdb")),
    Mutation("the warehouse's record is removed", lambda p: p.remove("data/warehouse.json")),
    Mutation("the work folder is removed", lambda p: p.remove(".analysis"), ("age",)),
    Mutation("a comment in a view", lambda p: p.append("data/sql/features/daily.sql", "-- new\n")),
    Mutation(
        "a view is written in another way",
        lambda p: p.replace("data/sql/features/towns.sql", "upper(town)", "UPPER( town )"),
    ),
    Mutation(
        "other SQL, the same rows",
        lambda p: p.replace("data/sql/features/daily.sql", "sum(amount)", "sum(amount + 1 - 1)"),
    ),
    Mutation("rows in another order", lambda p: _reorder_rows(p, "data/raw/sales.csv")),
    Mutation(
        "a description of a source",
        lambda p: p.replace("data/sources.yml", "What it cost", "What it has cost"),
    ),
    Mutation("keys of _metadata.yml reordered", lambda p: _reorder(p, "meta/_metadata.yml")),
    Mutation("keys of _quarto.yml reordered", lambda p: _reorder(p, "_quarto.yml")),
    Mutation("a comment in _metadata.yml", lambda p: p.append("meta/_metadata.yml", "# words\n")),
    Mutation("a comment in _quarto.yml", lambda p: p.append("_quarto.yml", "# words\n")),
    Mutation("a new file", lambda p: p.write("files/unrelated.txt", "new")),
    Mutation("a new module", lambda p: p.write("src/unrelated.py", "x = 1\n")),
    Mutation("a new file beside declared ones", lambda p: p.write("decl/new.csv", "x")),
    Mutation(
        "a new view", lambda p: p.write("data/sql/features/new.sql", "select 1 as x from raw.costs")
    ),
    Mutation("a view that nobody reads is gone", lambda p: p.remove("data/sql/features/new.sql")),
    *(
        Mutation(f"{name}, which nobody reads", lambda p, n=name: p.append(n, "3\n"))
        for name in ("files/right.txt", "files/nobody.txt", "data/raw/unused.csv")
    ),
    *(
        Mutation(f"{name}, which nobody imports", lambda p, n=name: p.append(n, "Y = 2\n"))
        for name in ("src/shop/unused.py", "src/plugins/second.py")
    ),
    Mutation(
        "the title of the site",
        lambda p: p.replace("_quarto.yml", "Every kind", "All kinds"),
        shows=None,
    ),
)

MATTERING = (
    Mutation(
        "options of the whole project",
        lambda p: p.replace("_quarto.yml", "echo: false", "echo: true"),
        ("execution",),
        frozenset({"nb/saved.html"}),
    ),
    Mutation(
        "a column that only the table's readers see",
        lambda p: p.replace("data/raw/sales.csv", ",c\n", ",z\n"),
        ("raw.sales",),
    ),
    Mutation(
        "a value below all views",
        lambda p: p.replace("data/raw/sales.csv", "north,5", "north,9"),
        ("raw.sales", "features.daily", "features.margin", "reports.top"),
    ),
    Mutation(
        "a value that does not reach the highest view",
        lambda p: p.replace("data/raw/costs.csv", "01,2", "01,3"),
        ("raw.costs", "features.margin"),
    ),
    Mutation(
        "a row more",
        lambda p: p.append("data/raw/shops.csv", "west,Trier\n"),
        ("raw.shops", "features.towns"),
    ),
    Mutation(
        "another type of a column",
        lambda p: p.replace("data/sources.yml", "cost: INTEGER", "cost: BIGINT"),
        ("raw.costs",),  # the views subtract it from a wider type: theirs stay
    ),
    Mutation(
        "a view that gives other rows",
        lambda p: p.replace("data/sql/features/towns.sql", "UPPER( town )", "lower(town)"),
        ("features.towns",),
    ),
    Mutation(
        "the view on top",
        lambda p: p.replace("data/sql/reports/top.sql", "max", "min"),
        ("reports.top",),
    ),
    Mutation(
        "which relation is read",
        lambda p: p.write("wh/which.txt", "features.towns"),
        ("wh/which.txt",),
    ),
    *(
        _file(name)
        for name in USERS
        if name.startswith(("files/", "nb/", "shared/"))
        and name not in EXECUTED
        and USERS[name]
        and name not in {"files/switch.txt", "files/maybe.txt", "shared/declared/*.csv"}
    ),
    Mutation(
        "which file is read", lambda p: p.write("files/switch.txt", "right"), ("files/switch.txt",)
    ),
    Mutation(
        "a file that was missing", lambda p: p.write("files/maybe.txt", "now"), ("files/maybe.txt",)
    ),
    Mutation(
        "a file that is missing again", lambda p: p.remove("files/maybe.txt"), ("files/maybe.txt",)
    ),
    *(_python(name) for name in USERS if name.endswith(".py") and USERS[name]),
    Mutation(
        "data of a module",
        lambda p: p.write("src/rate.json", json.dumps({"rate": 8})),
        ("src/rate.json",),
    ),
    Mutation(
        "a module hidden by one beside the page",
        lambda p: p.write("mods/solo.py", "VALUE = 'beside'\n"),
        ("src/solo.py",),
    ),
    Mutation("a new version of a package", _new_version, ("tinydist",)),
    *(_sentence(name) for name in USERS if name.startswith("inc/_")),
    Mutation(
        "code in an included file",
        lambda p: p.replace("inc/_code.md", "included 1", "included 2"),
        ("inc/_code.md",),
    ),
    Mutation(
        "options for a folder",
        lambda p: p.replace("meta/_metadata.yml", "true", "false"),
        ("meta/_metadata.yml",),
    ),
    Mutation(
        "options for a deep folder",
        lambda p: p.write("meta/mid/_metadata.yml", "subtitle: M\n"),
        ("meta/mid/_metadata.yml",),
    ),
    Mutation(
        "new options for a folder",
        lambda p: p.write("meta/mid/low/_metadata.yml", "lang: de\n"),
        ("meta/mid/low/_metadata.yml",),
    ),
    Mutation(
        "options for a folder are gone",
        lambda p: p.remove("meta/mid/low/_metadata.yml"),
        ("meta/mid/low/_metadata.yml",),
    ),
    Mutation(
        "a parameter's value",
        lambda p: p.replace("params/page.qmd", "size = 3", "size = 4"),
        ("params/page.qmd",),
    ),
    Mutation("a declared file", lambda p: p.append("decl/a.txt", "2\n"), ("decl/*.txt",)),
    Mutation("one more declared file", lambda p: p.write("decl/c.txt", "5\n"), ("decl/*.txt",)),
    Mutation(
        "a declared file is renamed",
        lambda p: _rename(p, "decl/c.txt", "decl/0.txt"),
        ("decl/*.txt",),
    ),
    Mutation("a declared file is gone", lambda p: p.remove("decl/b.txt"), ("decl/*.txt",)),
    Mutation(
        "a file declared from the root",
        lambda p: p.append("shared/declared/one.csv", "2\n"),
        ("shared/declared/*.csv",),
    ),
    Mutation(
        "a file deep in a declared folder",
        lambda p: p.append("decl/folder/deep/c.txt", "4\n"),
        ("decl/folder",),
    ),
    *(
        Mutation(f"text of {name}", _edited(name), (name,))
        for name in ("wh/none.qmd", "plain/inline.qmd", "meta/mid/page.qmd")
    ),
    Mutation(
        "a notebook's own code",
        lambda p: p.replace("nb/executed.ipynb", ".read()", ".read().upper()"),
        ("nb/executed.ipynb",),
    ),
    Mutation(
        "a notebook that is shown as saved",
        lambda p: p.replace("nb/saved.ipynb", "kept", "kept since"),
        shows=frozenset({"nb/saved.html"}),
    ),
    Mutation(
        "text of a page without code",
        _edited("plain/two.md"),
        shows=frozenset({"plain/two.html"}),
    ),
)
