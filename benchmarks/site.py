"""Time publishing of N pages: cold, nothing changed, one page changed; beside Quarto if it is here.

Usage: python benchmarks/site.py [PAGES] [REPEATS]
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from example import change_page, write_site

ANALYSIS = [str(Path(sys.executable).with_name("analysis")), "publish", "--renderer", "embedded"]
QUARTO = ["quarto", "render"]
# Seconds on two cores for 12 pages, and what Quarto 1.9.38 took on the same two cores.
MARKS = {"cold": (15.0, 71.5), "nothing changed": (1.0, 8.5), "one page changed": (None, 14.0)}


def seconds(command: list[str], folder: Path) -> float:
    """Run ``command`` in ``folder`` and give its wall-clock time."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return time.perf_counter() - start


def measure(command: list[str], pages: int) -> dict[str, float]:
    """Time the three cases on a new site."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "site"
        write_site(folder, pages)
        times = {"cold": seconds(command, folder)}
        times["nothing changed"] = seconds(command, folder)
        change_page(folder)
        times["one page changed"] = seconds(command, folder)
    return times


def median_of(repeats: int, run: Callable[[], dict[str, float]]) -> dict[str, float]:
    """Repeat a measurement and give the median of each case."""
    runs = [run() for _ in range(repeats)]
    return {case: statistics.median(r[case] for r in runs) for case in MARKS}


def main() -> None:
    """Print one line a case: ours, the mark, and Quarto's own time or the known one."""
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    repeats = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    ours = median_of(repeats, lambda: measure(ANALYSIS, pages))
    quarto = measure(QUARTO, pages) if shutil.which("quarto") else None
    label = "quarto" if quarto else "quarto (12 pages, known)"
    print(f"{pages} pages, median of {repeats}")
    print(f"{'case':<18}{'seconds':>9}{'mark':>8}{label:>26}{'ratio':>8}")
    for case, (mark, known) in MARKS.items():
        theirs = quarto[case] if quarto else known
        shown = f"{mark:.1f}" if mark else "-"
        ratio = theirs / ours[case]
        print(f"{case:<18}{ours[case]:>9.2f}{shown:>8}{theirs:>26.1f}{ratio:>7.1f}x")


if __name__ == "__main__":
    main()
