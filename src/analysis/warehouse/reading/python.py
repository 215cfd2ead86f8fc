"""Tables that a function of the project yields: each is added to the ones before."""

from __future__ import annotations

import importlib
import re
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from analysis.errors import Location, SourceError
from analysis.files import digest_file
from analysis.project.modules import importing_from, own_modules
from analysis.warehouse.reading.frames import Frames
from analysis.warehouse.reading.parts import row_at
from analysis.warehouse.reading.staged import Request, Staged

_FUNCTION = re.compile(r"([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*):([A-Za-z_]\w*)")
HINT = "write `module:name`, a function in a module below the project's src"


def state(request: Request) -> Mapping[str, str]:
    """Fingerprint the function's module, and the project's own modules that it leads to.

    Raises
    ------
    SourceError
        There is no such module in the project.
    """
    module, _ = _names(request)
    root = request.project.root
    files = own_modules(module, _folder(request)).values()
    if not files:
        raise SourceError(
            f"there is no module `{module}` in the project",
            request.where("function"),
            f"put it at src/{module.replace('.', '/')}.py",
        )
    return {path.relative_to(root).as_posix(): digest_file(path) for path in sorted(files)}


def stage(con: duckdb.DuckDBPyConnection, request: Request) -> Staged:
    """Call the function without arguments, and add up the tables that it gives or yields.

    Raises
    ------
    SourceError
        It fails, or gives something else; with the line in the project where it does.
    """
    label = str(request.source.function)
    frames = Frames(con, request, label)
    with importing_from(_folder(request)), _named(request):
        for table in _tables(_load(request)()):
            frames.add(table)
            del table  # so that there is one at a time
    if not frames.columns:
        raise SourceError(
            f"{label} gives no table",
            request.where("function"),
            "let it return or yield a data frame, an Arrow table, or dicts",
        )
    return Staged(frames.relation, frames.columns, Location(label), lambda n: row_at(label, n + 1))


def _folder(request: Request) -> Path:
    return request.project.root / "src"


def _names(request: Request) -> tuple[str, str]:
    parts = _FUNCTION.fullmatch(str(request.source.function))
    if parts is None:
        raise SourceError(
            f"`{request.source.function}` does not name a function",
            request.where("function"),
            HINT,
        )
    return parts[1], parts[2]


def _load(request: Request) -> Callable[[], Any]:
    module, name = _names(request)
    function = getattr(importlib.import_module(module), name, None)
    if not callable(function):
        raise SourceError(
            f"there is no function `{name}` in the module `{module}`",
            request.where("function"),
            HINT,
        )
    return function  # type: ignore[no-any-return]


def _tables(given: Any) -> Iterable[Any]:
    """Take one table for a list of one; a list of dicts is one."""
    if given is None:
        return []
    is_rows = isinstance(given, list) and (not given or isinstance(given[0], Mapping))
    is_frame = hasattr(given, "columns") or hasattr(given, "schema")
    is_several = isinstance(given, Iterable) and not isinstance(given, str | Mapping)
    return given if is_several and not is_rows and not is_frame else [given]


@contextmanager
def _named(request: Request) -> Iterator[None]:
    """Name the line in the project's code at which it fails."""
    try:
        yield
    except (SourceError, duckdb.InterruptException):
        raise
    except (Exception, SystemExit) as error:
        said = " ".join(str(error).split()) or "no message"
        raise SourceError(
            f"{request.source.function} failed: {type(error).__name__}: {said}",
            _line_of(error, request),
            "run it on its own to see more",
        ) from None


def _line_of(error: BaseException, request: Request) -> Location:
    root = request.project.root
    if isinstance(error, SyntaxError) and error.filename and root in Path(error.filename).parents:
        return Location(Path(error.filename).relative_to(root).as_posix(), error.lineno)
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if _folder(request) in path.parents and frame.filename != __file__:
            return Location(path.relative_to(root).as_posix(), frame.lineno)
    return request.where("function")
