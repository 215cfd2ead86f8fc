"""A thread that sees what changes in the registry, and puts new versions in the place of old."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from analysis.errors import AnalysisError
from analysis.models.registry.naming import events_pin
from analysis.models.registry.registry import Registry
from analysis.service.following.warming import warm
from analysis.service.opening import Chosen, open_serving
from analysis.service.serving import Held, Serving

# Seconds between two looks: into a folder here, and at a board that lies elsewhere.
HERE, ELSEWHERE = 1.0, 10.0
# What was refused is tried again, after twice the time each time, up to this.
_LONGEST = 60.0


class Follower:
    """Keeps what is ``held`` as the registry has it.

    A new version is loaded and tried beside the old one, which answers meanwhile; then it takes its
    place in one step. A version that cannot be served is not taken: ``refuse`` is told why, once,
    and the old one goes on. ``tell`` is told what is served now.
    """

    def __init__(
        self,
        registry: Registry,
        chosen: Chosen,
        held: Held,
        tell: Callable[[Serving], None],
        refuse: Callable[[str], None],
    ) -> None:
        self._registry, self._chosen, self._held = registry, chosen, held
        self._tell, self._refuse = tell, refuse
        self._usual = HERE if registry.board.folder == registry.home else ELSEWHERE
        self._seconds = self._usual
        # What has come between loading and now is seen at the first look.
        self._seen: frozenset[str] = frozenset()
        self._refused = ""
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="following", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._ended.set()
        self._thread.join()

    def look(self) -> None:
        """Look once, and serve what is to be served now."""
        self._seconds = min(self._seconds * 2, _LONGEST)
        try:
            self._registry.refresh()
            if (seen := self._names()) != self._seen:
                self._follow()
                # They were looked at before, so that what comes meanwhile is seen the next time.
                self._seen = seen
            self._seconds = self._usual
        except AnalysisError as error:
            self._not_taken(str(error))
        except Exception as error:
            # Whatever is wrong with another version, the one that is served goes on.
            self._not_taken(f"{type(error).__name__}: {error}")

    def _follow(self) -> None:
        before = self._held.now
        now = open_serving(self._registry, self._chosen, before)
        self._refused = ""
        if _told(now) != _told(before):
            warm(now)
            self._held.now = now
            self._tell(now)

    def _not_taken(self, why: str) -> None:
        line = " ".join(why.split())
        if line != self._refused:
            self._refused = line
            self._refuse(line)

    def _names(self) -> frozenset[str]:
        """Name what the registry has of the model; what is there never changes."""
        model = self._chosen.model
        folders = [self._registry.home / pin for pin in (model, events_pin(model))]
        return frozenset(str(path) for folder in folders for path in _entries(folder))

    def _work(self) -> None:
        while not self._ended.wait(self._seconds):
            self.look()


def _entries(folder: Path) -> list[Path]:
    return [*folder.iterdir()] if folder.is_dir() else []


def _told(serving: Serving) -> list[tuple[object, ...]]:
    return [(a.name, a.version, a.stage, a.share, a.shadow) for a in serving.arms]
