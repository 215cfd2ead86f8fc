"""What a failed cell tells its author: in words, with the file and line."""

from __future__ import annotations

import re
import signal
from collections.abc import Mapping
from typing import Any

from analysis.errors import CellError, Location

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_CELL_FILE = re.compile(r" \(\d+\.py, line \d+\)$")
_FRAME = re.compile(r"Cell In\[(\d+)\], line (\d+)")
# As Python, NumPy and DuckDB call it.
_NO_MEMORY = frozenset({"MemoryError", "_ArrayMemoryError", "OutOfMemoryException"})
_HINTS = {
    signal.SIGKILL: "the system kills a process that needs too much memory",
    signal.SIGSEGV: "a compiled library crashed",
    signal.SIGABRT: "a compiled library gave up",
}


def raised(
    output: Mapping[str, Any],
    where: Location,
    places: Mapping[int | None, Location],
    memory: int | None = None,
) -> CellError:
    """Describe an exception.

    Parameters
    ----------
    output
        As the kernel sent it: its name, its message and its traceback.
    where
        The first line of the cell that raised.
    places
        The first line of each cell by the number that the kernel gave it: the error is located
        at the innermost line that belongs to the page.
    memory
        Bytes that the kernel may use, where they are limited.
    """
    text = _ANSI.sub("", "\n".join(output["traceback"]))
    for number, line in _FRAME.findall(text):
        place = places.get(int(number))
        if place and place.line:
            where = Location(place.path, place.line + int(line) - 1)
    # The kernel's name for the code of the cell says nothing to anyone.
    message = _CELL_FILE.sub("", output["evalue"].strip().partition("\n")[0])
    what = f"{output['ename']}: {message}" if message else output["ename"]
    if output["ename"] in _NO_MEMORY:
        return CellError(f"this cell ran out of memory: {what}", where, _more(memory), text)
    return CellError(what, where, traceback=text)


def died(code: int | None, where: Location, log: str, memory: int | None = None) -> CellError:
    """Describe the end of a kernel in a cell; ``code`` is negative for a signal."""
    if code is None or code >= 0:
        what = f"this cell ended its kernel with exit code {code}"
        return CellError(what, where, "let the cell end, or raise an error", log)
    number = signal.Signals(-code)
    what = f"the kernel was killed by {number.name} while it ran this cell"
    hint = _HINTS.get(number)
    return CellError(what, where, f"{hint}; {_more(memory)}" if memory else hint, log)


def too_slow(timeout: float | None, where: Location) -> CellError:
    """Describe a cell that did not end in time."""
    return CellError(
        f"this cell did not end within {timeout:g} s",
        where,
        "give it more time with `execute: timeout` in the front matter, or with --timeout",
    )


def _more(memory: int | None) -> str:
    if memory is None:
        return "let it read less at a time, or run fewer pages at once with --jobs"
    return f"a page may use {memory / 1e9:g} GB: let it read less at a time, or raise --max-memory"
