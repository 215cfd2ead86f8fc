"""Tables as plain text, which fit a terminal where they can."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

WIDTH = 100
_GAP = 2
_LONGEST = 34

Row = Sequence[str]


def table(header: Row, rows: Sequence[Row], right: Collection[int] = ()) -> Iterator[str]:
    """Write rows in columns under a header; those in ``right`` are aligned on that side."""
    told = [header, *rows]
    widths = [max(len(row[place]) for row in told) for place in range(len(header))]
    for row in told:
        cells = (
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield (" " * _GAP).join(cells).rstrip()


def beside(header: Row, rows: Sequence[Row]) -> Iterator[str]:
    """Write many columns of numbers: as several tables, each with the first column, if need be."""
    first = max(len(row[0]) for row in [header, *rows])
    used, places = first, list[int]()
    for place in range(1, len(header)):
        width = _GAP + max(len(row[place]) for row in [header, *rows])
        if places and used + width > WIDTH:
            yield from _some(header, rows, places)
            yield ""
            used, places = first, []
        places.append(place)
        used += width
    yield from _some(header, rows, places)


def _some(header: Row, rows: Sequence[Row], places: Sequence[int]) -> Iterator[str]:
    chosen = [[row[place] for place in (0, *places)] for row in [header, *rows]]
    yield from table(chosen[0], chosen[1:], range(1, len(places) + 1))


def pairs(facts: Sequence[tuple[str, str]], indent: str = "") -> Iterator[str]:
    """Write names and what belongs to them, one a line; long lists go on below themselves."""
    width = max((len(name) for name, _ in facts), default=0)
    for name, value in facts:
        first = f"{indent}{name:<{width}}  "
        for line in _wrapped(value, WIDTH - len(first)):
            yield f"{first}{line}".rstrip()
            first = " " * len(first)


def _wrapped(text: str, width: int) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > width:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def shortened(name: str, longest: int = _LONGEST) -> str:
    """Leave out the middle of a long name, for its end tells settings of a space apart."""
    if len(name) <= longest:
        return name
    begin = (longest - 1) // 3
    return f"{name[:begin]}…{name[begin + 1 - longest :]}"
