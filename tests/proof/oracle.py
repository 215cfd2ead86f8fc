"""What a run from nothing publishes, kept by all that decides each page."""

from __future__ import annotations

import json
from pathlib import Path

from tests.proof.publisher import Publisher, different, site
from tests.proof.sequence_project import Key, Model, covering

Shown = tuple[bytes | None, str]


class Oracle:
    """Knows how a run from nothing shows each page, in every state that the page can have."""

    def __init__(self, publisher: Publisher, folder: Path) -> None:
        self._publisher = publisher
        self._known: dict[Key, Shown] = {}
        for number, model in enumerate(covering()):
            root = folder / str(number)
            model.write(root)
            self._learn(publisher.from_nothing(root), model)

    def differences(self, root: Path, model: Model) -> list[str]:
        """Name the pages of the current release that a run from nothing would show otherwise.

        Pages that fail are left out: they show a result that a run from nothing does not have.
        """
        found = _shown(site(root))
        keys = _keys(model).items()
        return [page for key, page in keys if self._known[key] != found.get(page)]

    def everything(self, root: Path) -> list[str]:
        """Name the files of the current release that differ from those of a run from nothing."""
        return different(site(root), self._publisher.from_nothing(root))

    def _learn(self, files: dict[str, bytes], model: Model) -> None:
        shown = _shown(files)
        for key, page in _keys(model).items():
            assert self._known.setdefault(key, shown[page]) == shown[page], (
                f"two runs from nothing do not show the same at {page}"
            )


def _keys(model: Model) -> dict[Key, str]:
    keys = {model.key(page): _html(page) for page in model.pages - model.broken}
    # The listing shows titles and descriptions, which stay, and a subtitle.
    listed = ("index.qmd", *sorted(model.pages), model.values["metadata"])
    return {**keys, listed: "index.html"}


def _html(source: str) -> str:
    return str(Path(source).with_suffix(".html"))


def _shown(files: dict[str, bytes]) -> dict[str, Shown]:
    """Give each page with what the search index has of it."""
    entries: dict[str, list[object]] = {}
    for entry in json.loads(files["search.json"]):
        entries.setdefault(entry["href"].partition("#")[0], []).append(entry)
    pages = [name for name in files if name.endswith(".html")]
    return {name: (files[name], json.dumps(entries.get(name))) for name in pages}
