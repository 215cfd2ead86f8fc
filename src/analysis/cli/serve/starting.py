"""Starting a server: all that can be wrong is found before it listens."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from analysis.errors import ModelError

if TYPE_CHECKING:
    from analysis.project import Project
    from analysis.service.keys.guard import Guard
    from analysis.service.log.segments import SegmentLog
    from analysis.service.serving import Serving


@dataclass(frozen=True)
class Told:
    """What the command line says."""

    name: str
    folder: Path
    stage: str
    host: str
    port: int
    share: float
    shadow: bool
    anywhere: bool
    sample: str | None
    require_key: bool
    body: float
    rows: int
    seconds: float
    concurrency: int
    omits: bool
    fsync: bool


def start(told: Told) -> None:
    """Serve until the process is told to end.

    Raises
    ------
    ModelError
        There is no such version, the port is taken, or a key is missing.
    """
    check_installed()
    from analysis.models.registry.registry import open_registry
    from analysis.project import find_project
    from analysis.service.app import create_app
    from analysis.service.following.follower import Follower
    from analysis.service.following.warming import warm
    from analysis.service.limits import MEGABYTE, Limits
    from analysis.service.opening import Chosen, open_serving
    from analysis.service.server import address_of, bound, run
    from analysis.service.serving import Held

    _check_trial(told)
    project = find_project(told.folder)
    guard = _guard(project, told)
    chosen = Chosen(told.name, cast(Any, told.stage), told.share, told.shadow)
    registry = open_registry(project)
    serving = open_serving(registry, chosen)
    limits = Limits(
        body=int(told.body * MEGABYTE),
        rows=told.rows,
        seconds=told.seconds,
        concurrency=told.concurrency,
    )
    warm(serving)
    held = Held(serving)
    follower = Follower(registry, chosen, held, _tell, _refuse)
    with closing(bound(told.host, told.port)) as listener, _logging(project, told, serving) as log:
        app = create_app(
            project, held, log, limits, guard, sample=told.sample, anywhere=told.anywhere
        )
        print(_line(address_of(listener).url, serving, str(limits)), flush=True)
        follower.start()
        run(app, listener)
        follower.stop()


def check_installed() -> None:
    """See that what the server needs is installed.

    Raises
    ------
    ModelError
        It is not.
    """
    try:
        import fastapi  # noqa: F401
        import httptools  # noqa: F401
        import orjson  # noqa: F401
        import uvicorn  # noqa: F401
        import uvloop  # noqa: F401
    except ImportError as error:
        raise ModelError(
            f"`{error.name}` is not installed, so models cannot be served",
            hint="install the extra `analysis[serve]`",
        ) from None


def _guard(project: Project, told: Told) -> Guard | None:
    from analysis.service.keys.guard import Guard
    from analysis.service.keys.store import keys_file, read_keys
    from analysis.service.server import is_loopback

    beyond = not is_loopback(told.host)
    if not (beyond or told.require_key):
        return None
    path = keys_file(project)
    if not read_keys(path):
        why = f"{told.host} is reached from other machines" if beyond else "a key is asked for"
        raise ModelError(
            f"{why}, and nobody has a key", hint="make one: `analysis serve key add NAME`"
        )
    return Guard(path)


@contextmanager
def _logging(project: Project, told: Told, serving: Serving) -> Iterator[SegmentLog]:
    """Give the log; what it closes is compacted while the server runs."""
    from analysis.lineage.system import PREDICTIONS_FOLDER
    from analysis.project.secret import project_secret
    from analysis.service.log.compactor import Compactor
    from analysis.service.log.personal import Personal
    from analysis.service.log.segments import Rotation, SegmentLog

    folder = project.root / PREDICTIONS_FOLDER / serving.model
    personal = Personal("omit" if told.omits else "hash", project_secret(project))
    compactor = Compactor(folder)
    compactor.start()
    try:
        yield SegmentLog(folder, personal, Rotation(fsync=told.fsync), compactor.wake)
    finally:
        compactor.stop()


def _tell(serving: Serving) -> None:
    print(_line("", serving, ""), flush=True)


def _refuse(why: str) -> None:
    print(f"what is served stays as it is: {why}", file=sys.stderr, flush=True)


def _line(url: str, serving: Serving, limits: str) -> str:
    first, *others = serving.arms
    where = f" on {url}" if url else " now"
    told = [f"serving  {serving.model}@{first.number} ({first.stage}){where}"]
    for arm in others:
        share = "in the shadow" if arm.shadow else f"{arm.share:.0%}"
        told.append(f"{arm.name} {serving.model}@{arm.number} {share}")
    return "; ".join([*told, limits] if limits else told)


def _check_trial(told: Told) -> None:
    """See that the challenger answers, or is in the shadow, and not both."""
    if told.share and told.shadow:
        raise ModelError(
            "`--challenger` and `--shadow` exclude each other: in the shadow it answers nothing",
            hint="leave one of them out",
        )
