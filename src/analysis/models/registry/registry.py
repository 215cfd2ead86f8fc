"""The registry of a project: versions of models, and what happened to them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from analysis.errors import Location, ModelError, Remark
from analysis.files import fresh_folder
from analysis.lineage.system import MODELS_FOLDER
from analysis.models.bundle.record import BUNDLE, STAGES, Event, Stage, Version
from analysis.models.bundle.store import read_bundle, write_record
from analysis.models.registry.board import Board, Listing, open_board
from analysis.models.registry.download import local_folder
from analysis.models.registry.folder import prefix_of_new, remove_unfinished
from analysis.models.registry.mirror import mirror
from analysis.models.registry.naming import (
    TIME,
    VERSION_ID,
    check_model_name,
    events_pin,
    parsed,
)
from analysis.models.registry.pinned import add_version
from analysis.models.registry.reading import EVENT, Kept, local_sizes, models_in, read_model
from analysis.models.registry.stages import name_of, written
from analysis.models.registry.verifying import check_file, check_files
from analysis.project import Project


class Registry:
    """Versions of models on a board. All that it gives is read when it is asked for.

    ``home`` is the folder that is read: the board itself, or the copy of its small files, which
    `refresh` brings up to date. ``remarks`` are of the last time that was done.
    """

    def __init__(self, project: Project, board: Board, home: Path) -> None:
        self.project = project
        self.board = board
        self.home = home
        self.remarks: tuple[Remark, ...] = ()
        self._listing: Listing | None = None

    @property
    def shown(self) -> str:
        """Name the folder that is read, relative to the project's root where it lies below."""
        inside = self.project.root in self.home.parents
        return str(self.home.relative_to(self.project.root)) if inside else str(self.home)

    def refresh(self) -> None:
        """See what is on the board now.

        Raises
        ------
        ModelError
            It cannot be reached.
        """
        if self.board.folder != self.home:
            self._listing, self.remarks = mirror(self.board, self.home, self.shown)

    def names(self) -> tuple[str, ...]:
        """Name the models, also those of which no version is whole."""
        return models_in(self.home)

    def kept(self, model: str) -> Kept:
        """Give what is kept of a model, with what is damaged of it."""
        local, listing = local_sizes(self.home), self._listing

        def on_board(pin: str, version: str) -> Mapping[str, int]:
            if listing is not None:
                return listing.get(pin, {}).get(version, {})
            # Without having asked the board, the model is taken to be there.
            bundle = self.home / pin / version / BUNDLE
            told = read_bundle(bundle).files if bundle.exists() else ()
            return {**{file.file: file.bytes for file in told}, **local(pin, version)}

        sizes = local if self.board.folder == self.home else on_board
        return read_model(self.home, model, sizes, self.shown)

    def versions(self, model: str) -> tuple[Version, ...]:
        """Give the versions of a model that are whole, the oldest first."""
        return self.kept(model).versions

    def at_stage(self, model: str, stage: Stage) -> Version | None:
        """Give the newest version of a model that has a stage."""
        found = [version for version in self.versions(model) if version.stage == stage]
        return found[-1] if found else None

    def find(self, text: str) -> Version:
        """Find a version: of ``late-flights`` the champion, else the newest one.

        Behind an ``@`` there may be a number, a stage, or the first digits of an id.

        Raises
        ------
        ModelError
            There is none, or it is damaged, or several ids begin so.
        """
        named = parsed(text)
        if named.model not in self.names():
            raise self._unknown(named.model)
        kept = self.kept(named.model)
        if named.version is None:
            return _usual(kept)
        if named.version in STAGES:
            return _staged(kept, named.version)
        return _numbered(kept, named.version)

    def folder(self, version: Version) -> Path:
        """Give a folder on this machine with all files of a version, which are its own.

        Raises
        ------
        ModelError
            A file is missing, or is not the one that was promoted, or cannot be fetched.
        """
        return local_folder(self.project, self.board, version)

    def damage(self, version: Version) -> dict[str, str]:
        """Say of files of a version that are here why they are not those that were promoted."""
        folder = self.home / version.bundle.model / version.id
        found = {}
        for told in version.bundle.files:
            if self.board.folder != self.home and not (folder / told.file).exists():
                continue
            try:
                check_file(folder, told, name_of(version))
            except ModelError as error:
                found[told.file] = error.what
        return found

    def text(self, version: Version, file: str) -> str:
        """Read a small file of a version, which is its own.

        Raises
        ------
        ModelError
            The version has none, or it is missing, or is not the one that was promoted.
        """
        told = version.bundle.file(file)
        if told is None:
            raise ModelError(f"`{name_of(version)}` has no {file}")
        folder = self.home / version.bundle.model / version.id
        check_file(folder, told, name_of(version))
        return (folder / file).read_text("utf-8")

    def add(self, model: str, folder: Path, event: Event) -> Version:
        """Keep the bundle in ``folder`` as a new version, with its first event.

        What the event says of ``version`` is filled in.

        Raises
        ------
        ModelError
            The folder does not hold a whole bundle of this model, or the board cannot be used.
        """
        check_model_name(model)
        bundle = read_bundle(folder / BUNDLE)
        if bundle.model != model:
            raise ModelError(f"the bundle is of the model `{bundle.model}`, and not of `{model}`")
        check_files(folder, bundle, model)
        files = [folder / BUNDLE, *(folder / told.file for told in bundle.files)]
        title = f"{model}: {bundle.question}"
        created = self._next(model)
        version = add_version(self.board, model, files, title, created)
        self.record(replace(event, version=version))
        return next(found for found in self.versions(model) if found.id == version)

    def record(self, event: Event) -> None:
        """Keep an event; nothing that was kept before is changed.

        Raises
        ------
        ModelError
            The board cannot be used.
        """
        event = replace(event, at=written(datetime.fromisoformat(event.at)))
        work = self.project.work_dir / "models"
        remove_unfinished(work)
        with fresh_folder(work, prefix_of_new()) as temporary:
            write_record(temporary / EVENT, event)
            what = event.stage or event.kind
            title = f"{event.model} {event.version}: {what}"
            pin, now = events_pin(event.model), datetime.now(UTC)
            add_version(self.board, pin, [temporary / EVENT], title, now)
        self.refresh()

    def _next(self, model: str) -> datetime:
        """Give a moment that is later than all ids, so that these are in the order of versions."""
        now, ids = datetime.now(UTC), self.kept(model).numbers
        found = [told[1] for name in ids if (told := VERSION_ID.fullmatch(name))]
        if not found:
            return now
        last = datetime.strptime(max(found), TIME).replace(tzinfo=UTC)
        return max(now, last + timedelta(seconds=1))

    def _unknown(self, model: str) -> ModelError:
        known = self.names()
        close = difflib.get_close_matches(model, known, n=1)
        hint = f"did you mean `{close[0]}`?" if close else "`analysis model list` names them"
        if not known:
            hint = f"`analysis model promote RUN --as {model}` makes it"
        return ModelError(f"there is no model `{model}`", hint=hint)


def open_registry(project: Project, *, refresh: bool = True) -> Registry:
    """Open the registry that the project's settings name.

    With ``refresh`` false, what is here of a board that lies elsewhere is not brought up to date.

    Raises
    ------
    ModelError
        The board cannot be used or reached.
    ProjectError
        The settings are wrong.
    """
    board = open_board(project)
    registry = Registry(project, board, project.root / MODELS_FOLDER)
    if refresh:
        registry.refresh()
    return registry


def _usual(kept: Kept) -> Version:
    if not kept.versions:
        raise _nothing(kept)
    # Whoever means the champion is not served by another one without a word.
    if lost := [v for v in kept.damage if kept.stages.get(v) == "champion"]:
        raise _damaged(kept, lost[-1])
    champions = [version for version in kept.versions if version.stage == "champion"]
    return (champions or kept.versions)[-1]


def _staged(kept: Kept, stage: str) -> Version:
    found = [version for version in kept.versions if version.stage == stage]
    lost = [v for v in kept.damage if kept.stages.get(v) == stage]
    if lost and not found:
        raise _damaged(kept, lost[-1])
    if not found:
        raise ModelError(
            f"no version of `{kept.model}` is its {stage}"
            if stage in ("champion", "challenger")
            else f"no version of `{kept.model}` is {stage}",
            hint=f"`analysis model stage {kept.model}@N {stage} --why TEXT` makes one so",
        )
    return found[-1]


def _numbered(kept: Kept, text: str) -> Version:
    """Find a version by its number, else by the first digits of its id."""
    ids = [name for name, number in kept.numbers.items() if str(number) == text]
    ids = ids or [name for name in kept.numbers if name.startswith(text)]
    if len(ids) > 1:
        several = ", ".join(f"{kept.model}@{kept.numbers[name]}" for name in ids)
        raise ModelError(f"{len(ids)} ids begin with `{text}`", hint=f"they are {several}")
    if not ids:
        raise ModelError(
            f"`{kept.model}` has no version `{text}`",
            hint=_those(kept.versions) or "`analysis model list` names them",
        )
    if ids[0] in kept.damage:
        raise _damaged(kept, ids[0])
    return next(version for version in kept.versions if version.id == ids[0])


def _damaged(kept: Kept, version: str) -> ModelError:
    return ModelError(
        f"`{kept.model}@{kept.numbers[version]}` cannot be used: {kept.damage[version]}",
        Location(f"{kept.model}/{version}"),
        "bring its folder back, or promote the run again",
    )


def _nothing(kept: Kept) -> ModelError:
    where = kept.remarks[0].where if kept.remarks else None
    return ModelError(
        f"no version of the model `{kept.model}` can be used",
        where,
        "; ".join(kept.damage.values()) or None,
    )


def _those(versions: Sequence[Version]) -> str:
    named = [f"{v.bundle.model}@{v.number} ({v.stage})" for v in versions[-5:]]
    return f"there is {', '.join(named)}" if named else ""
