"""A small project whose inputs have few values each, and a model of which pages are stale."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.helpers.projects import QUARTO_YML

SOURCES = """\
sources:
  visits:
    description: Visits to a shop
    kind: csv
    path: data/raw/visits.csv
    columns:
      shop: VARCHAR
      customers: INTEGER
      note: VARCHAR
"""
CONNECT = "import duckdb\ncon = duckdb.connect('data/warehouse.duckdb', read_only=True)\n"
CELLS = {
    "table.qmd": CONNECT + "print(con.execute('from raw.visits order by all').fetchall())",
    "view.qmd": "import analysis\nprint(analysis.db().execute('from features.most').fetchall())",
    "file.qmd": "print(int(open('numbers.txt').read()))",
    "module.qmd": "import tool\nprint(tool.VALUE)",
    "include.qmd": "1\n```\n\n{{< include _part.md >}}\n\n```{python}\nprint('after')",
    "folder/page.qmd": "print('in a folder')",
    "declared.qmd": "import subprocess\nprint(subprocess.getoutput('cat declared/*.txt'))",
    "extra.qmd": "print('extra')",
    "other.qmd": "print('extra')",
}
FRONT = {"declared.qmd": "analysis: {inputs: [declared/*.txt]}\n"}
OPTIONAL = ("extra.qmd", "other.qmd")
BROKEN = 2
HOME = "---\ntitle: Home\nlisting:\n  contents: ['*.qmd', folder]\n  sort: title\n---\n"

# What we declare: the inputs of each page, two at most.
INPUTS_OF: Mapping[str, tuple[str, ...]] = {
    "table.qmd": ("customers", "note"),
    "view.qmd": ("customers", "view"),
    "file.qmd": ("file",),
    "module.qmd": ("module", "module below"),
    "include.qmd": ("include below", "text"),
    "folder/page.qmd": ("metadata",),
    "declared.qmd": ("declared", "declared new"),
    "extra.qmd": (),
    "other.qmd": (),
}
INPUTS = tuple(dict.fromkeys(itertools.chain(*INPUTS_OF.values())))
Key = tuple[object, ...]


def page_text(name: str, words: str = "Words") -> str:
    """Write a page."""
    front = f"---\ntitle: {name}\ndescription: About it\n{FRONT.get(name, '')}---\n\n"
    return f"{front}{words}.\n\n```{{python}}\n{CELLS[name]}\n```\n"


def _view(value: int) -> str:
    return f"select {'max' if value else 'min'}(customers) as most from raw.visits\n"


def files_of(values: Mapping[str, int]) -> dict[str, str | None]:
    """Give the files that hold the inputs, as they are with these ``values``."""
    v = values
    return {
        "data/raw/visits.csv": f"shop,customers,note\nn,{v['customers']},n{v['note']}\ns,5,\n",
        "data/sql/features/most.sql": _view(v["view"]),
        "numbers.txt": "broken" if v["file"] == BROKEN else str(v["file"]),
        "tool.py": f"import unit\nVALUE = ({v['module']}, unit.VALUE)\n",
        "unit.py": f"VALUE = {v['module below']}\n",
        "_part.md": "Part.\n\n{{< include _deep.md >}}\n",
        "_deep.md": f"Deep {v['include below']}.\n",
        "include.qmd": page_text("include.qmd", f"Text {v['text']}"),
        "folder/_metadata.yml": f"subtitle: Sub {v['metadata']}\nlang: en\n",
        "declared/a.txt": f"{v['declared']}\n",
        "declared/b.txt": "b\n" if v["declared new"] else None,
    }


def covering() -> Iterator[Model]:
    """Give models that together show every page in each of its states, and every listing."""
    for number, there in enumerate(((), *((name,) for name in OPTIONAL))):
        for first in (0, 1):
            second = (number + first) % 2
            model = Model()
            for names in INPUTS_OF.values():
                model.values.update(zip(names, (first, second), strict=False))
            model.pages |= set(there)
            yield model


@dataclass
class Model:
    """What there is, what was frozen from what, and so what must run next."""

    values: dict[str, int] = field(default_factory=lambda: dict.fromkeys(INPUTS, 0))
    pages: set[str] = field(default_factory=lambda: set(INPUTS_OF) - set(OPTIONAL))
    frozen: dict[str, Key] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)

    def key(self, page: str) -> Key:
        """Give all that decides a page, as it is now."""
        return (page, *(self.values[name] for name in INPUTS_OF[page]))

    @property
    def stale(self) -> set[str]:
        """Give the pages that are to run."""
        return {page for page in self.pages if self.frozen.get(page) != self.key(page)}

    @property
    def broken(self) -> set[str]:
        """Give the pages that fail when they run now."""
        return {"file.qmd"} if self.values["file"] == BROKEN else set()

    def published(self) -> None:
        """Take note of a run."""
        for page in self.stale - self.broken:
            self.frozen[page] = self.key(page)
        self.failed = self.broken

    def write(self, root: Path) -> None:
        """Write the project as it is now; a file with other content is written again."""
        pages = {name: page_text(name) if name in self.pages else None for name in CELLS}
        fixed = {"_quarto.yml": QUARTO_YML, "data/sources.yml": SOURCES, "index.qmd": HOME}
        for name, text in {**pages, **fixed, **files_of(self.values)}.items():
            path = root / name
            if text is None:
                path.unlink(missing_ok=True)
            elif not path.exists() or path.read_text() != text:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
