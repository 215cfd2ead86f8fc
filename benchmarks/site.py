"""Time publishing of N pages against the marks, beside what Quarto takes.

Usage: python benchmarks/site.py [--pages N ...] [--repeats N] [--no-quarto] [--profile]

Each repeat writes the site anew and times three cases: cold, nothing changed, one page's text
changed. Where ``quarto`` is installed, it does the same in the same repeat; where it is not, the
times of Quarto 1.9.38 on the same two cores stand beside ours, with ``*``.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from example import change_page, write_site

ANALYSIS = [str(Path(sys.executable).with_name("analysis")), "publish", "--renderer", "embedded"]
QUARTO = ["quarto", "render"]
CASES = ("cold", "nothing changed", "one page changed")
# By number of pages, in seconds on two cores: the marks, and what Quarto 1.9.38 took.
MARKS = {12: (7.0, 0.4, 3.0), 40: (18.0, 0.5, None)}
KNOWN = {12: (71.5, 8.5, 14.0), 40: (269.0, 21.5, None)}
NONE = (None, None, None)
# A case without work is short, so it is timed more than once.
TIMES_NOTHING = 5
Times = dict[str, list[float]]


def seconds(command: Sequence[str], folder: Path) -> float:
    """Run ``command`` in ``folder`` and give its wall-clock time."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    taken = time.perf_counter() - start
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return taken


def measure(command: Sequence[str], pages: int, nothing: int, into: Times) -> None:
    """Time the three cases on a new site; ``nothing`` is how often the second is repeated."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "site"
        write_site(folder, pages)
        cold, unchanged, changed = (into.setdefault(case, []) for case in CASES)
        cold.append(seconds(command, folder))
        unchanged += [seconds(command, folder) for _ in range(nothing)]
        change_page(folder)
        changed.append(seconds(command, folder))


def compare(pages: int, repeats: int, *, with_quarto: bool) -> bool:
    """Print one line a case, and say whether every mark was reached."""
    ours: Times = {}
    theirs: Times = {}
    for _ in range(repeats):
        measure(ANALYSIS, pages, TIMES_NOTHING, ours)
        if with_quarto:
            measure(QUARTO, pages, 1, theirs)
    print(f"\n{pages} pages, median of {repeats} (least to most)")
    print(f"{'case':<18}{'seconds':>9}{'':>16}{'mark':>7}{'':>6}{'quarto':>9}{'ratio':>8}")
    known = dict(zip(CASES, KNOWN.get(pages, NONE), strict=True))
    reached = True
    for case, mark in zip(CASES, MARKS.get(pages, NONE), strict=True):
        taken = statistics.median(ours[case])
        spread = f"({min(ours[case]):.2f} to {max(ours[case]):.2f})"
        verdict = "" if mark is None else "ok" if taken <= mark else "MISSED"
        reached = reached and verdict != "MISSED"
        quarto = statistics.median(theirs[case]) if theirs else known[case]
        beside = f"{quarto:.1f}{'' if theirs else '*'}" if quarto else "-"
        ratio = f"{quarto / taken:.1f}x" if quarto else ""
        shown = f"{mark:.1f}" if mark else "-"
        print(f"{case:<18}{taken:>9.2f}{spread:>16}{shown:>7}{verdict:>7}{beside:>8}{ratio:>8}")
    if not theirs:
        print("* measured once before: there is no quarto on the PATH, or it was not asked for")
    return reached


def profile(pages: int) -> None:
    """Print where the time goes when nothing changed: imports, then functions."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "site"
        write_site(folder, pages)
        seconds(ANALYSIS, folder)
        for options, lines in ((["-X", "importtime"], 25), (["-m", "cProfile", "-s", "time"], 40)):
            done = subprocess.run(
                [sys.executable, *options, *ANALYSIS], cwd=folder, capture_output=True, text=True
            )
            found = (done.stderr if "importtime" in options else done.stdout).splitlines()
            if "importtime" in options:
                found = sorted(found, key=_own_time, reverse=True)
            print("\n".join(found[:lines]))


def _own_time(line: str) -> int:
    own = line.removeprefix("import time:").partition("|")[0].strip()
    return int(own) if own.isdigit() else 0


def main() -> None:
    """Read the options and measure; the exit code is 1 if a mark was missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pages", type=int, nargs="+", default=sorted(MARKS))
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--no-quarto", action="store_true", help="do not run quarto")
    parser.add_argument("--profile", action="store_true", help="show where the time goes instead")
    chosen = parser.parse_args()
    with_quarto = not chosen.no_quarto and shutil.which("quarto") is not None
    reached = True
    for pages in chosen.pages:
        if chosen.profile:
            profile(pages)
        else:
            reached = compare(pages, chosen.repeats, with_quarto=with_quarto) and reached
    sys.exit(0 if reached else 1)


if __name__ == "__main__":
    main()
